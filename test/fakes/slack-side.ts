import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { usedAppMethods, usedMethods } from '../../src/chat/slack/uses.js';
import { slackProblems } from '../../src/chat/slack/validate.js';
import { viewProblems } from './slack-views.js';

type Fields = Record<string, unknown>;

export interface Said {
  ts: string;
  text: string;
  user?: string;
  [more: string]: unknown;
}

type Fault =
  | { kind: 'hang' }
  | { kind: 'refused'; error: string }
  | { kind: 'status'; status: number; retryAfter?: number };

/** What Slack is while people act: it says who they are, opens modals, shows answers, tells a channel's history. */
export interface SlackSide {
  server: Server;
  /** Of the Web API, with a trailing slash. */
  apiUrl: string;
  /** By method, what it was asked for; answers to a `response_url` are `respond`. */
  asked(method: string): Fields[];
  /** Text of answers: by `response_url`, to one person, in a direct message. */
  told(): string[];
  history: Map<string, Said[]>;
  /** Names by user id. Everybody's address is `<first name>@example.com`. */
  people: Map<string, string>;
  /** Team of whoever is of another one, by user id. */
  strangers: Map<string, string>;
  fail(method: string, fault: Fault, times?: number): void;
  heal(): void;
  /** A new one; it opens one modal. */
  trigger(): string;
  responseUrl(): string;
  /** What `apps.connections.open` answers besides faults. */
  socketUrl: string;
  violations: string[];
  teamId: string;
  close(): Promise<void>;
}

export const muster = { teamId: 'T1', userId: 'UMUSTER', botId: 'BMUSTER', token: 'xoxb-1', appToken: 'xapp-1' };
const answersAtMost = 5;
/** What no workspace answers for it. */
const own = new Set(['views.open', 'views.publish', 'chat.postEphemeral', 'apps.connections.open']);

