import fc from 'fast-check';
import type { CommandBodies } from './commands.js';
import type { NoiseCommands, StormCounts } from './noise.js';
import { minutes, start } from './testing.js';

/** Commands about alerts that are too many, come and go, or do not belong together. */
export const noiseBodies = (
  words: fc.Arbitrary<string>,
): { [T in keyof NoiseCommands]: fc.Arbitrary<CommandBodies[T]> } => {
  const tally = fc.tuple(words, fc.integer({ min: 1, max: 9 })).map(([word, n]) => ({ [word]: n }));
  const counts: fc.Arbitrary<StormCounts> = fc.record({ service: tally, severity: tally, name: tally, host: tally });
  const names = fc.array(words, { minLength: 1, maxLength: 2 });
  return {
    countStorm: fc.record({ source: words, alerts: fc.nat(60), counts, overAfterMs: fc.constant(minutes(10)) }),
    endStorm: fc.record({ dueAt: fc.integer({ min: start, max: start + minutes(300) }) }),
    noteFlapping: fc.record({
      alert: words,
      name: words,
      times: fc.integer({ min: 3, max: 9 }),
      since: fc.constant(start),
      again: fc.constantFrom(0, 1),
      settled: fc.boolean(),
    }),
    offerSplit: fc.record({ names, hosts: names }),
  };
};
