import type { FastifyInstance } from 'fastify';

const writeEveryMs = 1_000;

/** What is gathered in memory and written a little later. */
export interface Lately {
  /** Something is there to be written, within a second. */
  soon(): void;
  /** Writes at once, after what is being written. */
  flush(): Promise<void>;
}

/** Writes at most once a second, one time after the other, and when the server closes. `write` sees to its own errors. */
export function lately(app: FastifyInstance, write: () => Promise<void>): Lately {
  let timer: NodeJS.Timeout | null = null;
  let writing: Promise<void> = Promise.resolve();
  function flush(): Promise<void> {
    if (timer) clearTimeout(timer);
    timer = null;
    writing = writing.then(write);
    return writing;
  }
  app.addHook('onClose', flush);
  return {
    soon() {
      timer ??= setTimeout(() => void flush(), writeEveryMs).unref();
    },
    flush,
  };
}
