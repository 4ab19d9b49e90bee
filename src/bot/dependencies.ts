import { dependencySteering } from '../alerts/dependencies/steering.js';
import { type Topology, topologyOf } from '../alerts/dependencies/topology.js';
import type { Steering } from '../alerts/steer.js';
import type { Config } from '../config/config.js';

type Known = Pick<Config, 'services' | 'ladder'>;

const topologies = new WeakMap<Config['services'], Topology>();
const steerings = new WeakMap<Topology, Steering>();

/** What depends on what, by the configuration. */
export function topologyFor({ services }: Pick<Config, 'services'>): Topology {
  const topology = topologies.get(services) ?? topologyOf(services);
  topologies.set(services, topology);
  return topology;
}

/** Where nothing depends on anything and nothing has two names, nothing is asked. */
export function dependenciesFor(config: Known): readonly Steering[] {
  if (!config.services.some(({ dependsOn, aliases }) => dependsOn.length + aliases.length > 0)) return [];
  const topology = topologyFor(config);
  const steering = steerings.get(topology) ?? dependencySteering(topology, config.ladder);
  steerings.set(topology, steering);
  return [steering];
}
