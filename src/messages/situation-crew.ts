import { type GivenTask, openTasks } from '../incident/given-tasks.js';
import { alone, answersFor } from '../incident/here.js';
import { type NudgeKind, nextNudge } from '../incident/nudges.js';
import { type Incident, isOpen } from '../incident/state.js';
import { timersOf } from '../incident/timers.js';
import { type Inline, strong, text, time } from './card.js';
import { rolesInWords } from './handover-words.js';
import { literal } from './literal.js';

type Names = ReadonlyMap<string, string>;
type Field = { label: string; value: Inline[] };
const shown = 5;
const textKept = 200;
const dayMs = 24 * 3_600_000;

const named = (personId: string, names: Names): Inline => ({
  kind: 'person',
  personId,
  name: literal(names.get(personId) ?? personId, 80),
  notify: false,
});
const near = (at: number, now: number): 'clock' | 'date' => (Math.abs(now - at) < dayMs / 2 ? 'clock' : 'date');

/** A task that runs: who, what, and until when. */
export const taskLine = ({ id, personId, text: what, dueAt }: GivenTask, names: Names, now: number): Inline[] => [
  text(`${id} · `),
  named(personId, names),
  text(`: ${literal(what, textKept)} · `),
  ...(dueAt < now
    ? [strong('overdue since '), time(dueAt, near(dueAt, now))]
    : [text('back by '), time(dueAt, near(dueAt, now))]),
];

const asked: Record<NudgeKind, string> = {
  acknowledge: 'acknowledge',
  command: 'take command',
  warn: 'the promised update',
  'ask-update': 'tell stakeholders what changed',
  step: 'the step in hand',
  task: 'the task',
  status: 'the proposed status',
  severity: 'the proposed severity',
  'propose-handover': 'hand over',
  long: 'whether it is a long incident',
};

/** What Muster asks whoever is alone next. */
function nextFor(incident: Incident, now: number): Inline[] {
  const next = nextNudge(incident, timersOf(incident), now);
  if (next === null) return [];
  const at = next.open || next.at <= now ? [] : [text(' at '), time(next.at, near(next.at, now))];
  return [text(` · next: ${asked[next.kind]}`), ...at];
}

/** Who answers for everything while nobody else is there, what people are at, and a handover that waits. */
export function crewFields(incident: Incident, names: Names, now: number): Field[] {
  if (!isOpen(incident)) return [];
  const one = alone(incident);
  const roles = one === null ? [] : answersFor(incident, one);
  const tasks = openTasks(incident);
  const { handover } = incident;
  return [
    ...(one !== null && roles.length > 1
      ? [{ label: 'Alone', value: [named(one, names), text(`: ${roles.join(', ')}`), ...nextFor(incident, now)] }]
      : []),
    ...tasks.slice(0, shown).map((task, index) => ({
      label: index === 0 ? 'Tasks' : `Task ${task.id}`,
      value: taskLine(task, names, now),
    })),
    ...(tasks.length > shown ? [{ label: 'More tasks', value: [text(`${tasks.length - shown}`)] }] : []),
    ...(handover
      ? [
          {
            label: 'Handover',
            value: [
              named(handover.from, names),
              text(` hands ${rolesInWords(handover.roles)} over to `),
              ...(handover.asked.length === 0 ? [named(handover.to, names)] : []),
              ...handover.asked.flatMap((each, index) => [...(index > 0 ? [text(' or ')] : []), named(each, names)]),
              text(', waits since '),
              time(handover.offeredAt, near(handover.offeredAt, now)),
            ],
          },
        ]
      : []),
  ];
}
