import { verifySlackRequest } from '@slack/bolt';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { inboundPath } from '../uses.js';
import type { InboundParts } from './parts.js';
import { type Delivery, ForeignDelivery, type Take } from './receive.js';

const bodyAtMostBytes = 1024 * 1024;
/** https://docs.slack.dev/authentication/verifying-requests-from-slack */
const signedWithinMs = 5 * 60_000;
/** Slack waits 3 s for an answer. */
const answerWithinMs = 2_700;

interface Answer {
  status: number;
  body: unknown;
}
const problem = (status: number, error: string, hint: string): Answer => ({ status, body: { error, hint } });

/** Events, commands and everything people press or send, at one address. What is not signed by Slack is refused. */
export function httpDoor(
  parts: InboundParts,
  take: Take,
  taking: () => boolean,
): (app: FastifyInstance) => Promise<void> {
  const { log } = parts.adapter;

  async function answer(request: FastifyRequest): Promise<Answer> {
    const arrival = { at: parts.adapter.now(), tick: performance.now() };
    const raw = Buffer.isBuffer(request.body) ? request.body.toString('utf8') : '';
    const refusal = unsigned(request, raw, parts.settings.signingSecret ?? '', arrival.at);
    if (refusal) return refusal;
    const body = bodyOf(request, raw);
    if (body === null) return problem(400, 'The request cannot be read.', 'This address is for Slack alone.');
    if (body.type === 'url_verification') return { status: 200, body: { challenge: body.challenge } };
    if (body.ssl_check !== undefined) return { status: 200, body: '' };
    if (body.type === 'app_rate_limited') {
      log.warn({ minute: body.minute_rate_limited }, 'Slack holds back events: there were too many in an hour');
      return { status: 200, body: '' };
    }
    if (!taking()) return problem(503, 'Muster is starting or stopping.', 'Nothing was done. Slack delivers it again.');
    return taken({ body, arrival, ...retryOf(request) });
  }

  async function taken(delivery: Delivery): Promise<Answer> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error('It is not stored in time.')), answerWithinMs);
    });
    try {
      return { status: 200, body: (await Promise.race([take(delivery), late])) ?? '' };
    } catch (error) {
      if (error instanceof ForeignDelivery)
        return problem(
          403,
          'This is for another workspace.',
          'Remove the app there, or give Muster the token of that one.',
        );
      log.warn(
        { err: error, type: delivery.body.type ?? 'command', retry: delivery.retryNum ?? 0 },
        'a delivery from Slack was not recorded',
      );
      return problem(500, 'Not recorded.', 'Slack delivers events again by itself. The log says why.');
    } finally {
      clearTimeout(timer);
    }
  }

  return (app) =>
    Promise.resolve(
      app.register(async (door) => {
        door.removeAllContentTypeParsers();
        // Signed are the bytes, whatever they are called: form data comes with and without a charset.
        door.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: bodyAtMostBytes }, (_request, body, done) =>
          done(null, body),
        );
        door.post(inboundPath, async (request, reply): Promise<FastifyReply> => {
          const { status, body } = await answer(request);
          return reply.code(status).send(body);
        });
      }),
    ).then(() => {});
}

const header = ({ headers }: FastifyRequest, name: string): string | undefined => {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
};

function unsigned(request: FastifyRequest, raw: string, signingSecret: string, now: number): Answer | null {
  const sentAt = header(request, 'x-slack-request-timestamp') ?? '';
  const signature = header(request, 'x-slack-signature') ?? '';
  if (!/^\d{1,12}$/.test(sentAt) || signature === '')
    return problem(401, 'This is not signed.', 'Only Slack speaks here. Is the request URL of another app the same?');
  if (Math.abs(now - Number(sentAt) * 1_000) > signedWithinMs)
    return problem(401, 'This was signed at another time.', 'Look whether the clock of this machine is right.');
  try {
    verifySlackRequest({
      signingSecret,
      body: raw,
      headers: { 'x-slack-signature': signature, 'x-slack-request-timestamp': Number(sentAt) },
      nowMilliseconds: now,
    });
    return null;
  } catch {
    return problem(401, 'The signature does not fit.', 'Is SLACK_SIGNING_SECRET the signing secret of this app?');
  }
}

type Body = Delivery['body'];

const fieldsIn = (text: string): Body | null => {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Body) : null;
  } catch {
    return null;
  }
};

function bodyOf(request: FastifyRequest, raw: string): Body | null {
  if (/^application\/json\b/i.test(header(request, 'content-type') ?? '')) return fieldsIn(raw);
  const form = new URLSearchParams(raw);
  const payload = form.get('payload');
  if (payload !== null) return fieldsIn(payload);
  return form.has('command') || form.has('ssl_check') ? Object.fromEntries(form) : null;
}

function retryOf(request: FastifyRequest): Pick<Delivery, 'retryNum' | 'retryReason'> {
  const count = Number(header(request, 'x-slack-retry-num'));
  return count > 0 ? { retryNum: count, retryReason: header(request, 'x-slack-retry-reason') } : {};
}
