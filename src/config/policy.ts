import type { ApprovalRule } from '../incident/approvals.js';
import type { Policy, SeverityPolicy } from '../incident/state.js';
import { escalationsNaming } from './escalations.js';

/** The policy with people by their person ids instead of the configuration's; whoever has none stays as named. */
export function policyNaming(policy: Policy, ids: ReadonlyMap<string, string>): Policy {
  const people = (names: readonly string[]): string[] => [...new Set(names.map((name) => ids.get(name) ?? name))];
  const rules = ({ invite, page, ...rest }: SeverityPolicy): SeverityPolicy => ({
    ...rest,
    ...(invite && { invite: people(invite) }),
    ...(page && { page: people(page) }),
  });
  const { sev1, sev2, sev3 } = policy.severities;
  const services = Object.entries(policy.services ?? {}).map(([name, { approve, owners, ...rest }]) => [
    name,
    { ...rest, ...(approve && { approve: people(approve) }), ...(owners && { owners: people(owners) }) },
  ]);
  return {
    ...policy,
    invite: people(policy.invite),
    ...(policy.platformLead && { platformLead: people(policy.platformLead) }),
    ...(policy.approvals && { approvals: approvalsNaming(policy.approvals, people) }),
    ...(policy.escalations && { escalations: escalationsNaming(policy.escalations, people) }),
    severities: { sev1: rules(sev1), sev2: rules(sev2), sev3: rules(sev3) },
    ...(policy.services && { services: Object.fromEntries(services) }),
  };
}

const approvalsNaming = (
  rules: Record<string, ApprovalRule>,
  people: (names: readonly string[]) => string[],
): Record<string, ApprovalRule> =>
  Object.fromEntries(
    Object.entries(rules).map(([kind, rule]) => [
      kind,
      {
        ...rule,
        from: rule.from.map((each) => (each.kind === 'people' ? { ...each, people: people(each.people) } : each)),
      },
    ]),
  );
