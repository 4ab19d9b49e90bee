import type { TimelineEvent } from '../incident/events.js';
import { type Inline, strong, text, time } from '../messages/card.js';
import { eventParts, machineName, type Part } from '../messages/event-words.js';
import { literal } from '../messages/literal.js';
import { personInline } from '../messages/situation.js';

const kept = 200;

/** A timeline event as a sentence. What people and alerts said stands in `text` nodes. */
export function eventInWords(event: TimelineEvent, names: ReadonlyMap<string, string>): Inline[] {
  const inline = (part: Part): Inline => {
    if (typeof part === 'string') return text(part);
    if ('at' in part) return time(part.at, 'date');
    if ('personId' in part) return personInline(part.personId, names);
    if ('value' in part) return text(literal(part.value, kept));
    const { actor } = part;
    return actor.kind === 'person' ? personInline(actor.personId, names) : strong(literal(machineName(actor.name), 60));
  };
  return eventParts(event).map(inline);
}
