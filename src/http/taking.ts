import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Intake } from '../alerts/intake.js';
import { BodyRefusal } from '../alerts/refused-body.js';
import type { Answer, Received } from '../alerts/source.js';
import { readAlerts } from '../alerts/sources.js';
import type { ReadBody } from './body.js';
import { fetchText } from './fetch-text.js';
import type { KeepBodies } from './keep-bodies.js';
import { createRoom } from './room.js';
import { opens, type Sender, tokensIn } from './senders.js';
import type { Figures } from './source-figures.js';

export const retryAfterSeconds = 5;

export interface TakingParts {
  engine: Intake;
  clock: { now(): number };
  figures: Pick<Figures, 'taken'>;
  /** Keeps what was taken, to be read again. */
  kept?: Pick<KeepBodies, 'keep'>;
  /** Answers a refusal and counts it. */
  refuse(
    request: FastifyRequest,
    reply: FastifyReply,
    status: number,
    error: string,
    hint: string,
    /** Whoever answers for it is told, though it will pass. */
    tell?: 'tell',
  ): FastifyReply;
}

/** What every door does with a request, whichever path it came by. */
export interface Taking {
  /**
   * What can be said before a body is read; null: go on. A request without a good token goes on where its sender signs
   * what it sends, and `take` asks again. `also`: another method than those of its kind.
   */
  turnAway(request: FastifyRequest, reply: FastifyReply, sender: Sender, also?: string): FastifyReply | null;
  /** Answers only once all is stored. `read`: what is read instead of the body, once it is known who sends. @throws BodyRefusal */
  take(
    request: FastifyRequest,
    reply: FastifyReply,
    sender: Sender,
    read?: (body: unknown) => unknown,
  ): Promise<FastifyReply>;
}

