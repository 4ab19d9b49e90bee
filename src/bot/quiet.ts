import type { Logger } from 'pino';
import type { Config } from '../config/config.js';
import type { Clock } from '../engine/clock.js';
import type { Engine } from '../engine/engine.js';
import { type EpisodesWatch, watchEpisodes } from '../engine/episodes-due.js';
import type { SystemNews } from '../engine/operators.js';
import type { QuietFigures } from '../http/metrics/quiet.js';
import { senderOf } from '../http/senders.js';
import { type SourcesWatch, watchSources } from '../quiet/sources-watch.js';
import { type QuietWatch, watchQuiet } from '../quiet/watch.js';
import type { Store } from '../store/port.js';

/** What follows although nobody reports it: alerts that end, or are kept quiet no more, and senders that fall silent. */
export interface Unreported {
  episodes: EpisodesWatch;
  quiet: QuietWatch;
  heartbeats: SourcesWatch;
  /** For the metrics. */
  figures(): QuietFigures;
  /** What a source sent could not be taken just now. */
  missed(source: string): void;
  stop(): Promise<void>;
}

export async function watchUnreported(parts: {
  store: Store;
  engine: Engine;
  current(): Config;
  names: ReadonlyMap<string, string>;
  tell(news: SystemNews): Promise<void>;
  onCommit(): void;
  clock: Clock;
  log: Logger;
}): Promise<Unreported> {
  const { current } = parts;
  const holders = (now: number): ReadonlySet<string> => new Set(quiet.desk.standing(now).map(({ by }) => by));
  const episodes = watchEpisodes({ ...parts, holders });
  const quiet = await watchQuiet({ ...parts, heard: () => episodes.look() });
  const heartbeats = watchSources({ ...parts, isSource: (name) => senderOf(name, current()) !== null });
  return {
    episodes,
    quiet,
    heartbeats,
    figures() {
      const standing = quiet.desk.standing(parts.clock.now());
      const held = standing.reduce((sum, { by }) => sum + quiet.desk.held(by), 0);
      return { active: standing.length, held, silent: heartbeats.silent() };
    },
    missed(source) {
      episodes.missed(source);
      heartbeats.missed(source);
    },
    async stop() {
      await quiet.stop();
      await heartbeats.stop();
      await episodes.stop();
    },
  };
}
