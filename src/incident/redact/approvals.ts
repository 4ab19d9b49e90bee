import type { ApprovalEvents, ApprovalRule, Approvers } from '../approvals.js';

const gone = '[redacted]';

/** Whoever may approve is left out rather than renamed. */
const nobodyOf = <T extends Approvers | ApprovalRule['from'][number]>(each: T): T =>
  each.kind === 'people' ? { ...each, as: gone, people: [] } : { ...each };

export const approvalRulesGone = (rules: Record<string, ApprovalRule>): Record<string, ApprovalRule> =>
  Object.fromEntries(
    Object.entries(rules).map(([kind, rule]) => [kind, { ...rule, from: rule.from.map((each) => nobodyOf(each)) }]),
  );

export const approvalForms: { [T in keyof ApprovalEvents]: (body: ApprovalEvents[T]) => ApprovalEvents[T] } = {
  approvalAsked: ({ index, role }) => ({ index, role }),
  approvalRequested: ({ id, levels, level, count, withinMs }) => ({
    id,
    what: gone,
    levels: levels.map((each) => nobodyOf(each)),
    level,
    count,
    withinMs,
  }),
  approvalGiven: ({ id, index, role, have, of }) => ({ id, index, role, have, of }),
  approvalDeclined: ({ id, index, role }) => ({ id, index, role, reason: gone }),
  approvalClimbed: ({ id, index, level }) => ({ id, index, level }),
  approvalLapsed: ({ id, index }) => ({ id, index }),
  glassBroken: ({ id, index, followUp }) => ({
    id,
    index,
    what: gone,
    reason: gone,
    followUp: {
      id: followUp.id,
      text: gone,
      owner: followUp.owner === null ? null : 'redacted',
      dueOn: followUp.dueOn,
      fromStep: followUp.fromStep,
    },
  }),
};
