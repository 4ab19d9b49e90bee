import { lineButton, misused, refused, sayCard } from '../answers.js';
import { firstWords, plainWord } from '../line.js';
import { near } from '../near.js';
import { cover, drop } from '../on-call-change.js';
import { mineCard, nextCard, nowCard } from '../on-call-show.js';
import { onePerson } from '../people.js';
import type { About, Act, Verb } from '../verb.js';

const takes = ['take', 'cover', 'override', 'taking'];
const drops = ['drop', 'cancel', 'remove', 'undo', 'end'];
const shows = { now: nowCard, next: nextCard, me: mineCard, mine: mineCard, my: mineCard };

const help = {
  usage: 'oncall [now|next|me] [schedule] | take <schedule> for 2h | @who <schedule> from … until … | drop [schedule]',
  examples: [
    'oncall',
    'oncall next',
    'oncall me',
    'oncall take primary for 2h',
    'oncall @cleo primary from 18:00 until 22:00',
    'oncall drop primary',
  ],
};

export const oncall: Verb = {
  name: 'oncall',
  aliases: ['on-call', 'on-duty', 'rota', 'roster', 'schedule', 'schedules'],
  group: 'Open and find',
  ...help,
  help: 'Who is on call now and next, and when you are; take a shift, give one, or drop that again.',
  where: 'anywhere',
  async read(args, about) {
    const names = about.onCall.names();
    if (names.length === 0)
      return refused(
        'no-schedule',
        'No schedule is set up. Whoever runs Muster names calendars or rotations in muster.yaml, under on-call (docs/on-call.md).',
      );
    const line = args
      .replace(/\b(?:please|pls|right)\b\s*/gi, '')
      .replace(/^(?:for|of|on)\s+/i, '')
      .replace(/[?!.]+$/, '');
    const cut = firstWords(line, 1);
    if (!cut) return sayCard(nowCard(names, about));
    const [first = ''] = cut.words;
    const word = plainWord(first);
    if (word in shows) return shown(word as keyof typeof shows, cut.rest, about);
    if (drops.includes(word)) return drop(plainWord(cut.rest), about);
    if (takes.includes(word)) return taken(cut.rest, about);
    if (first.startsWith('@')) return given(first, cut.rest, about);
    const schedule = scheduleIn(word, about);
    const after = firstWords(cut.rest, 1)?.words[0] ?? '';
    if (schedule !== null && after.startsWith('@'))
      return given(after, `${schedule} ${cut.rest.slice(after.length)}`, about);
    if (schedule !== null) {
      const what = plainWord(after);
      return what in shows || what === ''
        ? shown((what || 'now') as keyof typeof shows, schedule, about)
        : taken(line, about);
    }
    // "bob primary for 2h": a name without its sign.
    if (scheduleIn(plainWord(after), about) !== null) return given(first, cut.rest, about);
    return noSuch(word, (name) => name, about);
  },
};

const scheduleIn = (word: string, about: About): string | null =>
  about.onCall.names().find((name) => name === word.toLowerCase()) ?? null;

function shown(what: keyof typeof shows, rest: string, about: About): Act {
  const [word = ''] = firstWords(rest.replace(/^(?:for|of|on)\s+/i, ''), 1)?.words ?? [];
  if (word === '') return sayCard(shows[what](about.onCall.names(), about));
  const schedule = scheduleIn(plainWord(word), about);
  if (schedule === null) return noSuch(plainWord(word), (name) => `${what} ${name}`, about);
  return sayCard(shows[what]([schedule], about));
}

/** The asker takes it; with one schedule its name may be left out. */
function taken(rest: string, about: About): Act {
  const named = whose(rest, about);
  if ('act' in named) return named.act((name) => `take ${name}`);
  const { schedule, times } = named;
  return cover(help, about.asker, schedule, times, `oncall take ${schedule}`, about);
}

async function given(word: string, rest: string, about: About): Promise<Act> {
  const found = await onePerson(about, word, (personId) => `oncall @${personId} ${rest}`);
  if ('act' in found) return found.act;
  const { person } = found;
  const line = `@${person.personId}`;
  const named = whose(rest, about);
  if ('act' in named) return named.act((name) => `${line} ${name}`);
  return cover(help, person, named.schedule, named.times, `oncall ${line} ${named.schedule}`, about);
}

/** `write` writes what was typed up to the schedule again, with this one. */
type Missing = { act(write: (name: string) => string): Act };

function whose(rest: string, about: About): { schedule: string; times: string } | Missing {
  const [only, ...more] = about.onCall.names();
  const line = rest.replace(/^(?:for|on|over)\s+(?!\d)/i, '');
  const cut = firstWords(line, 1);
  const schedule = cut && scheduleIn(plainWord(cut.words[0] as string), about);
  if (cut && schedule) return { schedule, times: cut.rest };
  const isTime = /^(?:for|from|until|till?|starting)$/i.test(cut?.words[0] ?? '');
  if (only !== undefined && more.length === 0 && (!cut || isTime)) return { schedule: only, times: line };
  return {
    act: (write) =>
      cut && !isTime ? noSuch(plainWord(cut.words[0] as string), write, about) : which(write, rest, about),
  };
}

const which = (write: (name: string) => string, rest: string, about: About): Act =>
  refused(
    'which-schedule',
    'Which schedule?',
    about.onCall
      .names()
      .slice(0, 5)
      .flatMap((name) => lineButton(name.slice(0, 40), `oncall ${write(name)} ${rest}`.trim())),
  );

function noSuch(word: string, write: (name: string) => string, about: About): Act {
  const names = about.onCall.names();
  const meant = near(word, names);
  return misused(
    help,
    `There is no schedule ${word.slice(0, 40)}. ${meant.length > 0 ? `Did you mean ${meant.join(' or ')}?` : `There ${names.length === 1 ? 'is' : 'are'} ${names.slice(0, 10).join(', ')}.`}`,
    (meant.length > 0 ? meant : names)
      .slice(0, 5)
      .flatMap((name) => lineButton(name.slice(0, 40), `oncall ${write(name)}`)),
  );
}
