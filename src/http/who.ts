import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { fingerprintOf, sameSecret } from '../access/secrets.js';
import { createSessions, type SessionRules, type Sessions } from '../access/sessions.js';
import { holderOf } from '../access/tokens.js';
import { nameOf, personNamed, webPlatform } from '../chat/web/name.js';
import { person, type Viewer } from '../people/viewer.js';
import type { How } from '../store/access-port.js';
import type { Store } from '../store/port.js';
import { answerProblem } from './answers.js';
import { sessionCookie } from './cookie.js';

const remembered = 1_000;
/** A reader leaves no trace. */
const reads = new Set(['GET', 'HEAD']);
/** Sees what everybody may and responds to nothing. */
const nobody: Viewer = person('');

interface Person {
  personId: string;
  name: string;
}

/**
 * How a request showed who it is. `open`: the loopback default, a name is taken as said. `shared`: the API token of the
 * environment, which may act as anybody. `token`: a person's own, which may do so where it was issued to. `session`: a
 * browser that has signed in.
 */
export type Caller =
  | { kind: 'open'; name: string | null }
  | { kind: 'shared' }
  | { kind: 'token'; person: Person; actAs: boolean }
  | { kind: 'session'; person: Person };

declare module 'fastify' {
  interface FastifyRequest {
    /** null: not known; then only routes for `anyone` answer. */
    caller: Caller | null;
  }
  interface FastifyContextConfig {
    /** `anyone`: the route asks nobody, or asks by itself. `sender`: the alerts token will do. Without it: known callers only. */
    access?: 'anyone' | 'sender';
  }
}

export interface Who {
  open: boolean;
  /** null when open. */
  sessions: Sessions | null;
  /** Whether this is the API token of the environment. */
  isShared(given: string): boolean;
  /** Names that token in what is kept of a session. */
  sharedId: string | null;
  /**
   * The one way in: a new session in the browser's cookie for somebody who has shown who they are. The session the
   * request came with ends. False: they have left, and nothing was done.
   */
  admit(
    request: FastifyRequest,
    reply: FastifyReply,
    personId: string,
    how: How,
    about?: { tokenId?: string | null; link?: string },
  ): Promise<boolean>;
  /** Ends the session of this browser, or every one of its person. */
  leave(request: FastifyRequest, reply: FastifyReply, everywhere?: boolean): Promise<void>;
  /**
   * The person acting, made known to the store; one who only reads is looked up, and without an id when nobody goes by
   * that name. null: `user` is no name, or nobody has said one.
   */
  personOf(request: FastifyRequest, user?: string): Promise<Person | null>;
  /** For reads: whoever has said no name sees what everybody may. */
  viewerOf(request: FastifyRequest, user?: string): Promise<Viewer>;
  /** Whether whoever opened this connection might still do so: sessions end, tokens are revoked. */
  stillThere(request: FastifyRequest): Promise<boolean>;
  /** Somebody says their name: made known to the store. null: it is no name. */
  meet(name: string): Promise<Person | null>;
}

export interface WhoParts {
  publicUrl: string;
  apiToken: string | null;
  alertsToken: string | null;
  store: Pick<Store, 'access' | 'session' | 'token' | 'person' | 'people' | 'find'>;
  identify: Store['identify'];
  sessionRules(): SessionRules;
  now(): number;
}

const bearer = (request: FastifyRequest): string | null =>
  /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? null;

