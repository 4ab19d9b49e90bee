import { type Decisions, event } from '../context.js';
import type { NoiseCommands } from '../noise.js';
import { isOpen } from '../state.js';

export const noiseDecisions = {
  countStorm: [
    'anything',
    (_, { source, alerts, counts, overAfterMs }) => [event('stormCounted', { source, alerts, counts, overAfterMs })],
  ],
  endStorm: [
    'anything',
    (state, { dueAt }) => {
      const { storm } = state;
      if (!storm || storm.endedAt !== null || storm.lastAt + storm.overAfterMs !== dueAt || !isOpen(state)) return [];
      return [event('stormEnded', { source: storm.source, alerts: storm.alerts, counts: storm.counts })];
    },
  ],
  noteFlapping: [
    'anything',
    (_, { alert, name, times, since, again, settled }) => [
      event('alertFlapped', { alert, name, times, since, again, settled }),
    ],
  ],
  // Offered once: whoever leaves it has decided.
  offerSplit: [
    'anything',
    (state, { names, hosts }) => (state.unlike || !isOpen(state) ? [] : [event('splitOffered', { names, hosts })]),
  ],
} satisfies Decisions<keyof NoiseCommands>;
