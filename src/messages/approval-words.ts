import { type ApprovalEvents, approversWords } from '../incident/approvals.js';
import type { Actor } from '../incident/state.js';
import { because, capital, does, itself, line, type Part, quote, type Sentence, step } from './sentence.js';

/** Of a request that is for no step, its number. */
const named = ({ id, index }: { id: number; index: number | null }): string =>
  index === null ? `request ${id}` : step(index);

const enough = ({ have, of }: { have: number; of: number }): Part[] => (of > 1 ? line`, ${have} of ${of}` : []);
const as = (role: string | null): Part[] => (role === null ? [] : line`, as ${role}`);

/** What happened to approvals, in plain words. */
export const approvalWordsOf: { [T in keyof ApprovalEvents]: (body: ApprovalEvents[T], by: Actor) => Sentence } = {
  approvalAsked: ({ index, role }) => does`asked the ${role} to approve ${step(index)}`,
  approvalRequested: ({ id, what, levels, count }) =>
    does`asked ${approversWords(levels)} to approve${quote(what)}, as request ${id}${count > 1 ? line`; ${count} have to agree` : []}`,
  approvalGiven: (body) => does`approved ${named(body)}${as(body.role)}${enough(body)}`,
  approvalDeclined: (body) => does`declined ${named(body)}${as(body.role)}${because(body.reason)}`,
  approvalClimbed: (body) => itself`Nobody answered ${named(body)} in time: the next were asked as well`,
  approvalLapsed: (body) => itself`${capital(named(body))} was answered by nobody in time`,
  glassBroken: ({ what, reason }) => does`broke the glass and went ahead alone${quote(what)}${because(reason)}`,
};