/** @param beyond a whole workspace: it answers whatever this has no answer of its own to. */
export async function startSlackSide(beyond?: { apiUrl: string; token: string }): Promise<SlackSide> {
  const calls: { method: string; args: Fields }[] = [];
  const violations: string[] = [];
  const triggers = new Set<string>();
  const answers = new Map<string, number>();
  let faults: { method: string; fault: Fault; left: number }[] = [];
  const history = new Map<string, Said[]>();
  const people = new Map([
    ['UADA', 'ada'],
    ['UBOB', 'Bob Stone'],
  ]);
  const strangers = new Map<string, string>();
  const textOf = (args: Fields): string => JSON.stringify(args.blocks ?? args.text);

  function answer(method: string, args: Fields): Fields {
    switch (method) {
      case 'auth.test':
        return { team_id: muster.teamId, user_id: muster.userId, bot_id: muster.botId };
      case 'users.info': {
        const name = people.get(String(args.user));
        if (!name) return { ok: false, error: 'user_not_found' };
        const email = `${name.split(' ')[0]?.toLowerCase()}@example.com`;
        const team_id = strangers.get(String(args.user)) ?? muster.teamId;
        return { user: { id: args.user, team_id, real_name: name, profile: { display_name: name, email } } };
      }
      case 'views.open': {
        if (!triggers.delete(String(args.trigger_id))) return { ok: false, error: 'expired_trigger_id' };
        violations.push(...viewProblems(args.view));
        return { view: { id: `V${randomUUID()}` } };
      }
      case 'views.publish':
        violations.push(...viewProblems(args.view));
        return {};
      case 'chat.postMessage':
      case 'chat.postEphemeral':
        violations.push(...slackProblems(args));
        return { ts: `${calls.length}.000100` };
      case 'conversations.history': {
        const { channel, oldest = '0', latest = '9999999999', inclusive, limit = 100 } = args as Record<string, string>;
        const within = (history.get(channel as string) ?? []).filter(
          ({ ts, thread_ts }) =>
            (thread_ts === undefined || thread_ts === ts) &&
            (inclusive ? ts >= oldest && ts <= latest : ts > oldest && ts < latest),
        );
        return { messages: within.slice(-Number(limit)).reverse() };
      }
      case 'conversations.replies': {
        const { channel, ts } = args as Record<string, string>;
        const all = history.get(channel as string) ?? [];
        const found = all.filter((said) => said.ts === ts || said.thread_ts === ts);
        return found.length > 0 ? { messages: found } : { ok: false, error: 'thread_not_found' };
      }
      case 'apps.connections.open':
        return { url: side.socketUrl };
      default:
        violations.push(`not expected: ${method}`);
        return { ok: false, error: 'unknown_method' };
    }
  }

  const server = createServer(async (request, response) => {
    const raw = await textIn(request);
    const path = new URL(request.url ?? '/', 'http://x').pathname;
    const method = path.startsWith('/respond/') ? 'respond' : path.replace('/api/', '');
    const args = argsOf(raw);
    calls.push({ method, args });
    const fault = faults.find((one) => one.method === method && one.left > 0);
    if (fault) {
      fault.left -= 1;
      if (fault.fault.kind === 'hang') return;
      if (fault.fault.kind === 'status') {
        const { status, retryAfter } = fault.fault;
        if (retryAfter !== undefined) response.setHeader('retry-after', retryAfter);
        return void response.writeHead(status).end('{}');
      }
      return void json(response, { ok: false, error: fault.fault.error });
    }
    if (method === 'respond') {
      const used = (answers.get(path) ?? answersAtMost) + 1;
      answers.set(path, used);
      if (used > answersAtMost) violations.push('an answer address was used too often, or made up');
      if (args.response_type !== 'ephemeral' || args.replace_original !== false)
        violations.push('everybody would see an answer');
      violations.push(...slackProblems(args));
      return void response.end('ok');
    }
    if (beyond && !own.has(method) && (method !== 'chat.postMessage' || args.metadata !== undefined)) {
      const { authorization = '', 'content-type': type = '' } = request.headers;
      const headers = { authorization, 'content-type': type };
      const answered = await fetch(`${beyond.apiUrl}${method}`, { method: 'POST', headers, body: raw });
      return void response
        .writeHead(answered.status, { 'content-type': 'application/json' })
        .end(await answered.text());
    }
    const isApp = method in usedAppMethods;
    if (!isApp && !(method in usedMethods)) violations.push(`not in the manifest: ${method}`);
    if (request.headers.authorization !== `Bearer ${isApp ? muster.appToken : (beyond?.token ?? muster.token)}`)
      return void json(response, { ok: false, error: 'invalid_auth' });
    json(response, { ok: true, ...answer(method, args) });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const asked = (method: string): Fields[] => calls.filter((call) => call.method === method).map(({ args }) => args);
  const side: SlackSide = {
    server,
    apiUrl: `${url}/api/`,
    asked,
    told: () => ['respond', 'chat.postEphemeral', 'chat.postMessage'].flatMap((method) => asked(method).map(textOf)),
    history,
    people,
    strangers,
    fail(method, fault, times = Number.POSITIVE_INFINITY) {
      faults.unshift({ method, fault, left: times });
    },
    heal() {
      faults = [];
    },
    trigger() {
      const id = randomUUID();
      triggers.add(id);
      return id;
    },
    responseUrl() {
      const path = `/respond/${randomUUID()}`;
      answers.set(path, 0);
      return `${url}${path}`;
    },
    socketUrl: '',
    violations,
    teamId: muster.teamId,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
  if (beyond) {
    const answered = await fetch(`${beyond.apiUrl}auth.test`, {
      method: 'POST',
      headers: { authorization: `Bearer ${beyond.token}` },
    });
    side.teamId = ((await answered.json()) as { team_id: string }).team_id;
  }
  return side;
}

const json = (
  response: { end(text: string): unknown; setHeader(name: string, value: string): unknown },
  body: Fields,
): void => {
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(body));
};

async function textIn(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

/** As the client sends them: form fields, those with structure as JSON. A text is never one, whatever it begins with. */
function argsOf(raw: string): Fields {
  if (raw.startsWith('{')) return JSON.parse(raw) as Fields;
  return Object.fromEntries(
    [...new URLSearchParams(raw)].map(([name, value]) => [
      name,
      name !== 'text' && /^[[{]|^(true|false)$/.test(value) ? JSON.parse(value) : value,
    ]),
  );
}
