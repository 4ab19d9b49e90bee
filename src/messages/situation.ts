import { type Incident, isDeclared, isOpen, type Role, roles } from '../incident/state.js';
import type { Playbook } from '../playbooks/playbook.js';
import { requestsWanted } from './approvals.js';
import { type Block, buttons, type Card, type Inline, strong, text, time } from './card.js';
import { linkField } from './link-cards.js';
import { literal } from './literal.js';
import { noiseFields, unlikeOffer } from './noise-cards.js';
import { incidentButton, proposals, sensibleNow } from './sensible-now.js';
import { callingFields } from './situation-calls.js';
import { changedFields } from './situation-changed.js';
import { crewFields } from './situation-crew.js';
import { type AroundNow, hintFields, symptomFields, symptomOffers } from './situation-symptoms.js';
import { approvalWanted, callField, playbookFields } from './situation-walk.js';
import { formatTime } from './zones.js';

export interface AboutSituation {
  /** Names by person id; somebody unknown is shown by id. */
  names: ReadonlyMap<string, string>;
  now: number;
  publicUrl: string;
  /** The text the incident started with; null when there is none or it cannot be read. */
  playbook: Playbook | null;
  /** The services around it; null or left out: not known. */
  around?: AroundNow | null;
}

const titleKept = 200;
const textKept = 500;
const dayMs = 24 * 3_600_000;

/** Somebody named without being called. */
export const personInline = (personId: string, names: ReadonlyMap<string, string>): Inline => ({
  kind: 'person',
  personId,
  name: literal(names.get(personId) ?? personId, 80),
  notify: false,
});

/** Absolute; with the day when it is not near. */
const when = (at: number, now: number): Inline => time(at, Math.abs(now - at) < dayMs / 2 ? 'clock' : 'date');

function updateLine(incident: Incident, now: number): Inline[] {
  const { dueAt, overdueSince, longSince } = incident.updates;
  const owed: Inline[] =
    overdueSince === null ? [] : [strong('a person’s update is overdue since '), when(overdueSince, now)];
  if (dueAt === null) return owed.length > 0 ? owed : [text('none is promised')];
  const late = dueAt < now && overdueSince === null;
  const rarer = longSince === null ? [] : [text(' · long incident, they come more rarely')];
  const next: Inline[] = late ? [strong('overdue since '), when(dueAt, now)] : [text('due '), when(dueAt, now)];
  return owed.length > 0 ? [...owed, text(' · next '), ...next, ...rarer] : [...next, ...rarer];
}

function updateWords({ dueAt, overdueSince }: Incident['updates'], now: number): string {
  const owedSince = overdueSince ?? (dueAt !== null && dueAt < now ? dueAt : null);
  if (owedSince !== null) return ` Update overdue since ${formatTime(owedSince)}.`;
  return dueAt === null ? '' : ` Next update due ${formatTime(dueAt)}.`;
}

function fieldsOf(incident: Incident, about: AboutSituation): Block {
  const { alerts, impact } = incident;
  const open = isOpen(incident);
  const who = (role: Role): Inline[] => {
    const held = incident.roles[role];
    return held ? [personInline(held, about.names)] : [text('nobody yet')];
  };
  const fields: { label: string; value: Inline[] }[] = [
    { label: 'Severity', value: [text(`${incident.severity}, because ${literal(incident.severityReason, textKept)}`)] },
    { label: 'Commander', value: who('commander') },
    ...callingFields(incident, about.names),
  ];
  for (const role of roles)
    if (role !== 'commander' && incident.roles[role])
      fields.push({ label: role.charAt(0).toUpperCase() + role.slice(1), value: who(role) });
  if (alerts.total > 0)
    fields.push({
      label: 'Alerts',
      value: [text(`${alerts.firing} firing of ${alerts.total} · ${literal(alerts.names.join(', '), titleKept)}`)],
    });
  fields.push(...noiseFields(incident));
  fields.push(...symptomFields(incident, about.around ?? null));
  fields.push(...changedFields(incident));
  if (open) fields.push(...hintFields(incident));
  fields.push({
    label: 'Impact',
    value: impact
      ? [
          text(`${literal(impact.text, textKept)} · `),
          personInline(impact.by, about.names),
          text(' at '),
          when(impact.at, about.now),
        ]
      : [text('not stated yet')],
  });
  fields.push(...crewFields(incident, about.names, about.now));
  if (open) fields.push(...outlook(incident, about));
  if (incident.walk || open) fields.push(...playbookFields(incident, about.names));
  if (open) fields.push(...callField(incident));
  if (open && about.playbook && about.playbook.needs.length > 0 && incident.walk?.finishedAt === null)
    fields.push({
      label: 'You will need',
      value: [text(about.playbook.needs.map((each) => literal(each, titleKept)).join(' · '))],
    });
  if (open) fields.push({ label: 'Next update', value: updateLine(incident, about.now) });
  if (!open) fields.push(...endOf(incident, about));
  fields.push(...linkField(incident));
  return { kind: 'fields', fields };
}

