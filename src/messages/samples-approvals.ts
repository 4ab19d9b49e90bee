import type { ApprovalValues } from './values-approvals.js';

const about = { number: 42, title: 'Registry: pushes fail', severity: 'sev1', drill: true } as const;
const ada = { personId: 'ada', name: 'Ada' };
const bob = { personId: 'bob', name: 'Bob' };

export const approvalSamples: ApprovalValues = {
  'approval-request': {
    ...about,
    request: 3,
    what: 'Fail over to the second site',
    outcome: 'declined',
    people: [ada],
    askedBy: bob,
    by: ada,
    have: 1,
    needed: 2,
    more: true,
    reason: 'wait for the backup',
    dueAt: Date.UTC(2026, 10, 21, 2, 26),
  },
  'glass-broken': {
    ...about,
    what: 'Fail over to the second site',
    reason: 'nobody answered and pushes fail for everybody',
    by: bob,
    without: 'the commander, then group leads',
  },
};
