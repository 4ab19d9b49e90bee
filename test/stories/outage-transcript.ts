import { plainText } from '../../src/messages/plain.js';
import { formatTime } from '../../src/messages/zones.js';
import type { RemoteStory } from '../faults/remote-story.js';

const linesAtMost = 10;

const uuid = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

/** What stands where, as people come to read it: whatever is new since the last look is written down with its time. */
export function transcriber({ told, chat }: RemoteStory) {
  const known = new Map<string, string>();
  const lines: string[] = [];
  const clock = (): string => formatTime(told.now()).replace(' UTC', '');

  function say(where: string, text: string, how: string): void {
    const all = text.replaceAll(told.bot.url, 'https://muster.example.com').replace(uuid, '<id>').split('\n');
    const shown = all.slice(0, linesAtMost);
    if (all.length > shown.length) shown.push(`(and ${all.length - shown.length} more)`);
    lines.push(`**${clock()} · ${where}**${how}`, '', ...shown.map((line) => `> ${line}`.trimEnd()), '');
  }

  async function look(): Promise<void> {
    const found: { id: string; where: string; text: string; pinned: boolean }[] = [];
    for (const { id, name, messages } of chat.channels.values())
      for (const { id: message, card, pinned } of messages)
        found.push({ id: `${id}/${message}`, where: `Remote, ${called(name)}`, text: plainText(card), pinned });
    for (const { id, name } of await told.bot.web.channels('ada'))
      for (const { card, pinned, id: message } of await told.bot.web.messages(id, 500))
        found.push({ id: `web/${id}/${message}`, where: `web room, ${called(name)}`, text: plainText(card), pinned });
    for (const { id, where, text, pinned } of found) {
      const before = known.get(id);
      known.set(id, text);
      if (before === undefined) say(where, text, pinned ? ' (pinned)' : '');
      // A pinned card changes with everything; that it does is no news.
      else if (before !== text && !pinned) say(where, text, ' (changed)');
    }
  }

  return {
    look,
    heading: (title: string) => void lines.push(`## ${title}`, ''),
    /** Somebody types a command. */
    async types(who: string, text: string, where: string): Promise<void> {
      lines.push(`**${clock()} · ${who}, in the ${where}:** \`${text}\``, '');
      await told.say(who, text, 1);
      await look();
    },
    async minutes(count: number): Promise<void> {
      for (let minute = 0; minute < count; minute++) {
        await told.forward({ minutes: 1 });
        await look();
      }
    },
    text: () => `${lines.join('\n').trimEnd()}\n`,
  };
}

const called = (name: string): string => (name.startsWith('direct-') ? 'to one person' : `#${name}`);