export function createWho({ publicUrl, apiToken, store, identify, sessionRules, now }: WhoParts): Who {
  const known = new Map<string, Person>();
  const cookie = sessionCookie(publicUrl);
  const sharedId = apiToken === null ? null : fingerprintOf(apiToken);
  const sessions =
    apiToken === null
      ? null
      : createSessions({
          store,
          rules: sessionRules,
          // Another token in the environment ends the sessions that the last one opened.
          stands: (how, tokenId) => how !== 'shared' || tokenId === sharedId,
          now,
        });

  async function personCalled(name: string, ask: typeof identified): Promise<Person | null> {
    const claimed = personNamed(name);
    if (claimed === null) return null;
    const key = `${claimed.personId}\n${claimed.name}`;
    const before = known.get(key);
    if (before) return before;
    const found = await ask(claimed);
    // Somebody without an id may get one at any moment.
    if (found.personId === '') return found;
    if (known.size >= remembered) known.clear();
    known.set(key, found);
    return found;
  }

  const identified = ({ personId, name }: Person): Promise<Person> => identify(webPlatform, personId, name);
  const found = async ({ personId, name }: Person): Promise<Person> =>
    (await store.find(webPlatform, personId)) ?? { personId: '', name };

  async function personOf({ caller, method }: FastifyRequest, user?: string): Promise<Person | null> {
    const called = (name: string) => personCalled(name, reads.has(method) ? found : identified);
    switch (caller?.kind) {
      case undefined:
        return null;
      case 'session':
        return caller.person;
      case 'token':
        return caller.actAs && user !== undefined ? called(user) : caller.person;
      case 'shared':
        return called(user ?? 'API');
      case 'open': {
        const name = user ?? caller.name;
        return name === null ? null : called(name);
      }
    }
  }

  return {
    open: apiToken === null,
    sessions,
    isShared: (given) => apiToken !== null && sameSecret(given, apiToken),
    sharedId,
    async admit(request, reply, personId, how, about = {}) {
      const secret = await sessions?.start(personId, how, { ...about, from: request.ip });
      if (!secret) return false;
      const before = cookie.read(request);
      if (before !== null) await sessions?.end(before);
      cookie.set(reply, secret, sessionRules().absoluteMs);
      return true;
    },
    async leave(request, reply, everywhere = false) {
      if (everywhere && request.caller?.kind === 'session') await sessions?.endAll(request.caller.person.personId);
      const secret = cookie.read(request);
      if (secret !== null) await sessions?.end(secret);
      cookie.clear(reply);
    },
    async stillThere(request) {
      if (apiToken === null) return true;
      const token = bearer(request);
      if (token !== null) return sameSecret(token, apiToken) || (await holderOf(store, token, now())) !== null;
      const secret = cookie.read(request);
      return secret !== null && ((await sessions?.peek(secret)) ?? null) !== null;
    },
    personOf,
    meet: (name) => personCalled(name, identified),
    async viewerOf(request, user) {
      const asker = await personOf(request, user);
      return asker === null ? nobody : person(asker.personId);
    },
  };
}

/** Fills `request.caller` and turns unknown callers away from every route that is not for anyone. */
export function askWho(app: FastifyInstance, who: Who, { publicUrl, alertsToken, store, now }: WhoParts): void {
  const cookie = sessionCookie(publicUrl);
  app.decorateRequest('caller', null);

  async function callerOf(request: FastifyRequest): Promise<Caller | null> {
    const token = bearer(request);
    if (token !== null) {
      if (who.isShared(token)) return { kind: 'shared' };
      const holder = await holderOf(store, token, now());
      return holder && { kind: 'token', person: { personId: holder.personId, name: holder.name }, actAs: holder.actAs };
    }
    const secret = cookie.read(request);
    const session = secret === null ? null : await who.sessions?.of(secret);
    return session ? { kind: 'session', person: { personId: session.personId, name: session.name } } : null;
  }

  function turnAway(request: FastifyRequest, reply: FastifyReply): FastifyReply | undefined {
    const { access } = request.routeOptions.config;
    if (request.caller !== null || access === 'anyone') return;
    const token = bearer(request);
    // Who sends alerts or scrapes figures should not need the token that commands.
    if (access === 'sender' && token !== null && alertsToken !== null && sameSecret(token, alertsToken)) return;
    if (token === null && request.method === 'GET' && request.headers.accept?.includes('text/html'))
      return reply.redirect(`/sign-in?next=${encodeURIComponent(request.url)}`, 303);
    reply.header('www-authenticate', 'Bearer realm="muster"');
    return answerProblem(
      reply,
      401,
      token === null ? 'Muster does not know who you are.' : 'This token is not the right one.',
      'Send Authorization: Bearer with a token of yours (muster token issue) or MUSTER_API_TOKEN, or sign in at /sign-in.',
    );
  }

  app.addHook('onRequest', (request, reply, next) => {
    if (request.is404) return next();
    if (who.open) {
      request.caller = { kind: 'open', name: nameOf(request)?.name ?? null };
      return next();
    }
    callerOf(request).then((caller) => {
      request.caller = caller;
      if (!turnAway(request, reply)) next();
    }, next);
  });
}
