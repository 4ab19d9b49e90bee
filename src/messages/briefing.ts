import { callLinks } from '../incident/call.js';
import type { TimelineEvent } from '../incident/events.js';
import { type Incident, isOpen, roles } from '../incident/state.js';
import { type Block, buttons, type Card, type Inline, note, paragraph, strong, text, time } from './card.js';
import { isToldAlone } from './catch-up.js';
import { literal } from './literal.js';
import { incidentButton, sensibleNow } from './sensible-now.js';
import { personInline } from './situation.js';
import { crewFields } from './situation-crew.js';
import { playbookFields } from './situation-walk.js';

export interface AboutBriefing {
  names: ReadonlyMap<string, string>;
  now: number;
  /** Whom it is for. */
  personId: string;
  /** What is on the timeline, where it can be read, and an entry in words. */
  told?: { events: readonly TimelineEvent[]; words(event: TimelineEvent): Inline[] };
}

const titleKept = 200;
const textKept = 400;
const entriesShown = 6;
const dayMs = 24 * 3_600_000;

const when = (at: number, now: number): Inline => time(at, Math.abs(now - at) < dayMs / 2 ? 'clock' : 'date');
const listed = (title: string, items: Inline[][]): Block[] =>
  items.length === 0 ? [] : [paragraph(strong(title)), { kind: 'list', ordered: false, items }];

/** For one person alone who comes to an incident that runs: what happened, who does what, what is next. */
export function briefingCard(incident: Incident, about: AboutBriefing): Card {
  const { number, severity, status, drill } = incident;
  const title = literal(incident.title, titleKept);
  const summary = `${drill ? 'Drill: ' : ''}#${number} ${title}: ${severity}, ${status}. What happened, who does what, what is next.`;
  const open = isOpen(incident);
  const [first, ...others] = sensibleNow(incident).slice(0, 3);
  return {
    tone: open ? severity : 'neutral',
    summary,
    blocks: [
      {
        kind: 'heading',
        content: [text(`${drill ? 'DRILL · ' : ''}#${number} ${title} · `), strong(severity), text(` · ${status}`)],
      },
      ...listed('What happened', happened(incident, about)),
      ...listed('Who does what', crew(incident, about)),
      ...(open ? listed('What is next', next(incident, about)) : []),
      buttons(...(first ? [first, ...others] : []), incidentButton(incident, 'Timeline', 'timeline')),
      note(text('Only you see this. Again at any time: /incident brief')),
    ],
  };
}

function happened(incident: Incident, { names, now, told }: AboutBriefing): Inline[][] {
  const { declaredAt, alerts, impact, updates, acknowledgedBy, acknowledgedAt } = incident;
  const last = told?.events.filter(isToldAlone).slice(-entriesShown) ?? [];
  return [
    [
      text('Declared '),
      ...(declaredAt === null ? [] : [when(declaredAt, now), text(' ')]),
      text(`as ${incident.severity}, because ${literal(incident.severityReason, textKept)}`),
    ],
    ...(alerts.total > 0
      ? [[text(`${alerts.firing} of ${alerts.total} alerts firing: ${literal(alerts.names.join(', '), titleKept)}`)]]
      : []),
    ...(impact ? [[strong('Impact: '), text(literal(impact.text, textKept))]] : []),
    ...(incident.workaround ? [[strong('Workaround: '), text(literal(incident.workaround.text, textKept))]] : []),
    ...(acknowledgedBy && acknowledgedAt !== null
      ? [[text('Acknowledged by '), personInline(acknowledgedBy, names), text(' at '), when(acknowledgedAt, now)]]
      : [[strong('Nobody has acknowledged it yet')]]),
    ...(updates.lastWords !== null && updates.lastHumanAt !== null
      ? [
          [
            strong('Stakeholders were told at '),
            when(updates.lastHumanAt, now),
            text(`: ${literal(updates.lastWords, textKept)}`),
          ],
        ]
      : []),
    ...last.map((event): Inline[] => [when(event.at, now), text(' · '), ...(told?.words(event) ?? [])]),
  ];
}

function crew(incident: Incident, { names, now, personId }: AboutBriefing): Inline[][] {
  const held = roles.flatMap((role): Inline[][] => {
    const holder = incident.roles[role];
    return holder ? [[text(`${role}: `), holder === personId ? strong('you') : personInline(holder, names)]] : [];
  });
  const count = incident.responders.length;
  return [
    ...held,
    ...(incident.roles.commander ? [] : [[strong('Nobody commands yet.'), text(' /incident take commander')]]),
    ...crewFields(incident, names, now).map(({ label, value }): Inline[] => [text(`${label}: `), ...value]),
    [text(`${count} ${count === 1 ? 'person' : 'people'} in it`)],
  ];
}

function next(incident: Incident, { names, now }: AboutBriefing): Inline[][] {
  const { dueAt, overdueSince } = incident.updates;
  return [
    ...(incident.walk
      ? playbookFields(incident, names).map(({ label, value }): Inline[] => [text(`${label}: `), ...value])
      : []),
    ...(overdueSince !== null
      ? [[strong('A person’s update is overdue since '), when(overdueSince, now)]]
      : dueAt !== null
        ? [[text('Next update due '), when(dueAt, now)]]
        : []),
    ...(incident.expected?.at ? [[text('Expected back '), when(incident.expected.at, now)]] : []),
    ...callLinks(incident).map((href): Inline[] => [text('Call: '), { kind: 'link', text: href, href }]),
    [text('Say what you take on: /incident note, or ask whoever commands.')],
  ];
}
