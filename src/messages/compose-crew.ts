import type { TimelineEvent } from '../incident/events.js';
import type { GivenTask } from '../incident/given-tasks.js';
import { openTasks } from '../incident/given-tasks.js';
import type { Incident, Role } from '../incident/state.js';
import { type Button, buttons, type Card } from './card.js';
import { rolesInWords } from './handover-words.js';
import { literal } from './literal.js';
import { nextThings } from './next-things.js';
import { incidentButton } from './sensible-now.js';
import type { About, Person } from './values.js';
import type { CrewValues } from './values-crew.js';

type Event<T extends TimelineEvent['type']> = Extract<TimelineEvent, { type: T }>;
interface Given {
  about(incident: Incident): About;
  who(personId: string | null | undefined): Person | null;
  by(event: TimelineEvent): Person | null;
  nobody: Person;
}

/** A note is written in lines; it may have been edited. */
const linesOf = (note: string): string[] => note.split('\n').filter((each) => each.trim() !== '');

/** The values of what is said of tasks, of handing over and of roles that could be given away. */
export function crewValues({ about, who, by, nobody }: Given): {
  [S in keyof CrewValues]: (after: Incident, event: TimelineEvent) => CrewValues[S];
} {
  const somebody = (personId: string | null | undefined): Person => who(personId) ?? nobody;
  const taskOf = (after: Incident, id: number): Partial<GivenTask> =>
    openTasks(after).find((each) => each.id === id) ?? {};
  const given = (after: Incident): string => rolesInWords(after.handover?.roles ?? []);
  return {
    'task-given': (after, event) => {
      const { id, text, personId, forMs, dueAt } = (event as Event<'taskGiven'>).body;
      return { ...about(after), task: id, text, person: somebody(personId), by: by(event), forMs, dueAt };
    },
    'task-overdue': (after, event) => {
      const { id, dueAt, asks } = (event as Event<'taskOverdue'>).body;
      const { text = '', personId } = taskOf(after, id);
      return { ...about(after), task: id, text, person: somebody(personId), dueAt, own: asks === personId };
    },
    'task-ended': (after, event) => {
      const { type, body } = event as Event<'taskDone' | 'taskDropped'>;
      const said = type === 'taskDone' ? body.said : (body as Event<'taskDropped'>['body']).reason;
      return {
        ...about(after),
        task: body.id,
        text: body.text,
        person: somebody(body.personId),
        outcome: type === 'taskDone' ? 'done' : 'dropped',
        said,
        by: by(event),
      };
    },
    'handover-proposed': (after, event) => {
      const { why, to } = (event as Event<'handoverProposed'>).body;
      return { ...about(after), why, to: who(to), sinceMs: Math.max(0, event.at - (after.watch?.since ?? event.at)) };
    },
    'handover-offered': (after, event) => {
      const { handover } = after;
      const climbed = event.type === 'handoverClimbed' ? event.body.because : null;
      return {
        ...about(after),
        from: somebody(handover?.from),
        roles: given(after),
        lines: linesOf(handover?.note ?? ''),
        because: climbed,
        again: event.type === 'handoverReminded',
        askAt: handover?.askAt ?? null,
      };
    },
    'handover-waits': (after, event) => {
      const { to, because } = (event as Event<'handoverClimbed'>).body;
      return { ...about(after), to: who(to), because, roles: given(after) };
    },
    'handover-declined': (after, event) => {
      const { reason, next } = (event as Event<'handoverDeclined'>).body;
      const asked = [...new Set([...(after.handover?.asked ?? []), ...(next === null ? [] : [next])])];
      return { ...about(after), by: by(event), reason, roles: given(after), asked: asked.map(somebody) };
    },
    'handover-withdrawn': (after, event) => ({ ...about(after), by: by(event), roles: given(after) }),
    'handover-accepted': (after, event) => {
      const { from, roles } = (event as Event<'handoverAccepted'>).body;
      return { ...about(after), by: by(event), from: somebody(from), roles: rolesInWords(roles) };
    },
    'role-offered': (after, event) => {
      const { role, personId } = (event as Event<'roleOffered'>).body;
      return { ...about(after), role, person: somebody(personId) };
    },
  };
}

const ask = (label: string, required = true) => ({ input: { label, required } });

/** What can be done about a message of these at once; empty for any other. */
function crewButtons(incident: Incident, event: TimelineEvent, names: ReadonlyMap<string, string>): Button[] {
  const on = (label: string, line: string, extra: Partial<Button> = {}) => incidentButton(incident, label, line, extra);
  const name = (personId: string): string => literal(names.get(personId) ?? personId, 30);
  switch (event.type) {
    case 'taskGiven':
    case 'taskOverdue': {
      const { id } = event.body;
      return [
        on('Done…', `task done ${id}`, { style: 'primary', ...ask('What came of it?', false) }),
        on('More time', `task more ${id}`),
        on('Drop…', `task drop ${id}`, ask('Why?', false)),
      ];
    }
    case 'handoverOffered':
    case 'handoverReminded':
      return accepting(on);
    case 'handoverProposed': {
      const { to } = event.body;
      return to === null
        ? [on('Hand over…', 'handover', { style: 'primary', ...ask('To whom? @who') })]
        : [
            on(`Hand over to ${name(to)}`, `handover @${to}`, { style: 'primary' }),
            on('To somebody else…', 'handover', ask('To whom? @who')),
          ];
    }
    case 'handoverDeclined':
      return [on('Ask somebody else…', 'handover', { style: 'primary', ...ask('To whom? @who') })];
    case 'roleOffered': {
      const { role, personId } = event.body;
      return [on(giving(role, name(personId)), `assign ${role} @${personId}`, { style: 'primary' })];
    }
    default:
      return [];
  }
}

const giving = (role: Role, name: string): string => `Give ${name} ${rolesInWords([role])}`;

const accepting = (on: (label: string, line: string, extra?: Partial<Button>) => Button): Button[] => [
  on('Accept', 'handover accept', { style: 'primary' }),
  on('Decline…', 'handover decline', ask('Why? It goes on to somebody else.')),
];

/** A message told to one person, with the buttons that belong to them. */
export function withCrewButtons(
  card: Card,
  say: string,
  incident: Incident,
  event: TimelineEvent,
  names: ReadonlyMap<string, string>,
): Card {
  const on = (label: string, line: string, extra: Partial<Button> = {}) => incidentButton(incident, label, line, extra);
  const offered =
    say === 'role-expectations'
      ? nextThings(incident, (event as Event<'roleAssigned'>).body.role)
      : event.type === 'handoverClimbed'
        ? say === 'handover-offered'
          ? accepting(on)
          : [on('Ask somebody else…', 'handover', ask('To whom? @who'))]
        : crewButtons(incident, event, names);
  return offered.length === 0 ? card : { ...card, blocks: [...card.blocks, buttons(...offered)] };
}
