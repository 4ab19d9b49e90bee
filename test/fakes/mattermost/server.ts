import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { ZodError } from 'zod';
import { firstOf, type ProxyFault } from '../fault-proxy.js';
import type { Account, Mattermost } from '../mattermost-server.js';
import { ROUTES } from './calls.js';
import { type WebSocketFault, webSocketOf } from './socket.js';
import { newId, Refused, type User, type World } from './world.js';

export type Fault =
  | ProxyFault
  /** A post is begun, and made when this resolves. */
  | { kind: 'hold'; until: Promise<void> };

interface FakeRequest {
  at: number;
  /** As `calls.ts` names it; null: nothing it knows. */
  call: string | null;
  method: string;
  path: string;
  body: unknown;
  userId: string | null;
  outcome: number | Fault['kind'];
}

export interface FakeMattermost extends Mattermost {
  version: string;
  world: World;
  /** Every request that arrived, refused and unanswered ones included. */
  requests: FakeRequest[];
  /** What no such server understands, and what came before a `Retry-After` was over. */
  violations: string[];
  /**
   * The next requests (of that kind) go wrong, after so many; the newest rule that fits wins. `by`: only of this
   * account, else of the bot. `oncePer`: of requests for which this is the same, the first alone.
   */
  fail(
    fault: Fault,
    rule?: {
      times?: number;
      only?: string;
      skip?: number;
      by?: Pick<Account, 'token'>;
      oncePer?: (body: unknown) => string;
    },
  ): void;
  failSocket(fault: WebSocketFault, times?: number): void;
  heal(): void;
  socket: Omit<ReturnType<typeof webSocketOf>, 'tell' | 'close' | 'fail'>;
  as<T = unknown>(who: Pick<Account, 'token'>, method: string, path: string, body?: unknown): Promise<T>;
  /** The address lets nobody in until `up`; what it kept in memory is gone then. */
  down(): Promise<void>;
  up(): Promise<void>;
  /** A person's rights, in the server's words. */
  makeTeamAdmin(who: Pick<Account, 'id'>): void;
  close(): Promise<void>;
}

