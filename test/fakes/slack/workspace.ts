import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createEmulator } from 'emulate';
import { neededScopes } from '../../../src/chat/slack/scopes.js';
import { usedMethods } from '../../../src/chat/slack/uses.js';
import { type Ask, type FarSide, farSide, tokens } from './far-side.js';
import { createFaults, type Fault, type Faults } from './faults.js';
import { passingOn } from './pass-on.js';
import { type Group, slackRules } from './rules.js';

type Fields = Record<string, unknown>;

export interface SlackRequest {
  method: string;
  channel: string | null;
  /** By the clock that was given. */
  at: number;
  outcome: 'ok' | 'early' | Fault['kind'] | `no: ${string}`;
}

/** A Slack workspace on this machine: an emulator of others, behind a proxy of ours that adds Slack's rules and faults. */
export interface SlackWorkspace extends FarSide, Pick<Faults, 'fail' | 'heal'> {
  /** Of the Web API, with a trailing slash. */
  apiUrl: string;
  token: string;
  groups: Group[];
  /** Scopes of the bot's token, as Slack says them with every answer. */
  granted: string[];
  requests: SlackRequest[];
  /** What Slack would not have taken, or must not be asked: inside Retry-After, methods that are not known, bad blocks. */
  violations: string[];
  close(): Promise<void>;
}

/** Muster's are those its manifest asks for; who looks past the proxy may see more. */
const scopes = [...new Set(Object.values(usedMethods).flat())];
const wide = [...scopes, 'pins:read', 'im:read', 'channels:write'];

/** @param people names; everybody's address is `<name>@example.com`. */
export async function startSlack({
  people = ['ada', 'bob'],
  now = Date.now,
}: {
  people?: string[];
  now?: () => number;
} = {}): Promise<SlackWorkspace> {
  const emulator = await createEmulator({
    service: 'slack',
    port: 0,
    seed: {
      slack: {
        team: { name: 'Example', domain: 'example' },
        users: ['muster', ...people].map((name) => ({ name, email: `${name}@example.com` })),
        tokens: [
          { token: tokens.bot, user: 'muster', scopes },
          { token: tokens.look, user: 'muster', scopes: wide },
          { token: tokens.ada, user: 'ada', scopes: wide },
        ],
        strict_scopes: true,
      },
    },
  });
  const on = passingOn(emulator.url);
  const ask: Ask = async (token, method, { mayFail, ...args } = {}) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const answer = JSON.parse((await on.post(`/api/${method}`, headers, JSON.stringify(args))).text) as Fields;
    if (token === tokens.ada) rules.forget();
    if (answer.ok !== true && !mayFail) throw new Error(`${method}: ${JSON.stringify(answer)}`);
    return answer;
  };

  const faults = createFaults(now);
  const groups: Group[] = [];
  const granted = [...neededScopes().keys()];
  const requests: SlackRequest[] = [];
  const violations: string[] = [];
  const rules = slackRules(ask, groups, (what) => violations.push(what));
  let address = '';

  async function answered(method: string, args: Fields, body: Buffer, type: string): Promise<Fields> {
    const own = await rules.before(method, args);
    if (own) return own;
    const headers = { authorization: `Bearer ${tokens.bot}`, 'content-type': type };
    const { text } = await on.post(`/api/${method}`, headers, body);
    return rules.after(method, args, JSON.parse(text) as Fields, address);
  }

  async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const type = request.headers['content-type'] ?? 'application/octet-stream';
    const path = new URL(request.url ?? '/', 'http://x').pathname;
    const upload = path.startsWith('/upload/');
    const method = upload ? 'upload' : path.replace('/api/', '');
    const args = upload ? {} : argsOf(body);
    const named = args.channel ?? args.channel_id;
    const channel = typeof named === 'string' ? named : null;
    const noted: SlackRequest = { method, channel, at: now(), outcome: 'ok' };
    requests.push(noted);
    const send = (status: number, answer: unknown, headers: Record<string, string> = {}) =>
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(answer));

    if (request.method !== 'POST' || !(upload || path.startsWith('/api/'))) {
      violations.push(`unexpected: ${request.method} ${path}`);
      return void send(500, {});
    }
    if (faults.silent(method, channel)) {
      noted.outcome = 'early';
      violations.push(`inside Retry-After: ${method} ${channel ?? ''}`);
      return void send(429, { ok: false, error: 'ratelimited' }, { 'retry-after': '1' });
    }
    const fault = faults.next(method, channel);
    if (fault) noted.outcome = fault.kind;
    switch (fault?.kind) {
      case 'limited': {
        const { retryAfterSeconds: seconds } = fault;
        if (seconds !== undefined) faults.silence(method, channel, seconds);
        const headers: Record<string, string> = seconds === undefined ? {} : { 'retry-after': String(seconds) };
        return void send(429, { ok: false, error: 'ratelimited' }, headers);
      }
      case 'status':
        return void send(fault.status, {});
      case 'page':
        return void response
          .writeHead(200, { 'content-type': 'text/html' })
          .end('<html>Sign in to the guest Wi-Fi</html>');
      case 'refused':
        return void send(200, { ok: false, error: fault.error, ...fault.more });
      case 'hang':
        return;
      case 'stall':
        return void response.writeHead(200, { 'content-type': 'application/json' }).write('{"ok":');
      case 'resetBefore':
        return void request.socket.destroy();
    }
    if (upload) {
      const put = await on.post(path, { 'content-type': type }, body);
      if (fault?.kind === 'resetAfter') return void request.socket.destroy();
      return void response.writeHead(put.status).end(put.text);
    }
    if (request.headers.authorization !== `Bearer ${tokens.bot}`)
      return void send(200, { ok: false, error: 'invalid_auth' });
    const answer = await answered(method, args, body, type);
    if (fault?.kind === 'resetAfter') return void request.socket.destroy();
    if (answer.ok !== true) noted.outcome = `no: ${answer.error}`;
    send(200, answer, { 'x-oauth-scopes': granted.join(',') });
  }

  const server = createServer((request, response) => {
    take(request, response).catch((error: unknown) => {
      violations.push(`the fake broke: ${error instanceof Error ? error.stack : error}`);
      response.destroy();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    ...(await farSide(ask)),
    apiUrl: `${address}/api/`,
    token: tokens.bot,
    groups,
    granted,
    requests,
    violations,
    fail: faults.fail,
    heal: faults.heal,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
      on.close();
      await emulator.close();
    },
  };
}

/** Slack's client sends a form, with what is no text in it as JSON. */
function argsOf(body: Buffer): Fields {
  const args: Fields = {};
  for (const [name, value] of new URLSearchParams(body.toString()))
    args[name] = name !== 'text' && isJson(value) ? JSON.parse(value) : value;
  return args;
}

/** An id of digits alone is still a text: a time of a message would lose its last digits. */
const isJson = (value: string): boolean => /^(\{.*\}|\[.*\]|true|false)$/s.test(value);