/** What people outside can do, and when it should be over; only where somebody has said so. */
function outlook({ workaround, expected }: Incident, { now }: AboutSituation): { label: string; value: Inline[] }[] {
  const why = expected?.why ? [text(` · ${literal(expected.why, textKept)}`)] : [];
  const at = expected?.at ?? null;
  const back =
    at === null ? [text('not known yet')] : at < now ? [strong('was expected '), when(at, now)] : [when(at, now)];
  return [
    ...(workaround ? [{ label: 'Workaround', value: [text(literal(workaround.text, textKept))] }] : []),
    ...(expected ? [{ label: 'Expected back', value: [...back, ...why] }] : []),
  ];
}

function endOf(incident: Incident, about: AboutSituation): { label: string; value: Inline[] }[] {
  const fields: { label: string; value: Inline[] }[] = [];
  if (incident.resolvedAt !== null) fields.push({ label: 'Resolved', value: [when(incident.resolvedAt, about.now)] });
  if (incident.closedAt !== null)
    fields.push({
      label: 'Closed',
      value: [
        when(incident.closedAt, about.now),
        ...(incident.outcome?.automatic ? [text(` · ${literal(incident.outcome.reason, textKept)}`)] : []),
      ],
    });
  if (incident.followUps.length > 0)
    fields.push({ label: 'Follow-ups', value: [text(`${incident.followUps.length}`)] });
  if (incident.postmortem && /^https?:\/\//.test(about.publicUrl)) {
    const href = `${about.publicUrl.replace(/\/+$/, '')}/incidents/${incident.number}/postmortem`;
    fields.push({
      label: 'Postmortem',
      value: [{ kind: 'link', text: `draft, version ${incident.postmortem.version}`, href }],
    });
  }
  return fields;
}

/** The pinned card: where an incident stands and what can be done now. Times are absolute, so it may be read late. */
export function situationCard(incident: Incident, about: AboutSituation): Card {
  const drill = incident.drill ? 'DRILL · ' : '';
  const name = isDeclared(incident) ? `#${incident.number} ` : '';
  const title = literal(incident.title, titleKept);
  const commander = incident.roles.commander;
  const led = commander ? literal(about.names.get(commander) ?? commander, 80) : 'nobody yet';
  const due = isOpen(incident) ? updateWords(incident.updates, about.now) : '';
  const alertsButton = incident.alerts.total > 0 ? [incidentButton(incident, 'Show alerts', 'alerts')] : [];
  return {
    tone: isOpen(incident) ? incident.severity : 'good',
    summary: `${drill}${name}${title}: ${incident.severity}, ${incident.status}. Commander: ${led}.${due}`,
    blocks: [
      {
        kind: 'heading',
        content: [
          ...(incident.drill ? [strong('DRILL'), text(' · ')] : []),
          text(`${name}${title} · `),
          strong(incident.severity),
          text(` · ${incident.status}`),
        ],
      },
      fieldsOf(incident, about),
      ...approvalWanted(incident, about.names),
      ...requestsWanted(incident, about.names),
      ...proposals(incident),
      ...symptomOffers(incident, about.around ?? null),
      ...unlikeOffer(incident),
      buttons(...sensibleNow(incident), ...alertsButton),
    ],
  };
}
