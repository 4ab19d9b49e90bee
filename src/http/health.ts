import type { FastifyInstance } from 'fastify';
import type { Store } from '../store/port.js';
import { answerProblem } from './answers.js';
import type { Metrics } from './metrics/metrics.js';

const answerWithinMs = 2_000;

export interface HealthParts {
  store: Pick<Store, 'ready'>;
  /** Whether due jobs are being run. */
  running(): boolean;
  metrics: Pick<Metrics, 'contentType' | 'figures'>;
}

/** `/healthz`: the process answers. `/readyz`: it can store and runs its jobs. `/metrics`: figures for Prometheus. */
export async function healthRoutes(app: FastifyInstance, { store, running, metrics }: HealthParts): Promise<void> {
  const anyone = { config: { access: 'anyone' } } as const;

  app.get('/healthz', anyone, () => ({ status: 'ok' }));

  app.get('/readyz', anyone, async (request, reply): Promise<unknown> => {
    try {
      await within(store.ready());
    } catch (error) {
      request.log.warn({ err: error }, 'not ready');
      return answerProblem(
        reply,
        503,
        'The database cannot be written.',
        'Look at the log, the disk and the database.',
      );
    }
    if (!running())
      return answerProblem(
        reply,
        503,
        'The jobs are not running.',
        'Muster is starting or stopping; otherwise look at the log.',
      );
    return { status: 'ok' };
  });

  app.get('/metrics', { config: { access: 'sender' } }, async (_request, reply) =>
    reply.type(metrics.contentType).send(await metrics.figures()),
  );
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
