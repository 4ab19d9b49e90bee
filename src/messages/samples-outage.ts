import type { EventBodies, EventType, TimelineEvent } from '../incident/events.js';
import type { Incident } from '../incident/state.js';
import type { Playbook } from '../playbooks/playbook.js';
import { type Card, text } from './card.js';
import { catchUpCard, type Missed } from './catch-up.js';
import { eventParts } from './event-words.js';
import { movedCard, outageTold } from './outage-cards.js';

const minute = 60_000;

/** What is said when a platform is lost and when it is back, by what it is. */
export function outageSamples(
  incident: Incident,
  about: { now: number; names: ReadonlyMap<string, string>; publicUrl: string; playbook: Playbook | null },
): [title: string, card: Card][] {
  const { now, publicUrl } = about;
  const since = now - 58 * minute;
  let seq = 1;
  const at = <T extends EventType>(minutes: number, type: T, body: EventBodies[T], personId = 'ada'): TimelineEvent =>
    ({
      seq: seq++,
      at: since + minutes * minute,
      recordedAt: since + minutes * minute,
      actor: { kind: 'person', personId },
      type,
      body,
    }) as TimelineEvent;
  const events = [
    at(2, 'noted', { text: 'Pushes fail since the upgrade' }),
    at(5, 'roleAssigned', { role: 'commander', personId: 'ada', previous: null }),
    at(9, 'stepDone', { index: 0, next: 1, evidence: '503 from outside', answers: {} }, 'bob'),
    at(30, 'statusChanged', { from: 'investigating', to: 'identified', reason: 'a full disk' }, 'bob'),
  ];
  const lost = { platform: 'slack', standIn: 'web', since, of: 'platform', why: 'no answer' } as const;
  const back = { platform: 'slack', standIn: 'web', since, lostSeq: 1 };
  const move = (type: Missed['move']['type'], body: object) =>
    ({ ...at(58, 'snoozeEnded', {}), type, body }) as Missed['move'];
  const words = (event: TimelineEvent) =>
    eventParts(event).map((part) =>
      text(
        typeof part === 'string'
          ? part
          : 'value' in part
            ? part.value
            : 'actor' in part && part.actor.kind === 'person'
              ? (about.names.get(part.actor.personId) ?? '')
              : '',
      ),
    );
  const missed = (type: Missed['move']['type'], body: object) =>
    catchUpCard({ incident, move: move(type, body), events, now }, { ...about, words });
  return [
    ['home is lost, in the web room', missed('platformLost', lost)],
    ['home is back, what it missed', missed('platformBack', back)],
    ['home is lost, to one person', movedCard('platform-lost', incident, { body: lost }, publicUrl)],
    ['home is back, in the web room', movedCard('platform-back', incident, { body: back }, publicUrl)],
    ['the channel is lost', movedCard('channel-lost', incident, { body: { ...lost, of: 'channel' } }, publicUrl)],
    ['a platform is lost, to operators', outageTold({ ...lost, how: 'lost' })],
    ['a platform is back, to operators', outageTold({ ...lost, how: 'back' })],
  ];
}
