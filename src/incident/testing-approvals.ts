import fc from 'fast-check';
import type { ApprovalCommands, ApprovalRule, ApproverRule, Approvers } from './approvals.js';
import { roles } from './state.js';

const minutes = (count: number): number => count * 60_000;

const approvers = (person: fc.Arbitrary<string>): fc.Arbitrary<Approvers> =>
  fc.oneof(
    fc.record({ kind: fc.constant('role' as const), role: fc.constantFrom(...roles) }),
    fc.record({
      kind: fc.constant('people' as const),
      as: person,
      people: fc.uniqueArray(fc.oneof(person, fc.constantFrom('ann', 'ben', 'cleo')), { maxLength: 3 }),
    }),
  );

/** Rules of an incident, by kind. */
export const approvalRulesOf = (person: fc.Arbitrary<string>): fc.Arbitrary<Record<string, ApprovalRule>> =>
  fc.dictionary(
    fc.constantFrom('default', 'step'),
    fc.record({
      from: fc.array(fc.oneof(approvers(person), fc.constant<ApproverRule>({ kind: 'services' })), { maxLength: 3 }),
      count: fc.constantFrom(1, 1, 2),
      withinMs: fc.constantFrom(minutes(5), minutes(40)),
    }),
  );

/** One per command of approvals. */
export const approvalBodies = (
  words: fc.Arbitrary<string>,
  person: fc.Arbitrary<string>,
): { [T in keyof ApprovalCommands]: fc.Arbitrary<ApprovalCommands[T]> } => ({
  requestApproval: fc.record({
    what: words,
    from: fc.option(fc.array(approvers(person), { maxLength: 3 }), { nil: null }),
    count: fc.constantFrom(null, 1, 2),
    withinMs: fc.constantFrom(null, minutes(5)),
  }),
  approve: fc.record({ request: fc.nat(4) }, { requiredKeys: [] }),
  decline: fc.record({ reason: words, request: fc.nat(4) }, { requiredKeys: ['reason'] }),
  lapseApprovals: fc.record({ dueAt: fc.nat(minutes(300)) }),
  breakGlass: fc.record(
    { what: fc.option(words, { nil: null }), reason: words, request: fc.nat(4) },
    { requiredKeys: ['what', 'reason'] },
  ),
});
