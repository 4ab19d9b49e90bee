import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Intake } from '../alerts/intake.js';
import { BodyRefusal } from '../alerts/refused-body.js';
import { genericSchema } from '../alerts/sources/generic.js';
import { sources } from '../alerts/sources.js';
import type { RefusalWatch } from '../engine/refusals.js';
import { machine, type Viewer } from '../people/viewer.js';
import type { Store } from '../store/port.js';
import { answerProblem } from './answers.js';
import { takeBodies, wrongType } from './body.js';
import { dropInOf, dropInRoutes } from './drop-in/doors.js';
import { keepsBodies } from './keep-bodies.js';
import { seeingAs } from './seen.js';
import { mayKnowNames, type Sender, type SenderRules, senderNames, senderOf, tokensIn } from './senders.js';
import { countFigures } from './source-figures.js';
import { neverHeard } from './sources.js';
import { retryAfterSeconds, taking } from './taking.js';

export interface AlertParts {
  engine: Intake;
  store: Pick<Store, 'receipt' | 'incident' | 'sourceFigures' | 'addToSource'> & Partial<Pick<Store, 'keepBodies'>>;
  /** Looked at with every request, so that it may change. */
  config: SenderRules;
  clock: { now(): number };
  /** Who asks what became of alerts; left out: whoever may see everything. */
  viewerOf?: (request: FastifyRequest) => Promise<Viewer>;
  /** What this source sent could not be taken: it may repeat it, and must have time to. */
  missed?: (source: string) => void;
  /** Told of every refusal that a sender can mend. */
  refusals?: Pick<RefusalWatch, 'refused' | 'unknown'>;
}

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD'];

/**
 * `/alerts/<source>`, the schema of the generic one, and what became of it all: `GET /api/receipts/<id>` and
 * `/api/sources/<name>`, for which the server asks who is there. Answers 202, or what the sender takes for success, only
 * once the alerts are stored. Alertmanager does not come back soon after a 429, so too much is answered with 503.
 */
export async function alertRoutes(
  app: FastifyInstance,
  { engine, store, config, clock, viewerOf, missed, refusals }: AlertParts,
): Promise<void> {
  const figures = countFigures(app, store);
  const dropped = new WeakMap<FastifyRequest, Sender>();
  const senderFor = (request: FastifyRequest) =>
    dropped.get(request) ?? senderOf((request.params as { name?: string }).name ?? '', config);
  takeBodies(app, (request) => senderFor(request)?.door.takes ?? {});

  app.setErrorHandler((error: FastifyError, request, reply) => {
    const refusal = error.code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE' ? wrongType() : error;
    if (!(refusal instanceof BodyRefusal)) throw error;
    // What is left of a refused body must not be read as the next request.
    reply.header('connection', 'close');
    if (refusal.statusCode === 503) reply.header('retry-after', retryAfterSeconds);
    return refuse(request, reply, refusal.statusCode, refusal.error, refusal.hint);
  });

  function refuse(
    request: FastifyRequest,
    reply: FastifyReply,
    status: number,
    error: string,
    hint: string,
    tell?: 'tell',
  ) {
    const name = dropped.get(request)?.name ?? (request.params as { name?: string }).name;
    const at = clock.now();
    if (name !== undefined && senderOf(name, config)) {
      figures.refused(name, { at, status, error });
      if (status < 500 || tell) refusals?.refused(name, { at, status, error, hint });
      if (status >= 500) missed?.(name);
    } else if (name !== undefined) refusals?.unknown(name, { at, status, error, hint });
    return answerProblem(reply, status, error, hint, dropInOf(request)?.refusal?.(status, error, hint));
  }
  const kept = keepsBodies(app, store);
  const doors = taking({ engine, clock, figures, kept, refuse });
  const { turnAway, take } = doors;
  dropInRoutes(app, { taking: doors, config, now: clock.now, from: (request, sender) => dropped.set(request, sender) });

  function unknownSource(request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const known = senderNames(
      config,
      sources.map(({ kind }) => kind),
    );
    return refuse(request, reply, 404, 'There is no such source.', `Known: ${known.join(', ')}.`);
  }

  function notFound(request: FastifyRequest, reply: FastifyReply): FastifyReply {
    if (mayKnowNames(config, tokensIn(request, {}))) return unknownSource(request, reply);
    reply.header('www-authenticate', 'Bearer realm="muster alerts", Basic realm="muster alerts"');
    const hint = 'Send Authorization: Bearer <MUSTER_ALERTS_TOKEN>, or Basic with the token as the password.';
    return refuse(request, reply, 401, 'The alerts token is missing or wrong.', hint);
  }

  const routed = {
    method: methods,
    exposeHeadRoute: false,
    onRequest(request: FastifyRequest, reply: FastifyReply, next: () => void): void {
      const sender = senderFor(request);
      if (!(sender ? turnAway(request, reply, sender) : notFound(request, reply))) next();
    },
    handler(request: FastifyRequest, reply: FastifyReply) {
      const sender = senderFor(request);
      return sender ? take(request, reply, sender) : unknownSource(request, reply);
    },
  };
  app.route({ ...routed, url: '/alerts/:name' });
  app.route({
    ...routed,
    method: 'POST',
    url: '/alerts/:name/:key/:routing',
    onRequest(request, reply, next) {
      const { key, routing } = request.params as { key: string; routing: string };
      if (senderFor(request)?.door.tokenPath)
        request.query = { ...(request.query as object), token: key, routing_key: routing };
      routed.onRequest(request, reply, next);
    },
  });

  const schema = genericSchema();
  app.get('/alerts/generic/schema.json', (_request, reply) => reply.type('application/schema+json').send(schema));

  app.get<{ Params: { id: string } }>('/api/receipts/:id', async (request, reply) => {
    const receipt = await store.receipt(request.params.id);
    if (!receipt)
      return answerProblem(reply, 404, 'There is no such receipt.', 'It is in the answer to a POST of alerts.');
    const viewer = (await viewerOf?.(request)) ?? machine;
    return { ...receipt, outcomes: await seeingAs(viewer, store).outcomes(receipt.outcomes) };
  });

  app.get<{ Params: { source: string } }>('/api/sources/:source', async (request, reply) => {
    const { source } = request.params;
    if (!senderOf(source, config)) return unknownSource(request, reply);
    await figures.flush();
    return (await store.sourceFigures(source)) ?? neverHeard(source);
  });
}
