import type { FastifyInstance } from 'fastify';
import type { SourceFigures, Store } from '../store/port.js';

interface Parts {
  app: FastifyInstance;
  store: Pick<Store, 'addToSource'>;
  clock: { now(): number };
}

const writeEveryMs = 1_000;

interface Counted {
  refused: number;
  last: NonNullable<SourceFigures['lastRefusal']>;
}

/** Counts what is refused per source and writes it at most once a second, and when the server closes. */
export function countRefusals({ app, store, clock }: Parts): {
  add(name: string, status: number, error: string): void;
  /** Writes what is counted. What cannot be written is kept for the next time and logged. */
  flush(): Promise<void>;
} {
  let counted = new Map<string, Counted>();
  let timer: NodeJS.Timeout | null = null;
  let writing: Promise<void> = Promise.resolve();

  async function write(): Promise<void> {
    const now = counted;
    counted = new Map();
    for (const [name, { refused, last }] of now) {
      try {
        await store.addToSource(name, { requests: 0, refused, lastSeenAt: null, lastRefusal: last, outcomes: {} });
      } catch (error) {
        app.log.error({ err: error, source: name }, 'refusals could not be written');
        const since = counted.get(name);
        counted.set(name, { refused: refused + (since?.refused ?? 0), last: since?.last ?? last });
      }
    }
  }
  const flush = (): Promise<void> => {
    if (timer) clearTimeout(timer);
    timer = null;
    writing = writing.then(write);
    return writing;
  };
  app.addHook('onClose', flush);

  return {
    flush,
    add(name, status, error) {
      const before = counted.get(name);
      counted.set(name, { refused: (before?.refused ?? 0) + 1, last: { at: clock.now(), status, error } });
      timer ??= setTimeout(() => void flush(), writeEveryMs).unref();
    },
  };
}
