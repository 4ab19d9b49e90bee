import type { ChatPlatform, MessageRef } from '../chat/platform.js';
import type { TimelineEvent } from '../incident/events.js';
import type { Incident } from '../incident/state.js';
import type { Card } from '../messages/card.js';
import { isToldAlone } from '../messages/catch-up.js';
import { saidLate } from '../messages/late.js';
import { machine } from '../people/viewer.js';
import type { Lease, Store, Task } from '../store/port.js';
import type { Clock } from './clock.js';
import type { Within } from './deadline.js';

type Event<T extends TimelineEvent['type']> = Extract<TimelineEvent, { type: T }>;
export type Move = Event<'platformLost' | 'platformBack'>;

/** What is said of what was missed. */
export interface CatchUpCards {
  incident(incident: Incident, move: Move, missed: readonly TimelineEvent[]): Card;
  announcement(incident: Incident, declared: Event<'declared'>): Card;
  /** In full, also when it repeats the one before: whoever reads it has not seen that one. */
  update(incident: Incident, event: Event<'updatePosted'>): Card;
}

interface Turn {
  lease: Lease;
  within: Within;
  platform: ChatPlatform;
  channel: string;
  incident: Incident;
}

/** Of what was said so long before home failed, whatever did not get through is told again; the calls of one job and some. */
const beforeMs = 60_000;

/** Tells a platform what it has missed, once, and nothing it was told already. */
export function catchesUp(parts: {
  store: Pick<Store, 'timeline' | 'deliveries' | 'delivery' | 'done'>;
  clock: Pick<Clock, 'now'>;
  cards: CatchUpCards;
}): (task: Extract<Task, { kind: 'catchUp' }>, turn: Turn) => Promise<void> {
  const { store, clock, cards } = parts;

  return async ({ incidentId, of, seq }, turn) => {
    const { lease, within, platform, channel, incident } = turn;
    const timeline = await store.timeline(machine, incidentId);
    const move = timeline[seq - 1] as Move;

    /** Under the key the message would have had, so that what did arrive is found and later ones know of it. */
    async function tell(key: string, card: Card, known: MessageRef | null): Promise<void> {
      const edit = (message: MessageRef) => within(() => platform.edit({ channel, message, card, key }));
      if (known !== null) await edit(known);
      const message = known ?? (await within(() => platform.post({ channel, card, key })));
      await store.done(lease, { jobKey: key, incidentId, platform: platform.name, channel, message, at: clock.now() });
    }
    const found = (key: string) => within(() => platform.find(channel, key));
    const sayKey = (place: string | number) => `say/${incidentId}/${platform.name}/${place}/stakeholders`;
    const late = (card: Card, at: number) => saidLate(card, { at, now: clock.now() });

    if (of === 'announcement') {
      const declared = timeline.findLast((event): event is Event<'declared'> => event.type === 'declared');
      const key = sayKey(declared?.seq ?? 0);
      if (!declared || (await store.delivery(key)) || (await found(key)) !== null) {
        await store.done(lease);
        return;
      }
      return tell(key, late(cards.announcement(incident, declared), declared.recordedAt), null);
    }

    if (of === 'update') {
      const before = timeline.slice(0, seq);
      const last = before.findLast((event): event is Event<'updatePosted'> => event.type === 'updatePosted');
      const key = sayKey(`update-${last?.body.revises ?? last?.body.number}`);
      const earlier = last ? await store.delivery(key) : null;
      if (!last || (earlier && earlier.at >= last.recordedAt)) {
        await store.done(lease);
        return;
      }
      const known = earlier?.message ?? (await found(key));
      return tell(key, late(cards.update(incident, last), last.recordedAt), known);
    }

    const told = new Set((await store.deliveries(incidentId)).map(({ jobKey }) => jobKey));
    const here = platform.name;
    const from = untoldSince(timeline, move, (back) => told.has(`catch-up/${incidentId}/${here}/${back}/incident`));
    const card = cards.incident(
      incident,
      from,
      missed(timeline, from, (place) => told.has(`say/${incidentId}/${here}/${place}/incident`)),
    );
    const earlier = (await store.delivery(lease.key))?.message ?? null;
    return tell(lease.key, card, earlier ?? (lease.attempt > 1 ? await found(lease.key) : null));
  };
}

/**
 * It may have failed again before it was told what it had missed the time before: then all of it is told now.
 * @param told whether what was missed until it was back by this event did get through
 */
function untoldSince(timeline: readonly TimelineEvent[], move: Move, told: (seq: number) => boolean): Move {
  if (move.type === 'platformLost') return move;
  const { platform } = move.body;
  const earlier = timeline
    .slice(0, move.seq - 1)
    .filter(
      (event): event is Event<'platformBack'> => event.type === 'platformBack' && event.body.platform === platform,
    );
  const heard = earlier.findLastIndex(({ seq }) => told(seq));
  const first = earlier[heard + 1];
  return first ? { ...move, body: { ...move.body, since: first.body.since } } : move;
}

/** @param told whether what was said under this place did get through */
function missed(
  timeline: readonly TimelineEvent[],
  move: Move,
  told: (place: string | number) => boolean,
): TimelineEvent[] {
  const before = timeline.slice(0, move.seq - 1);
  if (move.type === 'platformLost') {
    const back = before.findLast(({ type }) => type === 'platformBack')?.seq ?? 0;
    return before.slice(back).filter((event) => !told(placeOf(event)));
  }
  const { since, lostSeq } = move.body;
  return before.filter((event) => {
    if (event.seq > lostSeq) return true;
    if (told(placeOf(event))) return false;
    return event.recordedAt >= since || (event.recordedAt >= since - beforeMs && isToldAlone(event));
  });
}

const placeOf = (event: TimelineEvent): string | number =>
  event.type === 'updatePosted' ? `update-${event.body.number}` : event.seq;
