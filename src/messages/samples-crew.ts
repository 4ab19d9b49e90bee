import type { CrewValues } from './values-crew.js';

const about = { number: 42, title: 'Registry: pushes fail', severity: 'sev1', drill: true } as const;
const ada = { personId: 'ada', name: 'Ada' };
const bob = { personId: 'bob', name: 'Bob' };
const at = Date.UTC(2026, 10, 21, 2, 11);
const minutes = (count: number): number => count * 60_000;
const task = { ...about, task: 3, text: 'Check the replica', person: bob };
const roles = 'the command and communications';

export const crewSamples: CrewValues = {
  'task-given': { ...task, by: ada, forMs: minutes(20), dueAt: at + minutes(20) },
  'task-overdue': { ...task, dueAt: at, own: true },
  'task-ended': { ...task, outcome: 'done', said: 'It is 40 s behind', by: bob },
  'handover-proposed': { ...about, why: 'long', to: bob, sinceMs: minutes(372) },
  'handover-offered': {
    ...about,
    from: ada,
    roles,
    lines: ['State: sev1, identified since 02:05 UTC', 'Do not: restart registry-2'],
    because: 'on call',
    again: true,
    askAt: at + minutes(10),
  },
  'handover-waits': { ...about, to: bob, because: 'on call', roles },
  'handover-declined': { ...about, by: bob, reason: 'I am on a train', roles, asked: [ada] },
  'handover-withdrawn': { ...about, by: ada, roles },
  'handover-accepted': { ...about, by: bob, from: ada, roles },
  'role-offered': { ...about, role: 'communications', person: bob },
};
