import type { FastifyInstance, FastifyRequest } from 'fastify';
import { nameOf, personNamed, webPlatform } from '../chat/web/name.js';
import { person, type Viewer } from '../people/viewer.js';
import type { Store } from '../store/port.js';
import { answerProblem } from './answers.js';
import { createSessions, type Sessions, sameSecret } from './session.js';

export const sessionCookie = 'muster_session';
const remembered = 1_000;
/** A reader leaves no trace. */
const reads = new Set(['GET', 'HEAD']);
/** Sees what everybody may and responds to nothing. */
const nobody: Viewer = person('');

/**
 * How a request showed who it is. `open`: the loopback default, a name is taken as said. `token`: the API token, which
 * may act as anybody. `session`: signed in with the token in a browser, acts under the name given there.
 */
type Caller = { kind: 'open'; name: string | null } | { kind: 'token' } | { kind: 'session'; name: string };

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

interface Person {
  personId: string;
  name: string;
}

export interface Who {
  open: boolean;
  /** null when open. */
  sessions: Sessions | null;
  /** Whether this is the API token. */
  isToken(given: string): boolean;
  /**
   * The person acting, made known to the store; one who only reads is looked up, and without an id when nobody goes by
   * that name. null: `user` is no name, or nobody has said one.
   */
  personOf(request: FastifyRequest, user?: string): Promise<Person | null>;
  /** For reads: whoever has said no name sees what everybody may. */
  viewerOf(request: FastifyRequest, user?: string): Promise<Viewer>;
  /** Somebody says their name: made known to the store. null: it is no name. */
  meet(name: string): Promise<Person | null>;
}

export interface WhoParts {
  apiToken: string | null;
  alertsToken: string | null;
  identify: Store['identify'];
  people: Store['people'];
  now(): number;
}

const bearer = (request: FastifyRequest): string | null =>
  /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? null;

function cookieOf(request: FastifyRequest, name: string): string | null {
  for (const pair of (request.headers.cookie ?? '').split(';')) {
    const [key, value] = pair.trim().split('=', 2);
    if (key === name && value) return value;
  }
  return null;
}

export function createWho({ apiToken, identify, people }: WhoParts): Who {
  const known = new Map<string, Person>();

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

  /** Whoever the web chat made goes by the name it was made from; whoever the configuration names, by that id too. */
  async function found({ personId, name }: Person): Promise<Person> {
    const all = await people();
    const same = all.filter((each) => personNamed(each.name)?.personId === personId);
    return (
      all.find((each) => each.personId === personId) ??
      (same.length === 1 ? same[0] : undefined) ?? { personId: '', name }
    );
  }

  const nameSaid = (caller: Caller | null): string | null => {
    if (caller === null) return null;
    return caller.kind === 'token' ? 'API' : caller.name;
  };

  async function personOf({ caller, method }: FastifyRequest, user?: string): Promise<Person | null> {
    const believed = caller?.kind === 'session' ? undefined : user;
    const name = believed ?? nameSaid(caller);
    return name === null ? null : personCalled(name, reads.has(method) ? found : identified);
  }

  return {
    open: apiToken === null,
    sessions: apiToken === null ? null : createSessions(apiToken),
    isToken: (given) => apiToken !== null && sameSecret(given, apiToken),
    personOf,
    meet: (name) => personCalled(name, identified),
    async viewerOf(request, user) {
      const asker = await personOf(request, user);
      return asker === null ? nobody : person(asker.personId);
    },
  };
}

/** Fills `request.caller` and turns unknown callers away from every route that is not for anyone. */
export function askWho(app: FastifyInstance, who: Who, { alertsToken, now }: WhoParts): void {
  app.decorateRequest('caller', null);

  const callerOf = (request: FastifyRequest): Caller | null => {
    if (who.open) return { kind: 'open', name: nameOf(request)?.name ?? null };
    const token = bearer(request);
    if (token !== null) return who.isToken(token) ? { kind: 'token' } : null;
    const sealed = cookieOf(request, sessionCookie);
    const name = sealed === null ? null : (who.sessions?.open(sealed, now()) ?? null);
    return name === null ? null : { kind: 'session', name };
  };

  app.addHook('onRequest', (request, reply, next) => {
    const { access } = request.routeOptions.config;
    if (request.is404) return next();
    request.caller = callerOf(request);
    if (request.caller !== null || access === 'anyone') return next();
    const token = bearer(request);
    // Who sends alerts or scrapes figures should not need the token that commands.
    if (access === 'sender' && token !== null && alertsToken !== null && sameSecret(token, alertsToken)) return next();
    if (token === null && request.method === 'GET' && request.headers.accept?.includes('text/html'))
      return void reply.redirect(`/sign-in?next=${encodeURIComponent(request.url)}`, 303);
    reply.header('www-authenticate', 'Bearer realm="muster"');
    answerProblem(
      reply,
      401,
      token === null ? 'Muster does not know who you are.' : 'This token is not the right one.',
      'Send Authorization: Bearer <MUSTER_API_TOKEN>, or sign in at /sign-in.',
    );
  });
}
