import type { Card } from '../messages/card.js';
import { ConflictError, type NewEvent, type Store } from '../store/port.js';

/** Something that happened to Muster itself: `event` goes to the `system` stream, `card` to the operators' channels. */
export interface SystemNews {
  event: Pick<NewEvent, 'type' | 'body'>;
  card: Card;
  /** Adapter names. */
  platforms: readonly string[];
}

const triesAtMost = 5;

/** Writes both in one commit; the posts are jobs like all others. The lane keeps them in order. */
export function systemTeller(parts: {
  store: Pick<Store, 'commit' | 'systemPosition'>;
  now(): number;
  onCommit(): void;
}): (news: SystemNews) => Promise<void> {
  return async ({ event, card, platforms }) => {
    for (let tries = 1; ; tries++) {
      const at = parts.now();
      const stream = await parts.store.systemPosition();
      const position = stream.expectedSeq + 1;
      try {
        await parts.store.commit([
          {
            stream,
            events: [{ ...event, at, recordedAt: at, actor: { kind: 'machine', name: 'muster' } }],
            incident: null,
            jobs: platforms.map((platform) => ({
              put: {
                key: `say/system/${platform}/${position}/operators`,
                lane: `system/${platform}`,
                position,
                dueAt: at,
                platform,
                incidentId: 'system',
                task: { kind: 'post', incidentId: 'system', platform, to: { to: 'named', name: 'operators' }, card },
              },
            })),
          },
        ]);
        parts.onCommit();
        return;
      } catch (error) {
        if (!(error instanceof ConflictError) || tries === triesAtMost) throw error;
      }
    }
  };
}
