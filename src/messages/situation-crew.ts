import { type GivenTask, openTasks } from '../incident/given-tasks.js';
import { alone, answersFor } from '../incident/here.js';
import { type Incident, isOpen } from '../incident/state.js';
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

/** Who answers for everything while nobody else is there, what people are at, and a handover that waits. */
export function crewFields(incident: Incident, names: Names, now: number): Field[] {
  if (!isOpen(incident)) return [];
  const one = alone(incident);
  const roles = one === null ? [] : answersFor(incident, one);
  const tasks = openTasks(incident);
  const { handover } = incident;
  return [
    ...(one !== null && roles.length > 1
      ? [{ label: 'Alone', value: [named(one, names), text(`: ${roles.join(', ')}`)] }]
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
