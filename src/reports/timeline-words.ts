import type { TimelineEvent } from '../incident/events.js';
import type { Actor } from '../incident/state.js';
import { eventParts, machineName, type Part } from '../messages/event-words.js';
import { formatTime } from '../messages/zones.js';

/** Names by personId. Somebody unknown is shown by their id. */
export type Names = ReadonlyMap<string, string>;

export const nameOf = (personId: string, names: Names): string => names.get(personId) ?? personId;
export const actorName = (actor: Actor, names: Names): string =>
  actor.kind === 'person' ? nameOf(actor.personId, names) : machineName(actor.name);

/**
 * One short line in plain words, without time. It holds what people and alerts wrote, so it is literal text: escape it
 * or put it into a text node. An erased event says `[redacted]`.
 */
export function describe(event: TimelineEvent, names: Names): string {
  const words = (part: Part): string => {
    if (typeof part === 'string') return part;
    if ('at' in part) return formatTime(part.at, 'UTC', 'date');
    if ('personId' in part) return nameOf(part.personId, names);
    return 'value' in part ? part.value : actorName(part.actor, names);
  };
  return eventParts(event).map(words).join('');
}