export function taking({ engine, clock, figures, kept, refuse }: TakingParts): Taking {
  const room = createRoom(engine.queueDepth);

  const tooMuch = (request: FastifyRequest, reply: FastifyReply, error: string): FastifyReply =>
    refuse(
      request,
      reply.header('retry-after', retryAfterSeconds),
      503,
      error,
      'Nothing was done. Try again in a few seconds.',
    );

  const admitted = (request: FastifyRequest, sender: Sender): boolean =>
    opens(sender, tokensIn(request, sender.door), clock.now());

  function notKnown(request: FastifyRequest, reply: FastifyReply, { own, name, door }: Sender): FastifyReply {
    reply.header('www-authenticate', 'Bearer realm="muster alerts", Basic realm="muster alerts"');
    const token = own ? `a token of ${name}` : 'MUSTER_ALERTS_TOKEN';
    const signed = door.authentic ? ` ${door.sender} can also show it as ${door.authentication}.` : '';
    const hint = `Send Authorization: Bearer <${token}>, or Basic with the token as the password.${signed}`;
    return refuse(request, reply, 401, 'The alerts token is missing or wrong.', hint);
  }

  async function proven(request: FastifyRequest, received: Received, sender: Sender): Promise<'yes' | 'no' | 'bad'> {
    const { door } = sender;
    const now = clock.now();
    const said = (await door.authentic?.(received, { secrets: sender.secrets(now), now, fetchText })) ?? 'absent';
    if (said === 'wrong' || said === 'stale') return 'bad';
    return said === 'right' || admitted(request, sender) ? 'yes' : 'no';
  }

  async function store(request: FastifyRequest, reply: FastifyReply, sender: Sender, received: Received) {
    const { name, door, limits } = sender;
    const receivedAt = clock.now();
    const about = { ...sender.about, source: name, receivedAt, headers: received.headers, query: received.query };
    const { alerts, passedOver } = readAlerts(door, received.body, about);
    if (alerts.length > limits.alertsPerRequest) throw tooMany(limits.alertsPerRequest);
    const deliveryId = door.delivery?.(received) ?? null;
    const brought = { source: name, alerts, receivedAt, ...(passedOver && { passedOver }), deliveryId };
    const seconds = room.tooFast(sender, alerts.length, receivedAt);
    if (seconds !== null) {
      const error = `More than ${limits.alertsPerMinute} alerts a minute come from ${name}.`;
      const hint = `Nothing was done. Try again in ${seconds} s, or raise limits.alerts-per-minute of ${name}.`;
      return refuse(request, reply.header('retry-after', seconds), 503, error, hint, 'tell');
    }
    room.enter(name, alerts.length);
    let taken: Awaited<ReturnType<Intake['intake']>>;
    try {
      taken = await engine.intake(brought);
    } catch (error) {
      request.log.error({ err: error, source: name }, 'alerts could not be stored');
      return tooMuch(request, reply, 'Muster cannot store this right now.');
    } finally {
      room.leave(name, alerts.length);
    }
    const { accepted, receipt, outcomes = [] } = taken;
    figures.taken(name, receivedAt, outcomes);
    kept?.keep(receipt, receivedAt, { source: name, door, secrets: sender.secrets(receivedAt) }, received);
    const own = door.answer?.({ accepted, receipt, alerts }, received);
    return send(reply, own ?? { status: 202, body: { accepted, receipt } });
  }

  return {
    turnAway(request, reply, sender, also) {
      if (!sender.door.authentic && !admitted(request, sender)) return notKnown(request, reply, sender);
      const methods = ['POST', ...(sender.door.takes?.methods ?? [])];
      if (request.method !== also && !methods.includes(request.method)) {
        const hint = `${methods.join(' or ')} ${request.url.split('?', 1)[0]}`;
        return refuse(
          request,
          reply.header('allow', methods.join(', ')),
          405,
          `Alerts come by ${methods.join(' or ')}.`,
          hint,
        );
      }
      return room.full(sender) ? tooMuch(request, reply, 'More alerts arrive than can be stored.') : null;
    },
    async take(request, reply, sender, read) {
      const { door } = sender;
      const received = receivedFrom(request, door);
      const proof = await proven(request, received, sender);
      if (proof === 'bad')
        return refuse(
          request,
          reply,
          401,
          'The signature does not fit.',
          `${door.authentication}: check that both sides have the same secret, that no proxy changes the body, and the clock.`,
        );
      if (proof === 'no') return notKnown(request, reply, sender);
      const now = clock.now();
      const greeting = await door.greeting?.(received, { secrets: sender.secrets(now), now, fetchText });
      if (greeting) return send(reply, greeting);
      const given = read ? read(received.body) : received.body;
      if (given === undefined && !door.takes?.empty) throw new BodyRefusal(400, 'The body is empty.', 'Send JSON.');
      if (count(given) > sender.limits.alertsPerRequest) throw tooMany(sender.limits.alertsPerRequest);
      // What its path said is read again with it.
      const raw = given === received.body ? received.raw : Buffer.from(JSON.stringify(given));
      return store(request, reply, sender, { ...received, raw, body: without(given, sender.secrets(now)) });
    },
  };
}

function send(reply: FastifyReply, { status, body, headers = {} }: Answer): FastifyReply {
  return reply.code(status).headers(headers).send(body);
}

const tooMany = (most: number): BodyRefusal =>
  new BodyRefusal(413, 'Too many alerts in one request.', `Send at most ${most} at once.`);

const noBytes = Buffer.alloc(0);

function receivedFrom(request: FastifyRequest, { tokenQuery = 'token' }: Sender['door']): Received {
  const { raw = noBytes, value } = (request.body as ReadBody | undefined) ?? {};
  const { [tokenQuery]: _own, token: _token, ...query } = request.query as Record<string, string>;
  const asked = Object.keys(query).length > 0 ? query : undefined;
  return {
    method: request.method,
    headers: request.headers as Record<string, string | undefined>,
    query,
    raw,
    body: request.method === 'GET' ? asked : value,
  };
}

/** What stands in the body to open the door is not kept with what it says. */
function without(body: unknown, secrets: readonly string[]): unknown {
  if (typeof body !== 'object' || body === null || Array.isArray(body) || secrets.length === 0) return body;
  const fields = Object.entries(body).filter(([, value]) => typeof value !== 'string' || !secrets.includes(value));
  return Object.fromEntries(fields);
}

/** How many alerts a body holds, as far as can be told without reading it. */
function count(body: unknown): number {
  if (Array.isArray(body)) return body.length;
  const { alerts } = (body ?? {}) as { alerts?: unknown };
  return Array.isArray(alerts) ? alerts.length : 1;
}
