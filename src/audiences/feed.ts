import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { answerProblem } from '../http/answers.js';
import type { Notice } from '../messages/notice.js';
import type { Store } from '../store/port.js';
import { atomFeed } from './atom.js';

export interface FeedParts {
  store: Pick<Store, 'notices'>;
  publicUrl(): string;
  /** Whether this is the feed's token; false when there is none. */
  isToken(given: string): boolean;
}

const entriesAtMost = 50;
/** Looked through for those of one service. */
const noticesAtMost = 1_000;
const serviceAtMost = 200;

type Asked = FastifyRequest<{ Querystring: Record<string, unknown> }>;

/** `/feed.atom`: what was told of public incidents. For whoever is known, and for whoever has the feed's token. */
export async function feedRoutes(app: FastifyInstance, { store, publicUrl, isToken }: FeedParts): Promise<void> {
  app.get('/feed.atom', { config: { access: 'anyone' } }, async (request: Asked, reply) => {
    reply.header('cache-control', 'private, max-age=60');
    if (request.caller === null && !tokens(request).some(isToken)) return refuse(reply);
    const { service } = request.query;
    if (service !== undefined && (typeof service !== 'string' || service.length > serviceAtMost))
      return answerProblem(reply, 400, 'service is not one name.', 'Ask for /feed.atom?service=registry.');
    const notices = await store.notices(service === undefined ? 2 * entriesAtMost : noticesAtMost);
    const text = atomFeed({
      publicUrl: publicUrl(),
      service: service ?? null,
      notices: notices.filter((notice) => belongs(notice, service)).slice(0, entriesAtMost),
    });
    const tag = `"${createHash('sha256').update(text).digest('base64url').slice(0, 27)}"`;
    reply.header('etag', tag);
    if (matches(request.headers['if-none-match'], tag)) return reply.code(304).send();
    return reply.type('application/atom+xml; charset=utf-8').send(text);
  });
}

/** That an audience is told later is news for its service alone. */
const belongs = ({ kind, services }: Notice, service: string | undefined): boolean =>
  service === undefined ? kind !== 'reached' : services.includes(service);

/** Feed readers cannot sign in: they can keep an address, or a name and a password. */
function tokens({ query, headers }: Asked): string[] {
  const basic = /^Basic +([A-Za-z0-9+/=]+)$/i.exec(headers.authorization ?? '')?.[1];
  const password =
    basic &&
    Buffer.from(basic, 'base64')
      .toString('utf8')
      .replace(/^[^:]*:?/, '');
  const bearer = /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1];
  return [query.token, password, bearer].filter((given) => typeof given === 'string' && given !== '') as string[];
}

function refuse(reply: FastifyReply): FastifyReply {
  reply.header('www-authenticate', 'Basic realm="muster feed", charset="UTF-8"');
  return answerProblem(
    reply,
    401,
    'This feed is for those who have its token.',
    'Add ?token=<MUSTER_FEED_TOKEN> to its address, or give the token as a password. Set MUSTER_FEED_TOKEN where Muster starts.',
  );
}

const matches = (header: string | undefined, tag: string): boolean =>
  (header ?? '').split(',').some((each) => each.trim().replace(/^W\//, '') === tag);
