import type { WalkValues } from './values-walk.js';

const about = { number: 42, title: 'Registry: pushes fail', severity: 'sev1', drill: true } as const;
const step = { ...about, step: 1, total: 14, phase: 'Detect', stepTitle: 'Confirm that a push fails from outside' };
const ada = { personId: 'ada', name: 'Ada' };
const bob = { personId: 'bob', name: 'Bob' };
const minutes = (count: number): number => count * 60_000;

export const walkSamples: WalkValues = {
  playbook: {
    ...about,
    playbook: 'Registry outage',
    reason: 'the service is registry',
    steps: 14,
    later: true,
    beside: ['CI outage'],
    others: [{ playbook: 'Storage exhaustion', reason: 'the alert is DiskFull' }],
  },
  'playbook-switched': { ...about, playbook: 'Storage exhaustion', from: 'Registry outage', by: ada },
  step: { ...step, by: bob, outcome: 'done', evidence: '503 from both', tookMs: minutes(2), last: true },
  'step-assigned': { ...step, person: bob, by: ada, withinMs: minutes(10) },
  'sub-step': {
    ...step,
    substep: 1,
    text: 'tell the owner of the host',
    ticked: true,
    tickedCount: 1,
    substeps: 2,
    by: bob,
  },
  'step-overdue': { ...step, tookMs: minutes(10), person: bob, waitsFor: 'commander', last: true },
  'step-extended': { ...step, by: bob, forMs: minutes(10), dueAt: Date.UTC(2026, 10, 21, 2, 21) },
  'help-asked': { ...step, by: bob, text: 'Who knows the load balancer?', people: [ada] },
  approval: {
    ...step,
    outcome: 'declined',
    role: 'commander',
    person: ada,
    askedBy: bob,
    by: ada,
    reason: 'wait for the backup',
  },
};
