import type { NoiseEvents, StormCounts } from '../noise.js';

const gone = '[redacted]';
const noCounts: StormCounts = { service: {}, severity: {}, name: {}, host: {} };
const one = (written: readonly string[]): string[] => (written.length > 0 ? [gone] : []);

export const noiseForms: { [T in keyof NoiseEvents]: (body: NoiseEvents[T]) => NoiseEvents[T] } = {
  stormCounted: ({ alerts, overAfterMs }) => ({ source: gone, alerts, counts: noCounts, overAfterMs }),
  stormEnded: ({ alerts }) => ({ source: gone, alerts, counts: noCounts }),
  alertFlapped: ({ times, since, again, settled }) => ({ alert: gone, name: gone, times, since, again, settled }),
  splitOffered: ({ names, hosts }) => ({ names: one(names), hosts: one(hosts) }),
};
