/** As much of a service as matters to what depends on what. */
export interface Depends {
  name: string;
  dependsOn: readonly string[];
  aliases: readonly string[];
  tier: number;
}

/** What depends on what, by the names of the configuration; alerts may call a service by another of its names. */
export interface Topology {
  /** Names of all services. */
  services: readonly string[];
  /** The service that alerts call so; null: the configuration does not know it. */
  nameOf(called: string): string | null;
  /** Every name alerts have for it, its own first. */
  names(service: string): readonly string[];
  tier(service: string): number | null;
  /** What it depends on, directly or by others, the nearest first; within one distance by name. */
  upstream(service: string): readonly Reached[];
  /** What depends on it, in the same order. Paths lead from the dependent service to this one. */
  downstream(service: string): readonly Reached[];
  /** What it depends on directly. */
  needs(service: string): readonly string[];
}

export interface Reached {
  service: string;
  /** How many steps away. */
  distance: number;
  /** The shortest way, from the service that depends to the one it depends on, both included. */
  path: readonly string[];
}

/** A failure further away than this is not taken for the cause. */
export const deepest = 8;

/** What leads nowhere is left out; a circle, which the configuration refuses, would end where it began. */
export function topologyOf(services: readonly Depends[]): Topology {
  const byName = new Map(services.map((each) => [each.name, each]));
  const called = new Map(services.flatMap(({ name, aliases }) => aliases.map((alias) => [alias, name] as const)));
  for (const { name } of services) called.set(name, name);
  const needs = new Map(
    services.map(({ name, dependsOn }) => [name, [...new Set(dependsOn)].filter((each) => byName.has(each)).sort()]),
  );
  const neededBy = new Map<string, string[]>(services.map(({ name }) => [name, []]));
  for (const [name, all] of needs) for (const each of all) neededBy.get(each)?.push(name);
  for (const all of neededBy.values()) all.sort();

  const remembered = (next: ReadonlyMap<string, readonly string[]>, pathOf: (trail: string[]) => string[]) => {
    const known = new Map<string, readonly Reached[]>();
    return (service: string): readonly Reached[] => {
      const found = known.get(service) ?? reach(service, next, pathOf);
      known.set(service, found);
      return found;
    };
  };
  return {
    services: services.map(({ name }) => name),
    nameOf: (word) => called.get(word) ?? null,
    names: (service) => [service, ...(byName.get(service)?.aliases ?? [])],
    tier: (service) => byName.get(service)?.tier ?? null,
    upstream: remembered(needs, (trail) => trail),
    downstream: remembered(neededBy, (trail) => [...trail].reverse()),
    needs: (service) => needs.get(service) ?? [],
  };
}

function reach(
  from: string,
  next: ReadonlyMap<string, readonly string[]>,
  pathOf: (trail: string[]) => string[],
): Reached[] {
  const trails = new Map<string, string[]>([[from, [from]]]);
  const found: Reached[] = [];
  let edge = [from];
  for (let distance = 1; edge.length > 0 && distance <= deepest; distance += 1) {
    const beyond: string[] = [];
    for (const service of edge) {
      for (const each of next.get(service) ?? []) {
        if (trails.has(each)) continue;
        trails.set(each, [...(trails.get(service) as string[]), each]);
        beyond.push(each);
      }
    }
    beyond.sort();
    for (const service of beyond) found.push({ service, distance, path: pathOf(trails.get(service) as string[]) });
    edge = beyond;
  }
  return found;
}
