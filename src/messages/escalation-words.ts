import { byName, type EscalationEvents } from '../incident/escalation.js';
import type { Actor } from '../incident/state.js';
import { does, itself, line, type Part, people, quote, type Sentence } from './sentence.js';

const calledList = (called: EscalationEvents['paged']['people']): Part[] =>
  called
    .slice(0, 10)
    .flatMap(({ personId, because: why }, index) => [
      ...(index > 0 ? [', '] : []),
      ...line`${{ personId }}${why === byName ? '' : ` (${why})`}`,
    ])
    .concat(called.length > 10 ? line` and ${called.length - 10} more` : []);

const rung = ({ escalation, level, levels, round }: EscalationEvents['paged']): Part[] =>
  escalation === null ? [] : line`: level ${level} of ${levels}${round > 1 ? line`, round ${round}` : []}`;

const until = ({ acknowledgeDueAt, answerDueAt }: EscalationEvents['paged']): Part[] => {
  const at = answerDueAt ?? acknowledgeDueAt;
  return at === null ? [] : line`, to answer by ${{ at }}`;
};

const instead = ({ nobody }: EscalationEvents['paged']): Part[] =>
  nobody.length > 0 ? line` (nobody behind ${nobody.join('; ')})` : [];

/** Who was called, why, and what came of it. */
export const escalationWords: {
  [T in keyof EscalationEvents]: (body: EscalationEvents[T], by: Actor) => Sentence;
} = {
  paged(body, by) {
    if (body.people.length === 0) return itself`Nobody could be called${rung(body)}${instead(body)}`;
    const who = calledList(body.people);
    if (body.why === 'asked' && by.kind === 'person')
      return does`called ${who}${rung(body)}${until(body)}${quote(body.reason)}`;
    const asked = body.why === 'idle' && body.escalation === null ? 'Asked' : 'Paged';
    return itself`${[asked]} ${who}${rung(body)}${until(body)}${instead(body)}`;
  },
  pageAnswered: () => does`answered the page`,
  answerMissed: (body) => itself`${people(body.people)} did not answer by ${{ at: body.dueAt }}`,
  acknowledgementLapsed: (body) => {
    const whose = body.personId === null ? [] : line`, which ${{ personId: body.personId }} had in hand`;
    return itself`Nobody has done anything since ${{ at: body.idleSinceAt }}${whose}`;
  },
};