/** A Mattermost that speaks as a real one of version 5.37 does where Muster talks to it, and fails on all else. */
export async function fakeMattermost({ now = Date.now }: { now?: () => number } = {}): Promise<FakeMattermost> {
  let told: ReturnType<typeof webSocketOf> | null = null;
  const world: World = {
    now,
    users: new Map(),
    tokens: new Map(),
    teams: new Map(),
    channels: new Map(),
    posts: new Map(),
    replied: new Set(),
    lastPostAt: 0,
    reactions: [],
    files: new Map(),
    commands: new Map(),
    dialogs: [],
    whispers: [],
    cookies: new Map(),
    pending: new Map(),
    triggers: new Map(),
    hooks: new Map(),
    config: { Version: '5.37.0', RequireEmailVerification: 'true', SiteURL: '' },
    url: '',
    tell: (event, data, to) => told?.tell(event, data, to),
  };
  const requests: FakeRequest[] = [];
  const violations: string[] = [];
  let rules: {
    fault: Fault;
    left: number;
    skip: number;
    only: string | undefined;
    userId: string | undefined;
    first(body: unknown): boolean;
  }[] = [];
  let notBefore = 0;

  const person = (username: string, more: Partial<User> = {}): Account => {
    const id = newId();
    const email = more.email ?? `${username}@example.com`;
    world.users.set(id, {
      id,
      username,
      email,
      first_name: '',
      last_name: '',
      nickname: '',
      roles: 'system_user',
      is_bot: false,
      auth_service: '',
      delete_at: 0,
      ...more,
    });
    const token = newId();
    world.tokens.set(token, id);
    return { id, username, email, token };
  };
  const admin = person('root-admin', { roles: 'system_admin system_user' });
  const [ada, bob, carol] = [person('ada'), person('bob'), person('carol')];
  const bot = person('muster', { email: 'muster@localhost', is_bot: true });
  const team = { id: newId(), name: 'ops' };
  const members = new Set([admin, ada, bob, bot].map(({ id }) => id));
  world.teams.set(team.id, { ...team, display_name: 'Operations', members });

  function ruleFor(call: string, userId: string | null, body: unknown): Fault | undefined {
    const rule = rules.findLast(
      (one) =>
        one.left > 0 &&
        (one.only === undefined || one.only === call) &&
        (one.userId ?? bot.id) === (userId ?? bot.id) &&
        one.first(body),
    );
    if (rule && rule.skip > 0) {
      rule.skip -= 1;
      return undefined;
    }
    if (rule) rule.left -= 1;
    return rule?.fault;
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const raw = await bytesOf(request);
    const at = now();
    const url = new URL(request.url ?? '/', 'http://mattermost');
    const method = request.method ?? '';
    const multipart = (request.headers['content-type'] ?? '').startsWith('multipart/form-data');
    const userId =
      world.tokens.get(/^(?:Bearer|token) (.+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '') ?? null;
    const record: FakeRequest = { at, call: null, method, path: url.pathname, body: undefined, userId, outcome: 500 };
    requests.push(record);
    const violated = (why: string): void => {
      violations.push(`${method} ${request.url}: ${why}`);
      send(response, 500, { id: 'fake.violation', message: why, status_code: 500 });
    };
    const route = ROUTES.find((each) => each.method === method && each.path.test(url.pathname));
    if (!route && ROUTES.some((each) => each.method === method && each.like.test(url.pathname)))
      return send(response, 400, refusal(new Refused(400, 'api.context.invalid_url_param.app_error')));
    if (!route) return violated('no such call');
    // A server takes that for plain text.
    if ((request.headers['content-type'] ?? '').includes(',')) return violated('its content type stands there twice');
    record.call = route.name;
    if (at < notBefore && (userId ?? bot.id) === bot.id)
      violations.push(`${method} ${request.url}: inside Retry-After`);
    try {
      if (!multipart && raw.length > 0) record.body = JSON.parse(raw.toString('utf8'));
    } catch {
      return violated('no JSON');
    }
    const fault = ruleFor(route.name, userId, record.body);
    record.outcome = fault?.kind ?? 200;
    switch (fault?.kind) {
      case 'hang':
        return;
      case 'resetBefore':
        request.socket.resetAndDestroy();
        return;
      case 'resetDuring':
        request.socket.resetAndDestroy();
        break;
      case 'html':
        response.writeHead(502, { 'content-type': 'text/html' }).end('<html><h1>502 Bad Gateway</h1></html>');
        return;
      case 'limited':
        notBefore = at + fault.retryAfterSeconds * 1000;
        response
          .writeHead(429, { 'content-type': 'text/plain', 'retry-after': String(fault.retryAfterSeconds) })
          .end('limit exceeded');
        return;
      case 'status':
        return send(response, fault.status, refusal(new Refused(fault.status, fault.id ?? 'fake.told.to.fail')));
      default:
    }
    if (userId === null && !['ping', 'answerLater'].includes(route.name)) {
      record.outcome = 401;
      const expired = new Refused(
        401,
        'api.context.session_expired.app_error',
        'Invalid or expired session, please login again.',
      );
      return send(response, 401, refusal(expired));
    }
    let said: { status: number; body: unknown };
    try {
      const form = multipart ? await formOf(request, raw) : null;
      const params = route.path.exec(url.pathname)?.slice(1) ?? [];
      const hold = fault?.kind === 'hold' ? fault.until : fault?.kind === 'resetDuring' ? sleep(50) : undefined;
      const call = { world, userId: userId ?? '', params, query: url.searchParams, body: record.body, form, hold };
      said = { status: route.status, body: await route.act(call) };
    } catch (error) {
      if (error instanceof ZodError) return violated(error.message);
      if (!(error instanceof Refused)) throw error;
      said = { status: error.status, body: refusal(error) };
    }
    if (fault?.kind === 'resetAfter') request.socket.resetAndDestroy();
    else if (fault?.kind !== 'hangAfter' && fault?.kind !== 'resetDuring') {
      record.outcome = said.status;
      send(response, said.status, said.body);
    }
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error) => {
      violations.push(`${request.method} ${request.url}: ${String(error)}`);
      request.socket.destroy();
    });
  });
  const socket = webSocketOf(server, world);
  told = socket;
  const listen = (port: number): Promise<void> =>
    new Promise((listening, failed) => {
      server.once('error', failed);
      server.listen(port, '127.0.0.1', listening);
    });
  const shut = (): Promise<void> =>
    new Promise((closed) => {
      server.close(() => closed());
      socket.forget();
      server.closeAllConnections();
    });
  await listen(0);
  const { port } = server.address() as AddressInfo;
  world.url = `http://127.0.0.1:${port}`;
  world.config.SiteURL = world.url;

  return {
    url: world.url,
    version: 'fake 5.37',
    team,
    admin,
    ada,
    bob,
    carol,
    bot,
    world,
    requests,
    violations,
    socket,
    fail(fault, { times = 1, only, skip = 0, by, oncePer } = {}) {
      const userId = by && world.tokens.get(by.token);
      rules.push({ fault, left: times, skip, only, userId, first: firstOf(oncePer) });
    },
    failSocket: socket.fail,
    heal() {
      rules = [];
      notBefore = 0;
      socket.heal();
    },
    async as<T>(who: Pick<Account, 'token'>, method: string, path: string, body?: unknown) {
      const response = await fetch(`${world.url}/api/v4${path}`, {
        method,
        headers: { authorization: `Bearer ${who.token}` },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      if (!response.ok) throw new Error(`${method} ${path} was answered ${response.status}: ${text}`);
      return JSON.parse(text) as T;
    },
    async down() {
      await shut();
      world.pending.clear();
    },
    up: () => listen(port),
    makeTeamAdmin(who) {
      const user = world.users.get(who.id);
      if (user) user.roles = `${user.roles} team_admin`;
    },
    async close() {
      socket.close();
      if (server.listening) await shut();
    },
  };
}

const refusal = ({ id, message, status }: Refused) => ({
  id,
  message,
  detailed_error: '',
  request_id: newId(),
  status_code: status,
});

function send(response: ServerResponse, status: number, body: unknown): void {
  const plain = typeof body === 'string';
  response
    .writeHead(status, { 'content-type': plain ? 'text/plain' : 'application/json' })
    .end(plain ? body : JSON.stringify(body));
}

async function bytesOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

const formOf = (request: IncomingMessage, raw: Buffer): Promise<FormData> =>
  new Response(new Uint8Array(raw), { headers: { 'content-type': request.headers['content-type'] ?? '' } }).formData();
