import type { Rules } from '../alerts/plan.js';
import { type Routing, routingOf } from '../alerts/rules/routing.js';
import type { Config } from '../config/config.js';
import { topologyFor } from './dependencies.js';

type Ruled = Pick<Config, 'intake' | 'sources' | 'ladder'>;

const compiled = new WeakMap<Config['intake'], Routing>();

/** The intake rules of a configuration; compiled with the first alert. */
export function intakeRouting({ intake, sources, ladder }: Ruled): Routing {
  const known = compiled.get(intake);
  if (known) return known;
  const kinds = Object.fromEntries(sources.map(({ name, kind }) => [name, kind]));
  const routing = routingOf(intake, { kinds, tiers: ladder.tiers });
  compiled.set(intake, routing);
  return routing;
}

/** What planning needs of them besides what is asked in turn. */
export const intakeRules = (
  config: Ruled & Pick<Config, 'services'>,
): Pick<Rules, 'groupKey' | 'flap' | 'topology'> => ({
  groupKey: intakeRouting(config).groupKey,
  flap: config.intake.flap,
  topology: topologyFor(config),
});
