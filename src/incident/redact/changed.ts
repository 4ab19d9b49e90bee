import type { ChangedEvents } from '../changed.js';

const gone = '[redacted]';

/** An address is left out: nothing stands for one. */
export const changedForms: { [T in keyof ChangedEvents]: (body: ChangedEvents[T]) => ChangedEvents[T] } = {
  changesNoted: ({ changes }) => ({
    changes: changes.map(({ at, path }) => ({ text: gone, at, link: null, path: path.map(() => gone) })),
  }),
};
