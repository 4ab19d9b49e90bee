import { isUtf8 } from 'node:buffer';
import type { FastifyInstance } from 'fastify';
import type { Door, Received } from '../alerts/source.js';
import { maskSecrets } from '../secrets/find.js';
import type { KeptBody } from '../store/bodies-port.js';
import type { Store } from '../store/port.js';
import { lately } from './lately.js';

const bytesAtMost = 64 * 1024;
/** Of one source between two writes: a storm leaves a sample. */
const atOnceOfSource = 20;
const keptOfSource = 500;

const hidden = '[hidden]';
const neverKept =
  /^(?:authorization|proxy-authorization|cookie|x-forwarded-.*|forwarded|connection|content-length|host)$/;
const soundsSecret = /token|secret|password|passwd|api-?key|auth|session/i;

export interface KeepBodies {
  keep(
    receipt: string,
    receivedAt: number,
    of: { source: string; door: Door; secrets: readonly string[] },
    received: Received,
  ): void;
  flush(): Promise<void>;
}

/**
 * Keeps requests that were taken, so that they can be shown to their owner and read again by other rules. Apart from the
 * alerts' own commits: a crash may cost the last second of them, a storm most of them, and no alert.
 */
export function keepsBodies(app: FastifyInstance, store: Partial<Pick<Store, 'keepBodies'>>): KeepBodies {
  let waiting: KeptBody[] = [];
  let counted = new Map<string, number>();

  async function write(): Promise<void> {
    const now = waiting;
    waiting = [];
    counted = new Map();
    if (now.length === 0) return;
    try {
      await store.keepBodies?.(now, keptOfSource);
    } catch (error) {
      app.log.error({ err: error, requests: now.length }, 'requests could not be kept for reading them again');
    }
  }
  const { soon, flush } = lately(app, write);

  return {
    flush,
    keep(id, receivedAt, { source, door, secrets }, { method, headers, query, raw }) {
      const count = counted.get(source) ?? 0;
      if (count >= atOnceOfSource) return;
      counted.set(source, count + 1);
      const clean = (text: string): string =>
        secrets.reduce((rest, secret) => rest.replaceAll(secret, hidden), maskSecrets(text));
      waiting.push({
        id,
        source,
        receivedAt,
        method,
        headers: shown(headers, (name) => neverKept.test(name) || door.tokenHeaders?.includes(name) === true, clean),
        query: shown(query, (name) => name === (door.tokenQuery ?? 'token'), clean),
        body: raw.length > bytesAtMost || !isUtf8(raw) || raw.includes(0) ? null : clean(raw.toString('utf8')),
      });
      soon();
    },
  };
}

function shown(
  of: Readonly<Record<string, string | undefined>>,
  left: (name: string) => boolean,
  clean: (text: string) => string,
): Record<string, string> {
  const pairs: [string, string][] = [];
  for (const [name, value] of Object.entries(of)) {
    if (typeof value !== 'string' || left(name)) continue;
    // What proves a body, unlike what opens a door, is of no use to anybody else.
    pairs.push([name, soundsSecret.test(name) && !/signature/i.test(name) ? hidden : clean(value)]);
  }
  return Object.fromEntries(pairs);
}
