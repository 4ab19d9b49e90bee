import { type Card, note, text, time } from './card.js';
import { formatDuration, formatTime } from './zones.js';

/** Below this nobody is misled by the words. */
const lateAfterMs = 2 * 60_000;

/** A message that reaches people late says so first: its words are of the time when they were said. */
export function saidLate(card: Card, { at, now }: { at: number; now: number }): Card {
  if (now - at < lateAfterMs) return card;
  const late = `arrives ${formatDuration(now - at)} late`;
  return {
    ...card,
    summary: `From ${formatTime(at, 'UTC', 'date')}, ${late}: ${card.summary}`,
    blocks: [note(text('From '), time(at, 'date'), text(`, ${late}.`)), ...card.blocks],
  };
}
