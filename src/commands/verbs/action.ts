import { parseDate } from '../../playbooks/duration.js';
import { act, called, found, misused } from '../answers.js';
import { match, onePerson } from '../people.js';
import type { Verb } from '../verb.js';

/** Whatever people write for a date; only the one form is taken. */
const dateLike = /^(?:\d{4}[-./]\d{1,2}[-./]\d{1,2}|\d{1,2}[-./]\d{1,2}[-./]\d{4})$/;
const dueWords = /\s+(?:due|by|until|on|before)$/i;
/** The latest time zone: there it is still yesterday for this long. */
const latestZoneMs = 12 * 3_600_000;

/** Takes the date off the end, or from before the owner: `text 2030-01-15 @ada` says the same. */
function takeDate(args: string): { date: string | null; rest: string } {
  const words = args.split(' ');
  let at = words.length - 1;
  if (!dateLike.test(words[at] ?? '')) {
    at = words.findLastIndex((word) => word.startsWith('@')) - 1;
    if (at < 0 || !dateLike.test(words[at] ?? '')) return { date: null, rest: args };
  }
  const before = ` ${words.slice(0, at).join(' ')}`.replace(dueWords, '').trim();
  return { date: words[at] as string, rest: [before, ...words.slice(at + 1)].join(' ').trim() };
}

/** Takes the owner off the end. `known` says whether a name of several words is somebody's. */
function takeOwner(rest: string, known: (word: string) => boolean): { owner: string | null; text: string } {
  const from = ` ${rest}`.lastIndexOf(' @');
  if (from === -1) return { owner: null, text: rest };
  const word = rest.slice(from);
  return word.includes(' ') && !known(word)
    ? { owner: null, text: rest }
    : { owner: word, text: rest.slice(0, from).trim() };
}

export const action: Verb = {
  name: 'action',
  aliases: ['follow-up', 'followup', 'follow-ups', 'followups', 'todo', 'to-do', 'action-item', 'actions'],
  group: 'End',
  usage: 'action <text> [@owner] [2030-01-15]',
  examples: ['action Alert before the disk is full @ada 2030-01-15', 'action Try the restore'],
  help: 'Add a follow-up, with its owner and the day it is due.',
  asks: { label: 'What, @who, by when?', placeholder: 'Alert before the disk is full @ada 2030-01-15', required: true },
  where: 'incident',
  async read(args, about) {
    const { date, rest } = takeDate(args.replace(/\s+/g, ' ').trim());
    if (date !== null && parseDate(date) === null)
      return misused(action, `${date} is not a day as Muster reads it: year-month-day, 2030-01-15.`);
    if (date !== null && date < new Date(about.now - latestZoneMs).toISOString().slice(0, 10))
      return misused(action, `${date} is past. A follow-up is due today or later.`);
    const people = await about.reads.people();
    const { owner, text } = takeOwner(rest, (word) => match(people, word, about.asker).length > 0);
    if (text === '') return misused(action, 'Say what is to be done.');
    let person: { personId: string; name: string } | null = null;
    if (owner !== null) {
      const one = await onePerson(about, owner, (personId) =>
        ['action', text, `@${personId}`, date].filter(Boolean).join(' '),
      );
      if ('act' in one) return one.act;
      person = one.person;
    }
    return act(about, { type: 'addFollowUp', text, owner: person?.personId ?? null, dueOn: date }, (after, events) => {
      const added = found(events, 'followUpAdded');
      const gaps = [person ? null : 'nobody owns it', date ? null : 'it has no date'].filter((gap) => gap !== null);
      return `Follow-up${added ? ` ${added.id}` : ''} of ${called(after)}${person ? ` for ${person.name}` : ''}${date ? `, due ${date}` : ''}.${
        gaps.length > 0 ? ` Still missing: ${gaps.join(' and ')}.` : ''
      }`;
    });
  },
};
