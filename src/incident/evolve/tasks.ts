import type { GivenTask, TaskEvents } from '../given-tasks.js';
import type { Incident } from '../state.js';
import type { Rule } from './walk.js';

const changed = ({ tasks }: Incident, id: number, change: (task: GivenTask) => GivenTask[]): Partial<Incident> =>
  tasks ? { tasks: { ...tasks, open: tasks.open.flatMap((task) => (task.id === id ? change(task) : [task])) } } : {};

export const taskRules: { [T in keyof TaskEvents]: Rule<T> } = {
  taskGiven: ({ tasks, responders }, { id, text, personId, forMs, dueAt }, { at, actor }) => ({
    responders: [...new Set([...responders, personId])],
    tasks: {
      given: Math.max(tasks?.given ?? 0, id),
      open: [
        ...(tasks?.open ?? []),
        {
          id,
          text,
          personId,
          by: actor.kind === 'person' ? actor.personId : null,
          givenAt: at,
          forMs,
          dueAt,
          askAt: dueAt,
          asked: 0,
        },
      ],
    },
  }),
  taskExtended: (incident, { id, forMs, dueAt }) =>
    changed(incident, id, (task) => [{ ...task, forMs, dueAt, askAt: dueAt, asked: 0 }]),
  taskOverdue: (incident, { id, times, nextAt }) =>
    changed(incident, id, (task) => [{ ...task, asked: times, askAt: nextAt }]),
  taskDone: (incident, { id }) => changed(incident, id, () => []),
  taskDropped: (incident, { id }) => changed(incident, id, () => []),
};
