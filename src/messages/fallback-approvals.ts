import { addressed, due, type Lines, say, who } from './fallback-updates.js';
import type { ApprovalValues } from './values-approvals.js';

const outcomes = {
  partly: 'agreed to',
  given: 'approved',
  declined: 'declined',
} as const;

/** The same for what is said of approvals. */
export const approvalEssentials: { [N in keyof ApprovalValues]: (values: ApprovalValues[N]) => Lines } = {
  'approval-request': (v) => [
    v.outcome === 'asked'
      ? say('Request ', v.request, ' waits to be approved: ', v.what)
      : v.outcome === 'lapsed'
        ? say('Nobody answered request ', v.request, ' in time: ', v.what)
        : say('Request ', v.request, ' is ', outcomes[v.outcome], ' by ', who(v.by), ': ', v.what),
    ...(v.needed > 1 ? [say(v.have, ' of ', v.needed, ' have agreed')] : []),
    ...(v.reason === null ? [] : [say(v.reason)]),
    ...(v.outcome === 'asked' || v.outcome === 'partly'
      ? v.people.slice(0, 20).map((each) => say(addressed(each)))
      : []),
    ...due('Answer by ', v.dueAt),
  ],
  'glass-broken': (v) => [
    say(who(v.by), ' goes ahead without ', v.without ?? 'asking anybody', ': ', v.what),
    say('Because ', v.reason),
  ],
};
