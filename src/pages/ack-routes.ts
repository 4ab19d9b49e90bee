import { randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { pageLinkOf } from '../access/page-links.js';
import { digestOf } from '../access/secrets.js';
import type { Inbound } from '../chat/platform.js';
import { sendPage } from '../chat/web/guard.js';
import { person } from '../people/viewer.js';
import type { Store } from '../store/port.js';
import { ackPage, deadAckPage } from './ack-page.js';

const formLimit = 1_024;
const lines = { ack: '/incident ack', take: '/incident take commander' } as const;

export interface AckParts {
  store: Pick<Store, 'pageLink' | 'incident'>;
  inbound: Inbound;
  /** Where acts are said to come from. */
  platform: string;
  names: ReadonlyMap<string, string>;
  now(): number;
}

type Asked = FastifyRequest<{ Params: { secret: string } }>;

/**
 * `/ack/<secret>`: whoever was called acknowledges or takes command, as themselves, without signing in. Only the button
 * acts: programs look at links before people do.
 */
export async function ackRoutes(
  app: FastifyInstance,
  { store, inbound, platform, names, now }: AckParts,
): Promise<void> {
  app.addHook('onRequest', (_request, reply, next) => {
    reply.headers({ 'cache-control': 'no-store', 'x-robots-tag': 'noindex' });
    next();
  });
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string', bodyLimit: formLimit },
    (_request, body, done) => done(null, new URLSearchParams(String(body))),
  );

  /** Read with that person's own eyes: of a private incident nobody learns who is not in it. */
  async function meant(secret: string) {
    const link = await pageLinkOf(store, secret, now());
    const incident = link && (await store.incident(person(link.personId), { id: link.incidentId }));
    return link && incident && incident.number !== null ? { link, incident } : null;
  }

  async function show(secret: string, reply: FastifyReply, refused: string | null = null): Promise<FastifyReply> {
    const found = await meant(secret);
    if (found === null) return sendPage(reply, 404, deadAckPage);
    const { link, incident } = found;
    const action = `/ack/${encodeURIComponent(secret)}`;
    return sendPage(reply, refused === null ? 200 : 409, (nonce) =>
      ackPage({ nonce, person: link, incident, names, action, now: now(), refused }),
    );
  }

  app.get('/ack/:secret', { config: { access: 'anyone' } }, (request: Asked, reply) =>
    show(request.params.secret, reply),
  );

  app.post('/ack/:secret', { config: { access: 'anyone' } }, async (request: Asked, reply) => {
    const { secret } = request.params;
    const form = request.body instanceof URLSearchParams ? request.body : new URLSearchParams();
    const act = form.get('act') === 'take' ? 'take' : 'ack';
    const found = await meant(secret);
    if (found === null) return sendPage(reply, 404, deadAckPage);
    const { personId, incidentId } = found.link;
    const { refusal, text } = await inbound.command({
      id: `ack/${digestOf(secret).slice(0, 16)}/${randomUUID()}`,
      text: lines[act],
      personId,
      platform,
      channel: null,
      incidentId,
    });
    // Somebody was faster: the page says who, and that is all there is to say.
    const late = ['already-acknowledged', 'ended', 'unchanged'].includes(refusal?.code ?? '');
    if (refusal && !late) return show(secret, reply, text);
    return reply.redirect(`/ack/${encodeURIComponent(secret)}`, 303);
  });
}
