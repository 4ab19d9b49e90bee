import { type Item, isArrival, isRequest } from './tick.js';
import { movesAlerts } from './together.js';

/** What waits for its turn. */
export interface Queue {
  put(item: Item): void;
  /** What the next tick does; leaves the rest. */
  take(): Item[];
  size(): number;
}

/** A tick takes this many of each kind and leaves the rest, so that jobs and answers get their turn under load. */
const itemsPerTick = 256;
const alertsPerTick = 2_000;

/**
 * Commands in the order in which they came, before alerts: a person waits for each. Alerts of each source in their order,
 * and the sources in turn, a request of each, so that one that storms holds up nobody but itself.
 */
export function createQueue(): Queue {
  const commands: Item[] = [];
  const bySource = new Map<string, Item[]>();
  let arrivals = 0;

  function takeCommands(): Item[] {
    // Alerts that go from one incident to another are read and written by nothing else of the same tick.
    const alone = commands.findIndex((each) => isRequest(each) && movesAlerts(each.item.asked.command));
    return commands.splice(0, alone < 0 ? itemsPerTick : Math.min(itemsPerTick, Math.max(1, alone)));
  }

  function takeArrivals(): Item[] {
    const taken: Item[] = [];
    let alerts = 0;
    let round = [...bySource.keys()];
    while (round.length > 0) {
      const again: string[] = [];
      for (const source of round) {
        const waiting = bySource.get(source) as Item[];
        const next = waiting[0] as Item;
        const size = isArrival(next) ? next.item.alerts.length : 0;
        // Passed over it stays first, and the next tick begins with it.
        if (taken.length >= itemsPerTick || (taken.length > 0 && alerts + size > alertsPerTick)) continue;
        waiting.shift();
        taken.push(next);
        alerts += size;
        bySource.delete(source);
        if (waiting.length === 0) continue;
        bySource.set(source, waiting);
        again.push(source);
      }
      round = again;
    }
    arrivals -= taken.length;
    return taken;
  }

  return {
    put(item) {
      if (!isArrival(item)) {
        commands.push(item);
        return;
      }
      arrivals++;
      const { source } = item.item;
      const waiting = bySource.get(source);
      if (waiting) waiting.push(item);
      else bySource.set(source, [item]);
    },
    take() {
      const asked = takeCommands();
      const first = asked[0];
      if (first && isRequest(first) && movesAlerts(first.item.asked.command)) return asked;
      return [...asked, ...takeArrivals()];
    },
    size: () => commands.length + arrivals,
  };
}
