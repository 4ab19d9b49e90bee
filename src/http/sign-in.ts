import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type Attempts, createAttempts } from '../access/attempts.js';
import { linkOf } from '../access/links.js';
import type { OidcSettings } from '../access/oidc.js';
import { holderOf } from '../access/tokens.js';
import { sendPage } from '../chat/web/guard.js';
import { html } from '../chat/web/html.js';
import { personNamed } from '../chat/web/name.js';
import { ConflictError, type Store } from '../store/port.js';
import { oidcRoutes } from './sign-in-oidc.js';
import { deadLinkPage, linkPage, type SignInForm, signInPage } from './sign-in-pages.js';
import type { Who } from './who.js';

const formLimit = 8_192;

const anyHost = 'http://muster.invalid';

/** Only a path of this server, read as browsers read it: `//host`, `/\host` and `/<tab>/host` lead elsewhere. */
function localPath(next: string | null | undefined): string {
  const url = next?.startsWith('/') && URL.canParse(next, anyHost) ? new URL(next, anyHost) : null;
  const path = url?.origin === anyHost ? `${url.pathname}${url.search}${url.hash}` : '/';
  return path.startsWith('//') ? '/' : path;
}

export interface SignInParts {
  who: Who;
  store: Pick<Store, 'access' | 'link' | 'token' | 'find' | 'people'>;
  identify: Store['identify'];
  publicUrl: string;
  /** The sign-in provider; null: there is none. */
  oidc(): OidcSettings | null;
  now(): number;
}

/** `/sign-in` and `/sign-out`, and the links from chat below the first. On the open default there is nothing to sign in to. */
export async function signInRoutes(app: FastifyInstance, parts: SignInParts): Promise<void> {
  const { who, store, now } = parts;
  const attempts: Attempts = createAttempts({
    store,
    now,
    failed: (error) => app.log.error({ err: error }, 'refused sign-ins could not be written down'),
  });
  app.addHook('onClose', () => attempts.close());
  app.addHook('onRequest', (_request, reply, next) => {
    reply.header('cache-control', 'no-store');
    next();
  });
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string', bodyLimit: formLimit },
    (_request, body, done) => done(null, new URLSearchParams(String(body))),
  );

  const ask = (reply: FastifyReply, status: number, shown: Omit<SignInForm, 'nonce'>): FastifyReply =>
    sendPage(reply, status, (nonce) => signInPage({ nonce, ways: providerWay(parts.oidc(), shown.next), ...shown }));
  const wait = (reply: FastifyReply, ms: number, next: string): FastifyReply => {
    const seconds = Math.ceil(ms / 1_000);
    const problem = `Too many attempts. Try again in ${seconds} seconds.`;
    return ask(reply.header('retry-after', seconds), 429, { next, name: '', problem });
  };

  app.get<{ Querystring: { next?: string } }>('/sign-in', { config: { access: 'anyone' } }, (request, reply) => {
    const next = localPath(typeof request.query.next === 'string' ? request.query.next : null);
    if (request.caller !== null) return reply.redirect(next, 303);
    return ask(reply, 200, { next, name: '', problem: null });
  });

  oidcRoutes(app, {
    ...parts,
    settings: parts.oidc,
    attempts,
    localPath,
    ask: (reply, status, shown) => ask(reply, status, { name: '', ...shown }),
  });

  /** The person whose token it is; with the shared one, whoever they say they are. */
  async function shown(form: URLSearchParams) {
    const token = form.get('token') ?? '';
    if (!who.isShared(token)) {
      const holder = await holderOf(store, token, now());
      return holder && { personId: holder.personId, how: 'token' as const, tokenId: holder.tokenId };
    }
    const named = personNamed(form.get('name') ?? '');
    const person = named && (await who.meet(named.name));
    return { personId: person?.personId ?? null, how: 'shared' as const, tokenId: who.sharedId };
  }

  app.post('/sign-in', { config: { access: 'anyone' } }, async (request, reply) => {
    const form = request.body instanceof URLSearchParams ? request.body : new URLSearchParams();
    const next = localPath(form.get('next'));
    if (who.open) return reply.redirect(next, 303);
    const waitMs = attempts.waitMs(request.ip);
    if (waitMs > 0) return wait(reply, waitMs, next);
    const by = await shown(form);
    const name = form.get('name') ?? '';
    if (by?.personId === null)
      return ask(reply, 400, { next, name, problem: 'With the shared token, give a name of letters or digits.' });
    if (by && (await who.admit(request, reply, by.personId, by.how, { tokenId: by.tokenId })))
      return reply.redirect(next, 303);
    attempts.refused(request.ip, by === null ? 'token' : 'left');
    return ask(reply, 401, {
      next,
      name,
      problem: 'That token is not valid. It may have run out or been revoked: ask for a new one (muster token issue).',
    });
  });

  type Link = FastifyRequest<{ Params: { secret: string } }>;
  const deadLink = (reply: FastifyReply): FastifyReply => sendPage(reply, 404, (nonce) => deadLinkPage({ nonce }));

  app.get('/sign-in/:secret', { config: { access: 'anyone' } }, async (request: Link, reply) => {
    if (who.open) return reply.redirect('/', 303);
    const { secret } = request.params;
    const link = await linkOf(store, secret, now());
    if (link === null) return deadLink(reply);
    const action = `/sign-in/${encodeURIComponent(secret)}`;
    return sendPage(reply, 200, (nonce) => linkPage({ nonce, name: link.name, action }));
  });

  app.post('/sign-in/:secret', { config: { access: 'anyone' } }, async (request: Link, reply) => {
    if (who.open) return reply.redirect('/', 303);
    const { secret } = request.params;
    const link = await linkOf(store, secret, now());
    // A link that is good is no guess: it works while somebody else tries the form.
    const waitMs = link ? 0 : attempts.waitMs(request.ip);
    if (waitMs > 0) return wait(reply, waitMs, '/');
    try {
      if (link && (await who.admit(request, reply, link.personId, 'link', { link: secret })))
        return reply.redirect(localPath(link.leadsTo), 303);
    } catch (error) {
      // Somebody else has used it in this very moment.
      if (!(error instanceof ConflictError)) throw error;
    }
    attempts.refused(request.ip, 'link');
    return deadLink(reply);
  });

  app.post('/sign-out', { config: { access: 'anyone' } }, async (request, reply) => {
    await who.leave(request, reply);
    return reply.redirect('/sign-in', 303);
  });

  app.post('/sign-out/everywhere', { config: { access: 'anyone' } }, async (request, reply) => {
    await who.leave(request, reply, true);
    return reply.redirect('/sign-in', 303);
  });
}

const providerWay = (oidc: OidcSettings | null, next: string) =>
  oidc !== null &&
  html`<p><a class="button primary" href="/sign-in/oidc?next=${encodeURIComponent(next)}">Sign in with ${oidc.label}</a></p>`;
