import type { Decisions } from '../context.js';
import { event } from '../context.js';
import { type GivenTask, openTasks, type TaskCommands } from '../given-tasks.js';
import { type Actor, type Incident, isOpen, type Refusal, refuse } from '../state.js';

const openAtMost = 20;
/** Between asking whoever has it and asking whoever commands. */
const askAgainAfterMs = 5 * 60_000;

/** The one that is meant: by its number, else the only one of whoever asks, else the only one there is. */
function meant(state: Incident, id: number | undefined, actor: Actor): GivenTask | Refusal {
  const open = openTasks(state);
  const list = open.map((each) => `${each.id} (${each.text})`).join(', ');
  if (open.length === 0) return refuse('no-task', 'No task is running. Give one: /incident task @who <what> for 20m');
  if (id !== undefined)
    return open.find((each) => each.id === id) ?? refuse('no-such-task', `Task ${id} is not running. Running: ${list}`);
  const own = open.filter((each) => actor.kind === 'person' && each.personId === actor.personId);
  const [only, ...more] = own.length > 0 ? own : open;
  return only && more.length === 0 ? only : refuse('which-task', `Which task? Say its number: ${list}`);
}

/** Whoever has it is asked first, then whoever commands, if that is somebody else; then nobody. */
function asks(state: Incident, task: GivenTask): { asks: string; again: boolean } | null {
  const { commander } = state.roles;
  const other = commander === undefined || commander === task.personId ? null : commander;
  if (task.asked === 0) return { asks: task.personId, again: other !== null };
  return other === null ? null : { asks: other, again: false };
}

const onTask = (then: (task: GivenTask) => ReturnType<typeof event>[] | Refusal, task: GivenTask | Refusal) =>
  'refused' in task ? task : then(task);

export const taskDecisions: Decisions<keyof TaskCommands> = {
  giveTask: [
    'live',
    (state, { text, personId, forMs }, { at }) => {
      if (!isOpen(state))
        return refuse(
          'ended',
          `This incident is ${state.status}. Work that is still owed is a follow-up: /incident action <what> @who`,
        );
      if (openTasks(state).length >= openAtMost)
        return refuse('too-many', `There are ${openAtMost} tasks running. End one first: /incident task done <number>`);
      return [event('taskGiven', { id: (state.tasks?.given ?? 0) + 1, text, personId, forMs, dueAt: at + forMs })];
    },
  ],
  extendTask: [
    'live',
    (state, { id, forMs }, { actor, at }) =>
      onTask(
        (task) => {
          const more = forMs ?? task.forMs;
          return [event('taskExtended', { id: task.id, forMs: more, dueAt: at + more })];
        },
        meant(state, id, actor),
      ),
  ],
  finishTask: [
    'live',
    (state, { id, said }, { actor }) =>
      onTask(
        ({ personId, text, ...task }) => [event('taskDone', { id: task.id, personId, text, said })],
        meant(state, id, actor),
      ),
  ],
  dropTask: [
    'live',
    (state, { id, reason }, { actor }) =>
      onTask(
        ({ personId, text, ...task }) => [event('taskDropped', { id: task.id, personId, text, reason })],
        meant(state, id, actor),
      ),
  ],
  checkTask: [
    'declared',
    (state, { id, dueAt }, { at }) => {
      const task = openTasks(state).find((each) => each.id === id);
      if (!isOpen(state) || !task || task.askAt !== dueAt) return [];
      const next = asks(state, task);
      if (next === null)
        return [
          event('taskOverdue', { id, dueAt: task.dueAt, times: task.asked + 1, asks: task.personId, nextAt: null }),
        ];
      return [
        event('taskOverdue', {
          id,
          dueAt: task.dueAt,
          times: task.asked + 1,
          asks: next.asks,
          nextAt: next.again ? at + askAgainAfterMs : null,
        }),
      ];
    },
  ],
};
