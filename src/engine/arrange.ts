import type { Reply } from '../chat/platform.js';
import type { Act } from '../commands/verb.js';
import type { PostTo } from '../incident/jobs.js';
import type { Card } from '../messages/card.js';
import { ConflictError, type JobWrite, type Store } from '../store/port.js';
import type { Clock } from './clock.js';

export type Arrange = (
  act: Extract<Act, { kind: 'arrange' }>,
  asking: { personId: string; commandId: string },
) => Promise<Reply>;

const triesAtMost = 5;

/** Writes what is no incident's to the `system` stream, with the answer, in one commit; people are told by jobs. */
export function arranging(parts: {
  store: Pick<Store, 'commit' | 'systemPosition' | 'answered'>;
  clock: Clock;
  /** Where people are told: adapter names. */
  platforms(): readonly string[];
  onCommit(): void;
  /** What is kept at hand is looked at again before the answer. */
  onArranged(): Promise<void>;
}): Arrange {
  const { store } = parts;
  return async (
    { events, overrides = [], subscriptions = [], silences = [], tell = [], post = [], reply },
    { personId, commandId },
  ) => {
    for (let tries = 1; ; tries++) {
      const at = parts.clock.now();
      const stream = await store.systemPosition();
      const position = stream.expectedSeq + 1;
      const [home] = parts.platforms();
      const posted = (platform: string, whom: string, to: PostTo, card: Card): JobWrite => ({
        put: {
          key: `say/system/${platform}/${position}/${whom}`,
          lane: `system/${platform}`,
          position,
          dueAt: at,
          platform,
          incidentId: 'system',
          task: { kind: 'post', incidentId: 'system', platform, to, card },
        },
      });
      try {
        await store.commit([
          {
            stream,
            events: events.map((each) => ({ ...each, at, recordedAt: at, actor: { kind: 'person', personId } })),
            incident: null,
            overrides,
            silences,
            subscriptions,
            answered: { id: commandId, at, reply },
            jobs: [
              ...tell.flatMap(({ personId: whom, card }) =>
                home === undefined ? [] : posted(home, whom, { to: 'person', personId: whom }, card),
              ),
              ...post.map(({ incidentId, platform, card }) =>
                posted(platform, incidentId, { to: 'incident', incidentId }, card),
              ),
            ],
          },
        ]);
        parts.onCommit();
        await parts.onArranged();
        return reply;
      } catch (error) {
        if (!(error instanceof ConflictError)) throw error;
        const answered = (await store.answered([commandId])).get(commandId);
        if (answered) return answered as Reply;
        if (error.streams.includes('override')) return gone;
        if (error.streams.includes('silence')) return overtaken;
        if (tries === triesAtMost) throw error;
      }
    }
  };
}

const gone: Reply = {
  text: 'Somebody else has dropped that just now. /incident oncall shows how it stands.',
  refusal: { code: 'gone' },
};

const overtaken: Reply = {
  text: 'Somebody else has changed that just now. /incident silences shows how it stands; then say it again.',
  refusal: { code: 'gone' },
};
