import type { Reach, Reached } from '../../incident/reach.js';
import type { Topology } from './topology.js';

/** What is around this service and what of it fires; null: nothing depends on it, and it on nothing. */
export function reachOf(topology: Topology, service: string, fires: (service: string) => boolean): Reach | null {
  const at = (level: number, name: string): Reached => ({ name, fires: fires(name), level });
  const around = [
    ...topology.upstream(service).map((each) => at(each.distance, each.service)),
    ...topology.downstream(service).map((each) => at(-each.distance, each.service)),
  ].sort((a, b) => Math.abs(a.level) - Math.abs(b.level) || (a.name < b.name ? -1 : 1));
  if (around.length === 0) return null;
  const shown = new Set([service, ...around.map(({ name }) => name)]);
  const edges = [...shown].flatMap((from) =>
    topology.needs(from).flatMap((to) => (shown.has(to) ? [{ from, to }] : [])),
  );
  return { about: at(0, service), around, edges };
}
