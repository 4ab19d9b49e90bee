import { type Quiet, quietSteering } from '../alerts/quiet/steering.js';
import { stormSteering } from '../alerts/rules/storm.js';
import type { Steering } from '../alerts/steer.js';
import type { Config } from '../config/config.js';
import type { RecentAlerts } from '../engine/recent-alerts.js';
import { standingOf } from '../quiet/desk.js';
import { dependenciesFor } from './dependencies.js';
import { intakeRouting } from './intake-rules.js';

const nothingCame: RecentAlerts['of'] = () => ({ alerts: 0, groups: new Set() });

/**
 * Why alerts go elsewhere than their group does, in the order in which one is asked: what keeps them quiet for a while,
 * the rules of the configuration, what a service depends on, whether too much comes at once, how long ago the last of a
 * group came. That a suspected compromise is heard all the same is seen to where they are asked.
 */
export function steeringOf(
  config: Config,
  quiet: (now: number) => readonly Quiet[] = (now) => windowsOf(config, now),
  recent: RecentAlerts['of'] = nothingCame,
): readonly Steering[] {
  const { rules, windows } = intakeRouting(config);
  const { intake, ladder } = config;
  const { storm } = intake;
  const storms = storm ? [stormSteering(storm, ladder, (source, now) => recent(source, now, storm.withinMs))] : [];
  return [quietSteering(quiet), rules, ...dependenciesFor(config), ...storms, windows];
}

const windowsOf = ({ maintenance }: Config, now: number): readonly Quiet[] =>
  standingOf({ silences: [], windows: maintenance, names: new Map() }, now);
