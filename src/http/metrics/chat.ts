import { Counter, Gauge, type Registry } from 'prom-client';
import type { AdapterParts } from '../../chat/platform.js';
import type { Ways } from '../chat-health.js';

/** Of the chat platforms: whether people there are heard, and what is asked of them. */
export function chatMetrics(registry: Registry): {
  /** Tells of each platform whether people there are heard now. */
  scrape(ways: Ways): void;
  counted(platform: string): NonNullable<AdapterParts['counted']>;
} {
  const registers = [registry];
  const heard = new Gauge({
    name: 'muster_chat_heard',
    help: 'Whether what people do on a chat platform arrives: 1 while it does.',
    labelNames: ['platform'] as const,
    registers,
  });
  const requests = new Counter({
    name: 'muster_chat_requests_total',
    help: 'Requests to a chat platform by how they ended: ok, refused (it said no), limited (it said later), failed, unanswered.',
    labelNames: ['platform', 'method', 'outcome'] as const,
    registers,
  });
  const waits = new Counter({
    name: 'muster_chat_retry_after_seconds_total',
    help: 'Seconds a chat platform has asked to wait (Retry-After), added up.',
    labelNames: ['platform', 'method'] as const,
    registers,
  });
  return {
    scrape(ways) {
      for (const [platform, way] of ways) heard.set({ platform }, way.state().ready ? 1 : 0);
    },
    counted: (platform) => (method, outcome, retryAfterMs) => {
      requests.inc({ platform, method, outcome });
      if (retryAfterMs !== undefined) waits.inc({ platform, method }, Math.max(0, retryAfterMs) / 1_000);
    },
  };
}
