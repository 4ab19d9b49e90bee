import { addCounts, counted, type NoiseEvents, type StormCounts } from '../noise.js';
import type { Rule } from './walk.js';

const flappingKept = 20;
const none: StormCounts = { service: {}, severity: {}, name: {}, host: {} };

export const noiseRules: { [T in keyof NoiseEvents]: Rule<T> } = {
  stormCounted: ({ storm }, { source, alerts, counts, overAfterMs }, { at }) => {
    const known = storm?.counts ?? none;
    return {
      storm: {
        source,
        since: storm?.since ?? at,
        lastAt: Math.max(storm?.lastAt ?? at, at),
        alerts: (storm?.alerts ?? 0) + alerts,
        counts: Object.fromEntries(counted.map((each) => [each, addCounts(known[each], counts[each])])) as StormCounts,
        overAfterMs,
        endedAt: null,
      },
    };
  },
  stormEnded: ({ storm }, _, { at }) => (storm ? { storm: { ...storm, endedAt: at } } : {}),
  alertFlapped: ({ flapping = [], alerts }, { again, settled, ...now }) => {
    const known = flapping.find(({ alert }) => alert === now.alert);
    const one = known ? { ...now, times: known.times + again, since: known.since } : now;
    return {
      alerts: { ...alerts, total: alerts.total + again },
      flapping: [...flapping.filter(({ alert }) => alert !== one.alert), ...(settled ? [] : [one])].slice(
        -flappingKept,
      ),
    };
  },
  splitOffered: (_, { names, hosts }) => ({ unlike: { names, hosts } }),
};
