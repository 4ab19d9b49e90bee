import type { ChangedBefore } from '../incident/changed.js';
import type { Topology } from './dependencies/topology.js';
import type { Batch } from './plan.js';
import { address, kept, line } from './words.js';

/** What a sender says was changed; from outside. */
export interface Changed {
  text: string;
  /** http(s); null: none. */
  link: string | null;
}

/** A change as it is kept for a while. */
export interface RecentChange extends Changed {
  /** One request may bring several. */
  id: string;
  /** As its sender calls it. */
  service: string;
  /** When it came in. */
  at: number;
}

const textAtMost = 300;

/** What changed this long before may be why. */
export const changesCountMs = 2 * 3_600_000;
/** Of a time in which more came only the newest are looked at. */
export const changesLooked = 1_000;
const shown = 3;

/** The changes that these requests tell of: those that are no alert, and deployments that went well. */
export function changesIn(batches: readonly Batch[]): RecentChange[] {
  return batches.flatMap(({ receipt, receivedAt, alerts, passedOver }) => {
    const { of, change } = passedOver?.tells ?? {};
    const told = [
      ...(of && change && 'service' in of ? [{ service: of.service, change }] : []),
      ...alerts.flatMap(({ service, change }) => (change ? [{ service, change }] : [])),
    ];
    return told.flatMap(({ service, change }, index) =>
      service === null
        ? []
        : {
            id: `${receipt}/${index}`,
            service: line(service, kept.word),
            at: receivedAt,
            text: line(change.text, textAtMost),
            link: address(change.link),
          },
    );
  });
}

/**
 * What of it was changed on these services, or on what they depend on, within two hours before `openedAt`: the newest
 * three, newest first. The same words of a service are one change: senders say them again when an answer was lost.
 */
export function changedBefore(
  changes: readonly RecentChange[],
  { services, openedAt }: { services: readonly string[]; openedAt: number },
  topology: Pick<Topology, 'nameOf' | 'names' | 'upstream'>,
): ChangedBefore[] {
  const paths = new Map<string, readonly string[]>();
  const way = (called: string, path: readonly string[]): void => {
    const known = paths.get(called);
    if (!known || path.length < known.length) paths.set(called, path);
  };
  for (const service of services) {
    way(service, [service]);
    const name = topology.nameOf(service);
    if (name === null) continue;
    for (const each of topology.names(name)) way(each, [name]);
    for (const { service: upstream, path } of topology.upstream(name))
      for (const each of topology.names(upstream)) way(each, path);
  }
  const found = new Map<string, ChangedBefore>();
  for (const { service, at, text, link } of [...changes].sort((a, b) => b.at - a.at)) {
    const path = paths.get(service);
    if (!path || at > openedAt || at < openedAt - changesCountMs) continue;
    const key = JSON.stringify([path.at(-1), text]);
    if (!found.has(key)) found.set(key, { text, at, link, path: [...path] });
    if (found.size === shown) break;
  }
  return [...found.values()];
}
