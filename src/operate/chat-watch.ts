import type { Logger } from 'pino';
import type { Finding } from '../chat/finding.js';
import type { ChatAdapter } from '../chat/platform.js';
import type { Config } from '../config/config.js';
import type { Clock } from '../engine/clock.js';
import type { SystemNews } from '../engine/operators.js';
import { regularly } from '../engine/regularly.js';
import { type Card, code, paragraph, strong, text } from '../messages/card.js';
import { count } from '../messages/count.js';
import type { Store } from '../store/port.js';
import { expectedChannels } from './expected-channels.js';

const hourMs = 3_600_000;
/** Once a day while all is well; a little less, so that the hour of the day does not wander. */
const againAfterMs = 24 * hourMs - hourMs / 2;
const toldAtMost = 10;
/** Where it is noted when a platform was looked at, and what was told of it. */
const markName = 'examined';

interface Noted {
  at: number;
  /** What has been told. */
  troubles: string[];
  /** Somebody was about to tell more. */
  untold?: true;
}

export interface ChatWatch {
  /** Looks at each platform whose day has come. Never throws: what goes wrong is logged. */
  look(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Looks once a day at what Muster needs of each chat platform: tokens, rights, channels. Trouble is told to the
 * operators once, then looked at every hour until it is gone, which is told too.
 */
export function watchChat(parts: {
  adapters: readonly ChatAdapter[];
  store: Pick<Store, 'mark' | 'swapMark' | 'openChannels' | 'incident'>;
  config(): Pick<Config, 'policy' | 'channels'>;
  /** Platforms where the operators are told, the one in trouble being one of them or not. */
  platforms(): readonly string[];
  tell(news: SystemNews): Promise<void>;
  clock: Clock;
  log: Logger;
}): ChatWatch {
  const { adapters, store, config, tell, clock, log } = parts;

  async function lookAt({ platform: { name: platform }, examine }: ChatAdapter): Promise<void> {
    if (!examine) return;
    const mark = await store.mark(platform, markName);
    const noted = notedIn(mark);
    const now = clock.now();
    if (noted.troubles.length === 0 && !noted.untold && now - noted.at < againAfterMs) return;
    const { policy, channels } = config();
    const expected = await expectedChannels(platform, { store, policy, names: channels });
    const found = (await examine(expected)).filter(({ level }) => level === 'problem');
    if (found.some(({ passing }) => passing))
      return void log.info({ platform }, 'a chat platform could not be looked at');
    const troubles = found.map(({ about, what }) => `${about}: ${what}`);
    const isNews = troubles.some((trouble) => !noted.troubles.includes(trouble));
    // Of several that look at once only the first tells; what a crash keeps it from telling is told at the next look.
    const claim = JSON.stringify({ at: now, troubles: noted.troubles, untold: true } satisfies Noted);
    if (!(await store.swapMark(platform, markName, mark, claim))) return;
    const told = { platform, troubles: troubles.slice(0, toldAtMost) };
    if (isNews) {
      log.warn(told, 'a chat platform does not have what Muster needs');
      await tell({ event: { type: 'chatTrouble', body: told }, card: troubleCard(platform, found), platforms: whom() });
    } else if (troubles.length === 0 && noted.troubles.length > 0) {
      log.info({ platform }, 'a chat platform has what Muster needs again');
      await tell({ event: { type: 'chatWell', body: { platform } }, card: wellCard(platform), platforms: whom() });
    }
    await store.swapMark(platform, markName, claim, JSON.stringify({ at: now, troubles } satisfies Noted));
  }

  const whom = (): string[] => [...new Set(parts.platforms())];

  const turns = regularly({
    clock,
    everyMs: hourMs,
    async look() {
      for (const adapter of adapters)
        await lookAt(adapter).catch((error) =>
          log.error({ err: error, platform: adapter.platform.name }, 'a chat platform could not be looked at'),
        );
    },
    failed: (error) => log.error({ err: error }, 'the chat platforms could not be looked at'),
  });
  return { look: turns.look, stop: turns.stop };
}

function notedIn(mark: string | null): Noted {
  return mark === null ? { at: 0, troubles: [] } : (JSON.parse(mark) as Noted);
}

function troubleCard(platform: string, found: readonly Finding[]): Card {
  const summary = `Muster lacks something on ${platform}: ${count(found.length, 'problem')}.`;
  const items = found
    .slice(0, toldAtMost)
    .map(({ about, what, fix = '' }) => [strong(about), text(` ${what} ${fix}`.trimEnd())]);
  return {
    tone: 'warning',
    summary,
    blocks: [
      paragraph(text(summary)),
      { kind: 'list', ordered: false, items },
      paragraph(text('All of it: '), code(`muster doctor ${platform}`)),
    ],
  };
}

function wellCard(platform: string): Card {
  const summary = `On ${platform} Muster has what it needs again.`;
  return { tone: 'good', summary, blocks: [paragraph(text(summary))] };
}
