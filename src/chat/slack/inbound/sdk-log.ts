import { LogLevel, type Logger as SdkLogger } from '@slack/bolt';
import type { Logger } from 'pino';

/** The SDK's words in our log. What it calls an error is met and told by whoever called it, so here it is detail. */
export function sdkLogger(log: Logger): SdkLogger {
  const detail = (...words: unknown[]): void =>
    log.debug({ slack: words.map(String).join(' ').slice(0, 1_000) }, 'slack');
  return {
    // Its own debug level writes payloads, and people's words with them.
    debug: () => {},
    info: detail,
    warn: detail,
    error: detail,
    setLevel: () => {},
    getLevel: () => LogLevel.INFO,
    setName: () => {},
  };
}
