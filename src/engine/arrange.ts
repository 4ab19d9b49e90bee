import type { Reply } from '../chat/platform.js';
import type { Act } from '../commands/verb.js';
import { ConflictError, type Store } from '../store/port.js';
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
  return async ({ events, overrides = [], subscriptions = [], tell = [], reply }, { personId, commandId }) => {
    for (let tries = 1; ; tries++) {
      const at = parts.clock.now();
      const stream = await store.systemPosition();
      const position = stream.expectedSeq + 1;
      const [home] = parts.platforms();
      try {
        await store.commit([
          {
            stream,
            events: events.map((each) => ({ ...each, at, recordedAt: at, actor: { kind: 'person', personId } })),
            incident: null,
            overrides,
            subscriptions,
            answered: { id: commandId, at, reply },
            jobs: tell.flatMap(({ personId: whom, card }) =>
              home === undefined
                ? []
                : {
                    put: {
                      key: `say/system/${home}/${position}/${whom}`,
                      lane: `system/${home}`,
                      position,
                      dueAt: at,
                      platform: home,
                      incidentId: 'system',
                      task: {
                        kind: 'post',
                        incidentId: 'system',
                        platform: home,
                        to: { to: 'person', personId: whom },
                        card,
                      },
                    },
                  },
            ),
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
        if (tries === triesAtMost) throw error;
      }
    }
  };
}

const gone: Reply = {
  text: 'Somebody else has dropped that just now. /incident oncall shows how it stands.',
  refusal: { code: 'gone' },
};
