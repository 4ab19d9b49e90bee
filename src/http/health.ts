import { randomUUID } from 'node:crypto';
import { statfs } from 'node:fs/promises';
import type { FastifyInstance } from 'fastify';
import type { Store } from '../store/port.js';
import { heardOn, type Ways } from './chat-health.js';
import type { Metrics } from './metrics/metrics.js';

const answerWithinMs = 2_000;
const askAgainAfterMs = 150;
/** However many ask, the database is written four times a second at most while all is well. */
const keptForMs = 250;
/** What was nearly full has to have this much more than the minimum to be well again, so that it does not flap. */
const roomAgain = 1.25;

export interface HealthParts {
  store: Pick<Store, 'ready' | 'heldCount'>;
  /** Whether due jobs are being run. */
  running(): boolean;
  metrics: Pick<Metrics, 'contentType' | 'figures'>;
  /** Where the data is, and how many bytes there must be left. */
  disk?: { folder: string; atLeastBytes(): number };
  /** How people of chat platforms are heard; told, and no part of being ready. */
  ways?: Ways;
}

interface Trouble {
  error: string;
  hint: string;
}
/** What readiness is made of; null: well. */
type Looked = Record<'database' | 'jobs' | 'disk', Trouble | null>;
interface Found {
  looked: Looked;
  cause?: unknown;
}
type Look = () => Promise<Found>;

/**
 * `/healthz`: the process answers, `instance` tells one from another. `/readyz`: it can store, has room and runs its
 * jobs; else 503 and which part fails. Chat platforms that are away are named and leave it ready: alerts come in all the
 * same. `/metrics`: figures for Prometheus.
 */
export async function healthRoutes(app: FastifyInstance, parts: HealthParts): Promise<void> {
  const { store, metrics, ways = new Map() } = parts;
  const anyone = { config: { access: 'anyone' } } as const;
  const instance = randomUUID().slice(0, 8);
  const look = shared(looksAt(parts));

  app.get('/healthz', anyone, () => ({ status: 'ok', instance }));

  app.get('/readyz', anyone, async (request, reply): Promise<unknown> => {
    const { looked, cause } = await look();
    const failing = Object.entries(looked).flatMap(([part, trouble]) => (trouble ? [{ part, ...trouble }] : []));
    const told = Object.fromEntries(Object.entries(looked).map(([part, trouble]) => [part, trouble?.error ?? 'ok']));
    // Held is how a restored Muster should be: it is told and is no trouble.
    const held = looked.database === null ? await store.heldCount() : null;
    reply.header('cache-control', 'no-store');
    const [first] = failing;
    const chat = ways.size > 0 ? { chat: heardOn(ways) } : {};
    if (!first) return { status: 'ok', parts: told, ...chat, held };
    request.log.warn({ err: cause, failing: failing.map(({ part }) => part) }, 'not ready');
    const { error, hint } = first;
    return reply.code(503).send({ error, hint, parts: told, ...chat, held });
  });

  app.get('/metrics', { config: { access: 'sender' } }, async (_request, reply) =>
    reply.type(metrics.contentType).send(await metrics.figures()),
  );
}

function looksAt({ store, running, disk }: Pick<HealthParts, 'store' | 'running' | 'disk'>): Look {
  let cramped = false;

  /** One that is busy just now is asked once more before anybody is told. */
  async function databaseFails(): Promise<unknown> {
    try {
      await within(store.ready());
    } catch {
      await new Promise((resolve) => setTimeout(resolve, askAgainAfterMs));
      return within(store.ready()).then(
        () => null,
        (error) => error,
      );
    }
    return null;
  }

  async function tooLittleRoom(): Promise<boolean> {
    if (!disk) return false;
    const { bavail, bsize } = await statfs(disk.folder);
    cramped = bavail * bsize < disk.atLeastBytes() * (cramped ? roomAgain : 1);
    return cramped;
  }

  return async () => {
    const [cause, little] = await Promise.all([databaseFails(), tooLittleRoom()]);
    const looked: Looked = {
      database: cause
        ? { error: 'The database cannot be written.', hint: 'Look at the log, the disk and the database.' }
        : null,
      jobs: running()
        ? null
        : {
            error: 'The jobs are not running.',
            hint: 'Muster is starting or stopping; otherwise look at the log.',
          },
      disk: little
        ? {
            error: 'The disk is nearly full.',
            hint: 'Make room where the data folder is; muster doctor says how much.',
          }
        : null,
    };
    return { looked, ...(cause ? { cause } : {}) };
  };
}

/** Whoever asks meanwhile gets the same answer; a good one holds for a moment longer. */
function shared(look: Look): Look {
  let under: Promise<Found> | null = null;
  let goodUntil = 0;
  return () => {
    if (under !== null && performance.now() < goodUntil) return under;
    goodUntil = Number.POSITIVE_INFINITY;
    under = look().then(
      (found) => {
        const good = Object.values(found.looked).every((trouble) => trouble === null);
        goodUntil = good ? performance.now() + keptForMs : 0;
        return found;
      },
      (error) => {
        goodUntil = 0;
        throw error;
      },
    );
    return under;
  };
}

async function within(question: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`The database has not answered within ${answerWithinMs} ms.`)),
      answerWithinMs,
    );
  });
  try {
    await Promise.race([question, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** The same question from within: what is wrong first of all; null: nothing. */
export function whyNotReady(parts: Pick<HealthParts, 'store' | 'running' | 'disk'>): () => Promise<string | null> {
  const look = looksAt(parts);
  return async () => Object.values((await look()).looked).find((trouble) => trouble !== null)?.error ?? null;
}
