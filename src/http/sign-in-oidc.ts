import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Attempts } from '../access/attempts.js';
import { type Claimed, OidcError, type OidcSettings, openProvider, type Provider } from '../access/oidc.js';
import type { Store } from '../store/port.js';
import { briefCookie } from './cookie.js';
import type { Who } from './who.js';

/** Names the accounts of the provider among those of a person. */
const platform = 'oidc';
const backPath = '/sign-in/oidc/callback';
const awayAtMostMs = 10 * 60_000;
const kept = z.object({ state: z.string(), nonce: z.string(), verifier: z.string(), next: z.string() });

export interface OidcParts {
  who: Who;
  store: Pick<Store, 'find' | 'people'>;
  identify: Store['identify'];
  publicUrl: string;
  /** The provider of today; null: none is set up. */
  settings(): OidcSettings | null;
  attempts: Attempts;
  localPath(next: string | null | undefined): string;
  /** The sign-in page with what went wrong. */
  ask(reply: FastifyReply, status: number, shown: { next: string; problem: string }): FastifyReply;
}

/** `/sign-in/oidc` leads to the provider, which leads back to `…/callback`. */
export function oidcRoutes(app: FastifyInstance, parts: OidcParts): void {
  const { who, attempts, ask, localPath } = parts;
  const cookie = briefCookie(parts.publicUrl, 'muster_oidc', '/sign-in/oidc');
  const provider = providerOf(parts);

  const failed = (reply: FastifyReply, request: FastifyRequest, error: unknown, next: string): FastifyReply => {
    if (!(error instanceof OidcError)) throw error;
    request.log.warn({ err: error }, 'the sign-in provider signed nobody in');
    if (error.kind === 'silence')
      return ask(reply, 503, { next, problem: `${error.message} Sign in with a token, or by a link from chat.` });
    attempts.refused(request.ip, 'oidc');
    return ask(reply, 401, { next, problem: `${error.message} Try again, or sign in with a token.` });
  };

  type Start = FastifyRequest<{ Querystring: { next?: unknown } }>;
  app.get('/sign-in/oidc', { config: { access: 'anyone' } }, async (request: Start, reply) => {
    const next = localPath(typeof request.query.next === 'string' ? request.query.next : null);
    const at = provider();
    if (who.open || at === null) return reply.redirect(next, 303);
    try {
      const { url, leaving } = await at.provider.leave();
      cookie.set(reply, Buffer.from(JSON.stringify({ ...leaving, next })).toString('base64url'), awayAtMostMs);
      return reply.redirect(url.href, 303);
    } catch (error) {
      return failed(reply, request, error, next);
    }
  });

  app.get(backPath, { config: { access: 'anyone' } }, async (request, reply) => {
    const at = provider();
    if (who.open || at === null) return reply.redirect('/', 303);
    const { next, ...leaving } = left(cookie.read(request)) ?? { next: '/', state: '' };
    cookie.clear(reply);
    if (!('nonce' in leaving))
      return ask(reply, 400, {
        next: '/',
        problem: 'This sign-in was not begun in this browser, or took over 10 minutes.',
      });
    if (attempts.waitMs(request.ip, { alone: true }) > 0)
      return ask(reply, 429, { next, problem: 'Too many attempts. Try again in a minute.' });
    let claimed: Claimed;
    try {
      claimed = await at.provider.comeBack(new URL(request.url, parts.publicUrl), leaving);
    } catch (error) {
      return failed(reply, request, error, next);
    }
    const problem = await unwelcome(at.settings, claimed, parts.store);
    if (problem === null) {
      const { personId } = await parts.identify(platform, claimed.externalId, claimed.name, claimed.email);
      if (await who.admit(request, reply, personId, 'oidc')) return reply.redirect(localPath(next), 303);
    }
    attempts.refused(request.ip, problem === null ? 'left' : 'oidc');
    return ask(reply, 403, { next, problem: problem ?? 'You may not come in any more. Ask whoever runs Muster.' });
  });
}

/** A changed configuration makes another provider. */
function providerOf({ settings, publicUrl }: OidcParts): () => { provider: Provider; settings: OidcSettings } | null {
  let open: { provider: Provider; settings: OidcSettings } | null = null;
  return () => {
    const today = settings();
    if (today === null) return null;
    if (open === null || JSON.stringify(open.settings) !== JSON.stringify(today))
      open = { settings: today, provider: openProvider(today, `${publicUrl}${backPath}`) };
    return open;
  };
}

function left(sealed: string | null): z.infer<typeof kept> | null {
  if (sealed === null) return null;
  try {
    return kept.parse(JSON.parse(Buffer.from(sealed, 'base64url').toString()));
  } catch {
    // Not a cookie of ours: as good as none.
    return null;
  }
}

/** Why this person of the provider may not come in; null: they may. */
async function unwelcome(
  { domains, knownOnly, label }: OidcSettings,
  { email, externalId }: Claimed,
  store: OidcParts['store'],
): Promise<string | null> {
  if (domains !== null && !domains.some((domain) => email?.endsWith(`@${domain}`)))
    return email === null
      ? `${label} has not verified your e-mail address, and only addresses of ${domains.join(', ')} may come in.`
      : `Only addresses of ${domains.join(', ')} may come in.`;
  if (!knownOnly || (await store.find(platform, externalId)) !== null) return null;
  const known = email !== null && (await store.people()).some((person) => person.email === email);
  return known ? null : 'Muster does not know you yet. Ask whoever runs it to add you, with your e-mail address.';
}
