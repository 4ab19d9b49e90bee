import type { FastifyInstance } from 'fastify';
import type { Outcome } from '../alerts/alert.js';
import type { SourceFigures, Store } from '../store/port.js';
import { lately } from './lately.js';

type Counted = Parameters<Store['addToSource']>[1];

const nothing = (): Counted => ({ requests: 0, refused: 0, lastSeenAt: null, lastRefusal: null, outcomes: {} });

/** Adds `more` to what is counted; `more` is the later one. */
function add(to: Counted, more: Counted): void {
  to.requests += more.requests;
  to.refused += more.refused;
  to.lastSeenAt = more.lastSeenAt ?? to.lastSeenAt;
  to.lastRefusal = more.lastRefusal ?? to.lastRefusal;
  for (const [outcome, count] of Object.entries(more.outcomes) as [Outcome, number][]) {
    to.outcomes[outcome] = (to.outcomes[outcome] ?? 0) + count;
  }
}

/** What a source sent, taken or not; written at most once a second, and when the server closes. */
export interface Figures {
  taken(name: string, at: number, outcomes: readonly { outcome: Outcome }[]): void;
  refused(name: string, refusal: NonNullable<SourceFigures['lastRefusal']>): void;
  /** Writes what is counted. What cannot be written is logged and kept for the next time. */
  flush(): Promise<void>;
}

/** Figures are kept apart from the alerts' own commits: they may lag a second behind, and a crash may cost that second. */
export function countFigures(app: FastifyInstance, store: Pick<Store, 'addToSource'>): Figures {
  let counted = new Map<string, Counted>();

  function count(name: string, more: Counted): void {
    const own = counted.get(name) ?? nothing();
    counted.set(name, own);
    add(own, more);
    soon();
  }

  async function write(): Promise<void> {
    const now = counted;
    counted = new Map();
    for (const [name, figures] of now) {
      try {
        await store.addToSource(name, figures);
      } catch (error) {
        app.log.error({ err: error, source: name }, 'figures of a source could not be written');
        add(figures, counted.get(name) ?? nothing());
        counted.set(name, figures);
      }
    }
  }

  const { soon, flush } = lately(app, write);

  return {
    flush,
    taken(name, at, outcomes) {
      const counts: Counted['outcomes'] = {};
      for (const { outcome } of outcomes) counts[outcome] = (counts[outcome] ?? 0) + 1;
      count(name, { ...nothing(), requests: 1, lastSeenAt: at, outcomes: counts });
    },
    refused(name, refusal) {
      count(name, { ...nothing(), requests: 1, refused: 1, lastRefusal: refusal });
    },
  };
}
