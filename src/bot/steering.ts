import { type Quiet, quietSteering } from '../alerts/quiet/steering.js';
import type { Steering } from '../alerts/steer.js';
import type { Config } from '../config/config.js';
import { standingOf } from '../quiet/desk.js';
import { dependenciesFor } from './dependencies.js';
import { intakeRouting } from './intake-rules.js';

/**
 * Why alerts go elsewhere than their group does, in the order in which one is asked: what keeps them quiet for a while,
 * the rules of the configuration, what a service depends on, how long ago the last of a group came. That a suspected
 * compromise is heard all the same is seen to where they are asked.
 */
export function steeringOf(
  config: Config,
  quiet: (now: number) => readonly Quiet[] = (now) => windowsOf(config, now),
): readonly Steering[] {
  const { rules, windows } = intakeRouting(config);
  return [quietSteering(quiet), rules, ...dependenciesFor(config), windows];
}

const windowsOf = ({ maintenance }: Config, now: number): readonly Quiet[] =>
  standingOf({ silences: [], windows: maintenance, names: new Map() }, now);
