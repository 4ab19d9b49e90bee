import { type Block, type Inline, note, paragraph, text, time } from '../../messages/card.js';
import { formatRelative } from '../../messages/zones.js';
import { called, sayCard } from '../answers.js';
import { eventInWords } from '../event-words.js';
import type { Verb } from '../verb.js';

const shown = 15;
/** Later than this it was not written down as it happened. */
const writtenLaterMs = 60_000;

export const timeline: Verb = {
  name: 'timeline',
  aliases: ['log', 'history', 'events', 'what-happened'],
  group: 'Open and find',
  usage: 'timeline',
  examples: ['timeline'],
  help: 'What has happened, the last 15 entries.',
  plain: true,
  alone: true,
  where: 'incident',
  async read(_, about) {
    const events = await about.reads.timeline(about.viewer, about.incident.id);
    const last = [...events].sort((a, b) => a.at - b.at || a.seq - b.seq).slice(-shown);
    const summary =
      events.length === 0
        ? `Nothing is on the timeline of ${called(about.incident)} yet.`
        : `${called(about.incident)}: ${events.length} ${events.length === 1 ? 'entry' : 'entries'}, the last ${formatRelative(events.at(-1)?.at ?? about.now, about.now)}.`;
    const items = last.map((event): Inline[] => [
      text(`${event.seq} · `),
      time(event.at, 'relative'),
      text(' · '),
      ...eventInWords(event, about.names),
      ...(event.recordedAt - event.at >= writtenLaterMs
        ? [text(' · written down '), time(event.recordedAt, 'date')]
        : []),
    ]);
    const blocks: Block[] = [paragraph(text(summary))];
    if (items.length > 0) blocks.push({ kind: 'list', ordered: false, items });
    if (events.length > last.length)
      blocks.push(note(text(`${events.length - last.length} earlier entries are not shown.`)));
    return sayCard({ tone: 'neutral', summary, blocks });
  },
};
