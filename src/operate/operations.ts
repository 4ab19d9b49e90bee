import type { Logger } from 'pino';
import type { ChatAdapter } from '../chat/platform.js';
import type { Config } from '../config/config.js';
import type { Env } from '../config/secrets.js';
import type { Clock } from '../engine/clock.js';
import type { Engine } from '../engine/engine.js';
import type { SystemNews } from '../engine/operators.js';
import type { Regularly } from '../engine/regularly.js';
import type { Store } from '../store/port.js';
import type { Prunable } from '../store/pruning-port.js';
import { type Auditor, startAuditor } from './auditor.js';
import { makeBackup } from './backup.js';
import { type ChatWatch, watchChat } from './chat-watch.js';
import { type DiskWatch, type Sizes, sizesOf, watchDisk } from './disk-watch.js';
import { sendHeartbeat } from './heartbeat.js';
import { watchHeld } from './held-watch.js';
import { placeOf } from './places.js';
import { keepTidy, type Tidying } from './retention.js';
import { keepBackups, type Schedule } from './schedule.js';

export interface Operations {
  backups: Schedule;
  /** Jobs that a restored Muster has not been allowed to carry out. */
  held(): number;
  tidying: Tidying;
  disk: DiskWatch;
  chat: ChatWatch;
  auditor: Auditor;
  heartbeat: Regularly;
  stop(): Promise<void>;
}

/** What a Muster does for itself while it runs: backups on time, an eye on what a restore holds, on its disk, on its chat platforms and on the timers of its incidents, a heartbeat for others, and away with what is old. */
export async function operate(parts: {
  /** As it is now. */
  config(): Config;
  env: Env;
  store: Store;
  engine: Engine;
  /** What keeps Muster from being ready; null: nothing. */
  notReady(): Promise<string | null>;
  tell(news: SystemNews): Promise<void>;
  onRelease(): void;
  onPruned(what: Prunable, rows: number): void;
  /** Left out: those of the database and its disk. */
  sizes?(): Promise<Sizes>;
  /** The chat platforms besides Muster's own. */
  adapters: readonly ChatAdapter[];
  /** Where operators are told even when home cannot be reached. */
  fallback: string;
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
  const tidying = keepTidy({
    ...parts,
    retention: () => config().retention,
    sessionRules: () => config().signIn,
  });
  const disk = watchDisk({
    ...parts,
    sizes: parts.sizes ?? sizesOf(parts.store, config()),
    dataFolder: config().dataFolder,
    platforms: () => config().policy.platforms,
  });
  const chat = watchChat({
    ...parts,
    platforms: () => [...config().policy.platforms, parts.fallback],
  });
  const auditor = startAuditor({ ...parts, platforms: () => config().policy.platforms });
  const heartbeat = sendHeartbeat({ ...parts, trouble: async () => (await parts.notReady()) ?? auditor.trouble() });
  return {
    backups,
    held: held.count,
    tidying,
    disk,
    chat,
    auditor,
    heartbeat,
    async stop() {
      held.stop();
      await Promise.all([backups.stop(), tidying.stop(), disk.stop(), chat.stop(), auditor.stop(), heartbeat.stop()]);
    },
  };
}
