import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { genericSchema } from '../alerts/generic.js';
import type { Intake } from '../alerts/intake.js';
import { alertLimits } from '../alerts/limits.js';
import { readAlerts, sources } from '../alerts/sources.js';
import type { RefusalWatch } from '../engine/refusals.js';
import { machine, type Viewer } from '../people/viewer.js';
import type { Store } from '../store/port.js';
import { answerProblem } from './answers.js';
import { takeJsonBodies, wrongType } from './body.js';
import { BodyRefusal } from './refused-body.js';
import { generalDoor, type SenderRules, secretIn, senderOf } from './senders.js';
import { countFigures } from './source-figures.js';

export interface AlertParts {
  engine: Intake;
  store: Pick<Store, 'receipt' | 'incident' | 'sourceFigures' | 'addToSource'>;
  /** Looked at with every request, so that it may change. */
  config: SenderRules;
  clock: { now(): number };
  /** Who asks what became of alerts; left out: whoever may see everything. */
  viewerOf?: (request: FastifyRequest) => Promise<Viewer>;
  /** Told of every refusal that a sender can mend. */
  refusals?: Pick<RefusalWatch, 'refused' | 'unknown'>;
}

const retryAfterSeconds = 5;
const methods = ['GET', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD'];

type Named = FastifyRequest<{ Params: { name: string } }>;

/**
 * `POST /alerts/<source>`, the schema of the generic one, and what became of it all: `GET /api/receipts/<id>` and
 * `/api/sources/<name>`, for which the server asks who is there. Answers 202 only once the alerts are stored.
 * Alertmanager does not come back soon after a 429, so too much is answered with 503.
 */
export async function alertRoutes(
  app: FastifyInstance,
  { engine, store, config, clock, viewerOf, refusals }: AlertParts,
): Promise<void> {
  const waiting = new Map<string, number>();
  let waitingAll = 0;
  const figures = countFigures(app, store);
  takeJsonBodies(app);

  app.setErrorHandler((error: FastifyError, request, reply) => {
    const refusal = error.code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE' ? wrongType() : error;
    if (!(refusal instanceof BodyRefusal)) throw error;
    // What is left of a refused body must not be read as the next request.
    reply.header('connection', 'close');
    if (refusal.statusCode === 503) reply.header('retry-after', retryAfterSeconds);
    return refuse(request, reply, refusal.statusCode, refusal.error, refusal.hint);
  });

  function refuse(request: FastifyRequest, reply: FastifyReply, status: number, error: string, hint: string) {
    const { name } = request.params as { name?: string };
    const at = clock.now();
    if (name !== undefined && senderOf(name, config)) {
      figures.refused(name, { at, status, error });
      if (status < 500) refusals?.refused(name, { at, status, error, hint });
    } else if (name !== undefined) refusals?.unknown(name, { at, status, error, hint });
    return answerProblem(reply, status, error, hint);
  }

  const overloaded = (name: string): boolean =>
    engine.queueDepth() > alertLimits.requests ||
    waitingAll > alertLimits.waiting ||
    (waiting.get(name) ?? 0) > (senderOf(name, config)?.limits.alertsWaiting ?? 0);

  const tooMuch = (request: FastifyRequest, reply: FastifyReply, error: string): FastifyReply =>
    refuse(
      request,
      reply.header('retry-after', retryAfterSeconds),
      503,
      error,
      'Nothing was done. Try again in a few seconds.',
    );

  /** Everything that can be said before a body is read. */
  function turnAway(request: Named, reply: FastifyReply): FastifyReply | null {
    const { name } = request.params;
    const sender = senderOf(name, config);
    const opens = sender ? sender.opens : generalDoor(config);
    if (!opens(secretIn(request), clock.now())) {
      reply.header('www-authenticate', 'Bearer realm="muster alerts", Basic realm="muster alerts"');
      const token = sender?.own ? `a token of ${name}` : 'MUSTER_ALERTS_TOKEN';
      const hint = `Send Authorization: Bearer <${token}>, or Basic with the token as the password.`;
      return refuse(request, reply, 401, 'The alerts token is missing or wrong.', hint);
    }
    if (!sender) return unknownSource(request, reply);
    if (request.method !== 'POST')
      return refuse(request, reply.header('allow', 'POST'), 405, 'Alerts come by POST.', `POST /alerts/${name}`);
    return overloaded(name) ? tooMuch(request, reply, 'More alerts arrive than can be stored.') : null;
  }

  function unknownSource(request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const known = [...sources.map(({ kind }) => kind), ...(config.sources ?? []).map(({ name }) => name)];
    return refuse(request, reply, 404, 'There is no such source.', `Known: ${[...new Set(known)].join(', ')}.`);
  }

  const onRequest = (request: Named, reply: FastifyReply, next: () => void): void => {
    if (!turnAway(request, reply)) next();
  };

  app.post('/alerts/:name', { onRequest }, async (request: Named, reply) => {
    const { name } = request.params;
    const sender = senderOf(name, config);
    if (!sender) return unknownSource(request, reply);
    const body = request.body as object | undefined;
    if (body === undefined) throw new BodyRefusal(400, 'The body is empty.', 'Send JSON.');
    const { alertsPerRequest } = sender.limits;
    if (count(body) > alertsPerRequest)
      throw new BodyRefusal(413, 'Too many alerts in one request.', `Send at most ${alertsPerRequest} at once.`);
    const receivedAt = clock.now();
    const alerts = readAlerts(sender.door, body, { ...sender.about, source: name, receivedAt });
    waitingAll += alerts.length;
    waiting.set(name, (waiting.get(name) ?? 0) + alerts.length);
    try {
      const { accepted, receipt, outcomes = [] } = await engine.intake({ source: name, alerts, receivedAt });
      figures.taken(name, receivedAt, outcomes);
      return reply.code(202).send({ accepted, receipt });
    } catch (error) {
      request.log.error({ err: error, source: name }, 'alerts could not be stored');
      return tooMuch(request, reply, 'Muster cannot store this right now.');
    } finally {
      waitingAll -= alerts.length;
      waiting.set(name, (waiting.get(name) ?? 0) - alerts.length);
    }
  });
  app.route({
    method: methods,
    url: '/alerts/:name',
    exposeHeadRoute: false,
    onRequest,
    handler: (request, reply) => unknownSource(request, reply),
  });

  const schema = genericSchema();
  app.get('/alerts/generic/schema.json', (_request, reply) => reply.type('application/schema+json').send(schema));

  app.get<{ Params: { id: string } }>('/api/receipts/:id', async (request, reply) => {
    const receipt = await store.receipt(request.params.id);
    if (!receipt)
      return answerProblem(reply, 404, 'There is no such receipt.', 'It is in the answer to a POST of alerts.');
    const viewer = (await viewerOf?.(request)) ?? machine;
    const seen = new Map<string, boolean>();
    for (const { incidentId } of receipt.outcomes)
      if (incidentId !== null && !seen.has(incidentId))
        seen.set(incidentId, (await store.incident(viewer, { id: incidentId })) !== null);
    // The sender may know that an alert was taken, and not what a private incident is about.
    const outcomes = receipt.outcomes.map((each) =>
      each.incidentId === null || seen.get(each.incidentId) ? each : { ...each, incidentId: null, why: 'was taken' },
    );
    return { ...receipt, outcomes };
  });

  app.get<{ Params: { source: string } }>('/api/sources/:source', async (request, reply) => {
    const { source } = request.params;
    if (!senderOf(source, config)) return unknownSource(request, reply);
    await figures.flush();
    const never = { name: source, lastSeenAt: null, requests: 0, refused: 0, lastRefusal: null, outcomes: {} };
    return (await store.sourceFigures(source)) ?? never;
  });
}

function count(body: object): number {
  if (Array.isArray(body)) return body.length;
  const { alerts } = body as { alerts?: unknown };
  return Array.isArray(alerts) ? alerts.length : 1;
}
