import type { Logger } from 'pino';
import type { Config } from '../config/config.js';
import type { Env } from '../config/secrets.js';
import type { Clock } from '../engine/clock.js';
import type { SystemNews } from '../engine/operators.js';
import type { Store } from '../store/port.js';
import { makeBackup } from './backup.js';
import { watchHeld } from './held-watch.js';
import { placeOf } from './places.js';
import { keepBackups, type Schedule } from './schedule.js';

export interface Operations {
  backups: Schedule;
  /** Jobs that a restored Muster has not been allowed to carry out. */
  held(): number;
  stop(): Promise<void>;
}

/** What a Muster does for itself while it runs: backups on time, and an eye on what a restore holds. */
export async function operate(parts: {
  /** As it is now. */
  config(): Config;
  env: Env;
  store: Store;
  tell(news: SystemNews): Promise<void>;
  onRelease(): void;
  clock: Clock;
  log: Logger;
}): Promise<Operations> {
  const { config, env, clock } = parts;
  const held = await watchHeld(parts);
  const backups = keepBackups({
    ...parts,
    plan: () => config().backup,
    place: (plan) => placeOf(plan.to, plan, env),
    make: (plan, place) => makeBackup({ config: config(), env, place, recipients: plan.recipients, now: clock.now }),
    platforms: () => config().policy.platforms,
  });
  return {
    backups,
    held: held.count,
    async stop() {
      held.stop();
      await backups.stop();
    },
  };
}
