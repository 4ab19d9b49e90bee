import type { Reply } from '../../src/chat/platform.js';
import { plainText } from '../../src/messages/plain.js';
import { formatTime } from '../../src/messages/zones.js';
import type { TakenMail } from '../fakes/mail-server.js';
import type { Story } from './story.js';

const linesAtMost = 30;
const unsaid =
  /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?<=\/ack\/)[\w-]{43}|(?<=\/unsubscribe\/)[\w-]{20,}|(?<=token=)[\w-]{20,}/g;

/** Servers outside that take calls: `calls` all of them, `taken` those they accepted. */
export interface Outside {
  name: string;
  calls: unknown[];
  taken: unknown[];
  /** What somebody reads of one. */
  shown(taken: never): string;
}

/** What everybody reads in a night: whatever is new since the last look is written down with its time. */
export function nightTranscript(told: Story, outside: { services: Outside[]; mails: TakenMail[] }) {
  const known = new Map<string, string>();
  const lines: string[] = [];
  let answered: Reply = { text: '' };
  const counts = new Map<string, number>();
  const clock = (): string => formatTime(told.now()).replace(' UTC', '');

  function quote(text: string): void {
    const read = text
      .replaceAll(told.bot.url, 'https://muster.example.com')
      .replace(unsaid, '…')
      // Nobody reads the line that is behind a button.
      .replace(/(^\[[^\]]+\] \/incident.*\n?)+/gm, (all) =>
        [...all.matchAll(/^(\[[^\]]+\]) \/incident.*$/gm)]
          .map(([, label]) => label)
          .join(' ')
          .concat('\n'),
      )
      .trimEnd()
      .split('\n');
    const shown = read.slice(0, linesAtMost);
    if (read.length > shown.length) shown.push('(and more)');
    lines.push(...shown.map((line) => `> ${line}`.trimEnd()), '');
  }
  const say = (where: string, text: string, how = ''): void => {
    lines.push(`**${clock()} · ${where}**${how}`, '');
    quote(text);
  };

  async function does(who: string, act: string, line: string): Promise<string> {
    lines.push(`**${clock()} · ${who}${act}`, '');
    answered = await told.say(who.toLowerCase(), line, 1);
    lines.push(`Answer to ${who}:`, '');
    quote(answered.card && answered.shownIn === undefined ? plainText(answered.card) : answered.text);
    await look();
    return answered.text;
  }

  async function messages() {
    const found: { id: string; where: string; text: string; pinned: boolean }[] = [];
    const seen = new Set<string>();
    for (const { personId, name: who } of await told.bot.store.people())
      for (const { id, key, name } of await told.bot.web.channels(personId)) {
        if (seen.has(id)) continue;
        seen.add(id);
        const where = key.startsWith('person/') ? `to ${who} alone` : `#${name}`;
        for (const { card, pinned, id: message } of await told.bot.web.messages(id, 500))
          found.push({ id: message, where, text: plainText(card), pinned });
      }
    // What comes at the same moment has no order of its own.
    return found.toSorted((a, b) => rank(a.where) - rank(b.where) || a.where.localeCompare(b.where));
  }
  const rank = (where: string): number => ['#inc', '#', 'to'].findIndex((start) => where.startsWith(start));

  async function look(): Promise<void> {
    for (const { name, calls, taken, shown } of outside.services) {
      const [before, all] = [counts.get(name) ?? 0, calls.length];
      const [took, had] = [counts.get(`${name} taken`) ?? 0, taken.length];
      if (all - before > had - took) say(name, 'The server refuses the call.');
      for (const each of taken.slice(took)) say(name, shown(each as never));
      counts.set(name, all).set(`${name} taken`, had);
    }
    for (const { to, headers, text } of outside.mails.slice(counts.get('mail') ?? 0))
      say(`mail to ${to.join(', ')}`, `${headers.get('subject')}\n\n${text}`);
    counts.set('mail', outside.mails.length);
    for (const { id, where, text, pinned } of await messages()) {
      const before = known.get(id);
      known.set(id, text);
      // The card at the head of a channel changes with everything; that it does is no news.
      if (before === undefined && !pinned) say(where, text);
      else if (before !== undefined && before !== text && !pinned) say(where, text, ' (changed)');
    }
  }

  return {
    look,
    heading: (title: string) => void lines.push(`## ${title}`, ''),
    happens: (text: string) => void lines.push(`**${clock()}** ${text}`, ''),
    quote,
    /** The card at the head of the incident's channel, as it stands. */
    async card(): Promise<void> {
      await told.forward({ seconds: 2 });
      const card = (await messages()).find(({ pinned, where }) => pinned && where.startsWith('#inc-1'));
      say('The card at the head of the channel', card?.text ?? '');
    },
    /** Somebody types a line in the channel; the answer is for them alone. */
    types: (who: string, text: string) => does(who, `:** \`${text}\``, text),
    /** Somebody presses the last button with this label that they can see. */
    async presses(who: string, label: string, input = ''): Promise<string> {
      const channels = await told.bot.web.channels(who.toLowerCase());
      const all = await Promise.all(channels.map(({ id }) => told.bot.web.messages(id, 500)));
      const cards = all
        .flat()
        .toSorted((a, b) => a.sequence - b.sequence)
        .map(({ card }) => card);
      const button = [...cards, ...(answered.card ? [answered.card] : [])]
        .flatMap(({ blocks }) => blocks.flatMap((block) => (block.kind === 'buttons' ? block.buttons : [])))
        .findLast((each) => each.label.startsWith(label));
      if (!button) throw new Error(`${who} has no button ${label}.`);
      const [pressed, line] = [`[${button.label}]`, button.command];
      return input === ''
        ? does(who, ` presses ${pressed}**`, line)
        : does(who, ` presses ${pressed}** and says: ${input}`, `${line} ${input}`);
    },
    /** Lets time pass until a time of the day, and looks in the minute something was due. */
    async until(time: string): Promise<void> {
      const [hour = 0, minute = 0] = time.split(':').map(Number);
      const day = Math.floor(told.now() / 86_400_000) * 86_400_000;
      const at = day + (hour * 60 + minute) * 60_000;
      if (at < told.now()) throw new Error(`It is later than ${time}.`);
      while (told.now() < at) {
        const due = (await told.bot.store.nextDueAt(told.now())) ?? at;
        const next = Math.min(at, Math.max(told.now() + 60_000, Math.ceil(due / 60_000) * 60_000));
        await told.forward({ seconds: (next - told.now()) / 1_000 });
        await look();
      }
    },
    text: () => `${lines.join('\n').trimEnd()}\n`,
  };
}
