import { byName, type Called } from '../../incident/escalation.js';
import { literal } from '../../messages/literal.js';
import { formatTime } from '../../messages/zones.js';
import { act, called, found, lineButton, misused, refused } from '../answers.js';
import { plainWord } from '../line.js';
import { onePerson } from '../people.js';
import type { Act, Verb, Within } from '../verb.js';
import { escalate } from './escalate.js';

const peopleAtMost = 10;
/** `the on-call`, `next level`: whoever is next, by whatever name. */
const nextLevel =
  /^(?:the\s+)?(?:on-?call|next(?:\s+level)?|everybody|everyone)(?=[\s,:;.!]|$)[\s,:;.!]*(?:because\s+)?/i;

export const page: Verb = {
  name: 'page',
  aliases: ['call', 'paged', 'called', 'paging', 'calling', 'ring', 'summon', 'wake', 'wake-up'],
  group: 'Lead',
  usage: 'page <@who | schedule | group> [reason]',
  examples: ['page @cleo the database does not come back', 'page @cleo @ada'],
  help: 'Call somebody now, by all the ways they have chosen; they can then see it and are invited.',
  asks: { label: 'Whom, and why?', placeholder: '@cleo the database does not come back', required: true },
  where: 'incident',
  async read(args, about) {
    const onCall = nextLevel.exec(args);
    const meant = onCall && scheduleIn(args, about) === null;
    if (meant) return escalate.read(args.slice(onCall[0].length), about);
    const whom = await callees(args, about);
    if ('act' in whom) return whom.act;
    const { calls, rest } = whom;
    if (calls.length === 0)
      return misused(page, 'Whom?', lineButton('Call the next level', 'escalate', { incidentId: about.incident.id }));
    const reason = rest === '' ? null : rest;
    return act(about, { type: 'page', people: calls, reason }, (after, events) => {
      const paged = found(events, 'paged');
      const names = (paged?.people ?? []).map(({ personId }) => about.names.get(personId) ?? personId).join(', ');
      const until = paged?.answerDueAt
        ? ` The channel hears if there is no answer by ${formatTime(paged.answerDueAt)}.`
        : '';
      return `${names} is called to ${called(after)} now.${until}`.replace(/(,.*) is called/, '$1 are called');
    });
  },
};

/** The schedule that is named, with or without `on-call` before it. */
function scheduleIn(args: string, { onCall }: Within): { schedule: string; rest: string } | null {
  const [, word = '', rest = ''] = /^(?:(?:the\s+)?on-?call\s+(?:for\s+)?)?(\S+)\s*([\s\S]*)$/i.exec(args) ?? [];
  const schedule = onCall.names().find((name) => name === plainWord(word));
  return schedule === undefined ? null : { schedule, rest };
}

/** The people at the beginning, and the words after them. Only the first may go without an @. */
async function callees(args: string, about: Within): Promise<{ calls: Called[]; rest: string } | { act: Act }> {
  const named = scheduleIn(args, about);
  if (named) {
    const { people, why } = about.onCall.onCall(named.schedule, about.now);
    const because = `on call for ${named.schedule}`;
    if (people.length === 0)
      return {
        act: refused(
          'nobody-to-page',
          `Nobody is ${because}: ${why ?? 'nobody is planned'}. Name somebody: /incident page @who`,
        ),
      };
    return { calls: people.map((personId) => ({ personId, because })), rest: named.rest };
  }
  const calls: Called[] = [];
  let rest = args.trim();
  while (calls.length < peopleAtMost) {
    const [whole, word = ''] = /^(?:and\s+)?(\S+)\s*,?\s*/i.exec(rest) ?? [];
    if (whole === undefined || (calls.length > 0 && !word.startsWith('@'))) break;
    const after = rest.slice(whole.length);
    const members = about.groups.get(plainWord(word.replace(/^@/, '')));
    if (members)
      calls.push(...members.map((personId) => ({ personId, because: `in ${literal(word.replace(/^@/, ''), 60)}` })));
    else {
      const one = await onePerson(about, word, (personId) => `page @${personId} ${after}`.trim());
      if ('act' in one) return one;
      calls.push({ personId: one.person.personId, because: byName });
    }
    rest = after;
  }
  return { calls: calls.slice(0, peopleAtMost), rest: rest.replace(/^(?:because|about|for)\s+/i, '') };
}
