import { type FastifyInstance, fastify } from 'fastify';
import type { Alert } from '../../../src/alerts/alert.js';
import type { Intake } from '../../../src/alerts/intake.js';
import type { PassedOver } from '../../../src/alerts/source.js';
import { alertRoutes } from '../../../src/http/alerts.js';
import { noon } from '../world.js';

export interface Brought {
  alerts: readonly Alert[];
  passedOver?: PassedOver;
  deliveryId?: string | null;
}

/** The real routes, and what they hand on. */
export interface OpenDoors {
  url: string;
  taken: Brought[];
  app: FastifyInstance;
}

export async function openDoors(alertsToken: string | null): Promise<OpenDoors> {
  const taken: Brought[] = [];
  const engine: Intake = {
    async intake({ alerts, passedOver, deliveryId }) {
      taken.push({ alerts, ...(passedOver && { passedOver }), deliveryId: deliveryId ?? null });
      return { accepted: alerts.length, receipt: `r${taken.length}`, outcomes: [] };
    },
    queueDepth: () => 0,
  };
  const nothing = async (): Promise<null> => null;
  const app = fastify();
  await app.register(alertRoutes, {
    engine,
    store: {
      incident: nothing,
      receipt: nothing,
      sourceFigures: nothing,
      addToSource: async () => {},
      keepBodies: async () => {},
    },
    config: { alertsToken },
    clock: { now: () => noon },
  });
  return { url: await app.listen({ host: '127.0.0.1', port: 0 }), taken, app };
}
