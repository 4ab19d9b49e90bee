import type { TimelineEvent } from '../incident/events.js';
import type { Incident } from '../incident/state.js';
import { type Button, buttons, type Card } from './card.js';
import { changesOf } from './changes.js';
import { draftOf } from './draft.js';
import { incidentButton } from './sensible-now.js';
import { isForStakeholders } from './stakeholder-view.js';
import { type About, type ChannelValue, type Person, safeUrl } from './values.js';
import type { ChangeValue, UpdateValues } from './values-updates.js';

type Event<T extends TimelineEvent['type']> = Extract<TimelineEvent, { type: T }>;

/** What the composer knows and these values need. */
export interface Known {
  who(personId: string | null | undefined): Person | null;
  by(event: TimelineEvent): Person | null;
  about(incident: Incident): About;
  channelOf(incident: Incident): ChannelValue | null;
  publicUrl(): string;
}

type Said = Exclude<keyof UpdateValues, 'update-unchanged' | 'stakeholder-view'>;
type Make = { [S in Said]: (after: Incident, event: TimelineEvent) => UpdateValues[S] };

const changeValues = (incident: Incident): { sinceAt: number | null; changes: ChangeValue[] } => {
  const { since, removed, added } = changesOf(incident);
  const signed = (sign: string, facts: readonly string[]) => facts.map((text) => ({ sign, text }));
  return { sinceAt: since, changes: since === null ? [] : [...signed('−', removed), ...signed('+', added)] };
};

/** The page for stakeholders; a private incident has none. */
export const statusPage = (incident: Incident, publicUrl: string) =>
  isForStakeholders(incident) ? safeUrl(`${publicUrl}/incidents/${incident.number}/status`) : null;

/** The values of what is said around status updates. */
export function updateValues({ who, by, about, channelOf, publicUrl }: Known): Make {
  const speaker = ({ roles }: Incident): Person | null => who(roles.communications ?? roles.commander);
  const page = (incident: Incident) => statusPage(incident, publicUrl());
  return {
    announcement: (after) => ({
      ...about(after),
      severityReason: after.severityReason,
      services: after.services,
      impact: after.impact?.text ?? null,
      commander: who(after.roles.commander),
      nextAt: after.updates.dueAt,
      zones: after.policy.zones,
      channel: channelOf(after),
      page: page(after),
    }),
    'status-update': (after, event) => {
      const { body } = event as Event<'updatePosted'>;
      const { automatic, text, happened, impact, doing, status, severity, nextAt } = body;
      return {
        ...about(after),
        automatic,
        text,
        happened,
        status,
        severity,
        doing,
        nextAt,
        impact: impact?.text ?? null,
        impactAt: impact?.at ?? null,
        impactAgeMs: impact ? Math.max(0, event.at - impact.at) : null,
        workaround: body.workaround ?? null,
        expectedAt: body.expected?.at ?? null,
        expectedWhy: body.expected?.why ?? null,
        zones: after.policy.zones,
        page: page(after),
      };
    },
    'update-due-soon': (after, event) => ({
      ...about(after),
      person: speaker(after),
      dueAt: (event as Event<'updateWarned'>).body.dueAt,
      draft: draftOf(after, event.at),
      ...changeValues(after),
    }),
    'update-overdue': (after, event) => {
      const dueAt = after.updates.overdueSince ?? (event as Event<'updateMissed'>).body.dueAt;
      return {
        ...about(after),
        person: speaker(after),
        dueAt,
        lateMs: Math.max(0, event.at - dueAt),
        automaticInARow: after.updates.automaticInARow,
      };
    },
    'update-asked': (after, event) => ({
      ...about(after),
      person: speaker(after),
      changed: (event as Event<'updateAsked'>).body.changed,
      draft: draftOf(after, event.at),
      changes: changeValues(after).changes,
    }),
    'long-proposed': (after, event) => ({ ...about(after), ...(event as Event<'longProposed'>).body }),
    'long-mode': (after, event) => {
      const { everyMs, updateDueAt } = (event as Event<'longStarted'>).body;
      return {
        ...about(after),
        status: after.status,
        by: by(event),
        everyMs,
        openForMs: Math.max(0, event.at - (after.declaredAt ?? event.at)),
        nextAt: updateDueAt,
        zones: after.policy.zones,
        page: page(after),
      };
    },
    'long-over': (after, event) => {
      const { everyMs, updateDueAt } = (event as Event<'longEnded'>).body;
      return { ...about(after), by: by(event), everyMs, nextAt: updateDueAt };
    },
    workaround: (after, event) => ({
      ...about(after),
      text: (event as Event<'workaroundStated'>).body.text,
      by: by(event),
      at: event.at,
    }),
    expected: (after, event) => {
      const { at, why } = (event as Event<'returnExpected'>).body;
      return { ...about(after), expectedAt: at, why, by: by(event), at: event.at, zones: after.policy.zones };
    },
  };
}

/** In the place of an automatic update that would repeat the one before; null: it has news. */
export function unchangedValues(
  update: UpdateValues['status-update'],
  event: TimelineEvent,
): UpdateValues['update-unchanged'] | null {
  const sinceAt = event.type === 'updatePosted' ? (event.body.unchangedSince ?? null) : null;
  if (sinceAt === null) return null;
  const { number, title, severity, drill, status, nextAt, zones, page } = update;
  return { number, title, severity, drill, status, nextAt, zones, page, sinceAt };
}

/** What can be done about it at once, below what the template says. */
export function withUpdateButtons(card: Card, say: string, incident: Incident, values: object): Card {
  const everybody = 'everybody' in values && values.everybody === true;
  const stretches = 'longEveryMs' in values && 'everyMs' in values && values.longEveryMs !== values.everyMs;
  const offered = buttonsOf(
    everybody ? 'publish-due' : say,
    incident,
    'draft' in values ? String(values.draft) : '',
    stretches,
  );
  return offered.length === 0 ? card : { ...card, blocks: [...card.blocks, buttons(...offered)] };
}

const acknowledging = (incident: Incident): Button[] => [
  incidentButton(incident, 'Acknowledge', 'ack', { style: 'primary' }),
  incidentButton(incident, 'Take command', 'take commander', {}),
];

function buttonsOf(say: string, incident: Incident, draft: string, stretches: boolean): Button[] {
  const on = (label: string, line: string, extra: Partial<Button> = {}) => incidentButton(incident, label, line, extra);
  const input = { label: 'What should stakeholders know?', required: true };
  switch (say) {
    case 'update-asked':
    case 'update-due-soon':
    case 'update-chased':
      return [
        on('Post', `update ${draft}`, { style: 'primary' }),
        on('Edit…', 'update', { input: { ...input, value: draft } }),
      ];
    // Whoever sends it has read what everybody will.
    case 'publish-due':
      return [
        on('Read and publish…', 'publish --confirm', {
          style: 'primary',
          input: { label: 'What may everybody read?', required: true, value: draft },
        }),
      ];
    case 'update-overdue':
      return [on('Update…', 'update', { style: 'primary', input })];
    case 'acknowledge-overdue':
      return acknowledging(incident);
    case 'long-proposed':
      return stretches ? [on('Declare a long incident', 'long', { style: 'primary' })] : [];
    default:
      return [];
  }
}
