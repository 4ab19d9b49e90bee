import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import type { Card } from '../../src/messages/card.js';

/**
 * A small chat of ours behind HTTP, for tests of delivery. JSON in and out:
 *
 *   POST /channels {key,name,title,purpose,private}    -> {channel}      the same key again: the same channel
 *   POST /channels/<c>/members {people:[{id,name}]}    -> {unknown:[id]}
 *   POST /channels/<c>/messages {key,card,pin}         -> {message}      doubles, unless it `deduplicates`
 *   PUT  /channels/<c>/messages/<m> {key,card}         -> {}             404 when the message is gone
 *   GET  /channels/<c>/messages?key=<key>              -> {message|null}
 *   PUT  /channels/<c>/head {topic,links}              -> {}
 *   POST /channels/<c>/files {key,name,title,text}     -> {message}      the same key again: the same message
 *   POST /channels/<c>/archive {}                      -> {}             archived already: 410
 *   POST /direct {person,name}                         -> {channel}
 *   GET  /probe                                        -> {}
 *
 * Anything else is a violation: 500, and kept in `violations`.
 */
export interface RemoteChat {
  url: string;
  channels: Map<string, RemoteChannel>;
  /** Every request that arrived, refused and unanswered ones included. */
  requests: RemoteRequest[];
  violations: string[];
  /** The next requests (of that kind, about that message) go wrong; the newest rule that fits wins. */
  fail(fault: Fault, rule?: { times?: number; only?: Call; key?: string }): void;
  heal(): void;
  /** Removes a message, as a moderator would. */
  remove(channel: string, message: string): void;
  /** Everything in that channel is answered with 410, until it is brought back. */
  archive(channel: string, gone?: boolean): void;
  close(): Promise<void>;
}

type Call = 'open' | 'describe' | 'attach' | 'archive' | 'invite' | 'post' | 'edit' | 'find' | 'direct' | 'probe';
export type Fault =
  | { kind: 'status'; status: number; retryAfterSeconds?: number }
  | { kind: 'hang' }
  /** The connection breaks and nothing was done. */
  | { kind: 'resetBefore' }
  /** It was done, and the connection breaks before the answer. */
  | { kind: 'resetAfter' };

interface RemoteRequest {
  at: number;
  call: Call | null;
  method: string;
  path: string;
  key: string | null;
  outcome: number | Fault['kind'];
  /** It came before the time named by an earlier Retry-After. */
  early: boolean;
}
interface RemoteChannel {
  id: string;
  key: string;
  name: string;
  title: string;
  purpose: string;
  private: boolean;
  members: Set<string>;
  messages: { id: string; key: string; card: Card; pinned: boolean; edits: number }[];
  /** What has stood at its head, the newest last. */
  heads: z.infer<typeof bodies.describe>[];
  files: (z.infer<typeof bodies.attach> & { id: string })[];
}

const card = z.looseObject({
  tone: z.string(),
  summary: z.string(),
  blocks: z.array(z.looseObject({ kind: z.string() })),
});
const bodies = {
  open: z.strictObject({
    key: z.string(),
    name: z.string(),
    title: z.string(),
    purpose: z.string(),
    private: z.boolean(),
  }),
  invite: z.strictObject({ people: z.array(z.strictObject({ id: z.string(), name: z.string() })) }),
  post: z.strictObject({ key: z.string(), card, pin: z.boolean() }),
  edit: z.strictObject({ key: z.string(), card }),
  direct: z.strictObject({ person: z.string(), name: z.string() }),
  describe: z.strictObject({
    topic: z.string(),
    links: z.array(z.strictObject({ label: z.string(), href: z.url() })),
  }),
  attach: z.strictObject({ key: z.string(), name: z.string(), title: z.string(), text: z.string() }),
};

export async function startRemoteChat(
  options: { now?: () => number; deduplicates?: boolean; knows?: (personId: string) => boolean } = {},
): Promise<RemoteChat> {
  const { now = Date.now, deduplicates = false, knows = () => true } = options;
  const channels = new Map<string, RemoteChannel>();
  const requests: RemoteRequest[] = [];
  const violations: string[] = [];
  const archived = new Set<string>();
  let rules: { fault: Fault; left: number; only: Call | undefined; key: string | undefined }[] = [];
  let notBefore = 0;
  let ids = 0;

  function openChannel(wanted: z.infer<typeof bodies.open>): string {
    for (const channel of channels.values()) if (channel.key === wanted.key) return channel.id;
    const taken = new Set([...channels.values()].map(({ name }) => name));
    let name = wanted.name;
    for (let n = 2; taken.has(name); n++) name = `${wanted.name.slice(0, 60)}-${n}`;
    const id = `C${++ids}`;
    channels.set(id, { ...wanted, id, name, members: new Set(), messages: [], heads: [], files: [] });
    return id;
  }

  /** What the request asks for, or null when this chat does not know it. */
  function understand(
    method: string,
    url: URL,
    raw: string,
  ): { call: Call; key: string | null; act: () => Answer } | null {
    const [first, id = '', third, message = '', ...rest] = url.pathname.slice(1).split('/');
    if (rest.length > 0) return null;
    const body: unknown = raw === '' ? undefined : JSON.parse(raw);
    const inChannel = (act: (channel: RemoteChannel) => Answer) => () => {
      const channel = channels.get(id);
      if (channel !== undefined && archived.has(id)) return { status: 410, body: { error: 'archived' } };
      return channel === undefined ? { status: 404, body: { error: 'no such channel' } } : act(channel);
    };
    switch (`${method} ${first}${id && '/:id'}${third === undefined ? '' : `/${third}`}${message && '/:id'}`) {
      case 'POST channels': {
        const wanted = bodies.open.parse(body);
        return { call: 'open', key: wanted.key, act: () => ok({ channel: openChannel(wanted) }) };
      }
      case 'GET probe':
        return { call: 'probe', key: null, act: () => ok({}) };
      case 'POST direct': {
        const { person, name } = bodies.direct.parse(body);
        const wanted = { key: `direct/${person}`, name: `direct-${person}`, title: name, purpose: '', private: true };
        return {
          call: 'direct',
          key: wanted.key,
          act: () => {
            const channel = openChannel(wanted);
            channels.get(channel)?.members.add(person);
            return ok({ channel });
          },
        };
      }
      case 'POST channels/:id/members': {
        const { people } = bodies.invite.parse(body);
        return {
          call: 'invite',
          key: null,
          act: inChannel((channel) => {
            const unknown = people.filter((one) => !knows(one.id)).map((one) => one.id);
            for (const one of people) if (knows(one.id)) channel.members.add(one.id);
            return ok({ unknown });
          }),
        };
      }
      case 'POST channels/:id/messages': {
        const wanted = bodies.post.parse(body);
        return {
          call: 'post',
          key: wanted.key,
          act: inChannel((channel) => {
            const known = channel.messages.find(({ key }) => deduplicates && key === wanted.key);
            if (known !== undefined) return ok({ message: known.id });
            const added = { id: `M${++ids}`, key: wanted.key, card: wanted.card as Card, pinned: wanted.pin, edits: 0 };
            channel.messages.push(added);
            return ok({ message: added.id });
          }),
        };
      }
      case 'PUT channels/:id/messages/:id': {
        const wanted = bodies.edit.parse(body);
        return {
          call: 'edit',
          key: wanted.key,
          act: inChannel((channel) => {
            const found = channel.messages.find((one) => one.id === message);
            if (found === undefined) return { status: 404, body: { error: 'no such message' } };
            found.card = wanted.card as Card;
            found.edits += 1;
            return ok({});
          }),
        };
      }
      case 'PUT channels/:id/head': {
        const head = bodies.describe.parse(body);
        const act = inChannel((channel) => {
          channel.heads.push(head);
          return ok({});
        });
        return { call: 'describe', key: null, act };
      }
      case 'POST channels/:id/files': {
        const file = bodies.attach.parse(body);
        const act = inChannel(({ files }) => {
          const known = files.find(({ key }) => key === file.key) ?? { ...file, id: `M${++ids}` };
          if (!files.includes(known)) files.push(known);
          return ok({ message: known.id });
        });
        return { call: 'attach', key: file.key, act };
      }
      case 'POST channels/:id/archive': {
        const act = inChannel((channel) => {
          archived.add(channel.id);
          return ok({});
        });
        return { call: 'archive', key: null, act };
      }
      case 'GET channels/:id/messages': {
        const key = z.string().parse(url.searchParams.get('key'));
        return {
          call: 'find',
          key,
          act: inChannel((channel) => ok({ message: channel.messages.find((one) => one.key === key)?.id ?? null })),
        };
      }
      default:
        return null;
    }
  }

  function takeRule(call: Call, key: string | null): Fault | undefined {
    const rule = rules.findLast(
      (one) =>
        one.left > 0 && (one.only === undefined || one.only === call) && (one.key === undefined || one.key === key),
    );
    if (rule !== undefined) rule.left -= 1;
    return rule?.fault;
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const at = now();
    const url = new URL(request.url ?? '/', 'http://chat');
    const method = request.method ?? '';
    const raw = await textOf(request);
    const record: RemoteRequest = {
      at,
      call: null,
      method,
      path: url.pathname,
      key: null,
      outcome: 500,
      early: at < notBefore,
    };
    requests.push(record);
    let asked: ReturnType<typeof understand>;
    try {
      asked = understand(method, url, raw);
    } catch (error) {
      violations.push(`${method} ${request.url}: ${String(error)}`);
      return send(response, { status: 500, body: { error: 'not understood' } });
    }
    if (asked === null) {
      violations.push(`${method} ${request.url}: no such call`);
      return send(response, { status: 500, body: { error: 'no such call' } });
    }
    record.call = asked.call;
    record.key = asked.key;
    const fault = takeRule(asked.call, asked.key);
    record.outcome = fault === undefined || fault.kind === 'status' ? (fault?.status ?? 200) : fault.kind;
    switch (fault?.kind) {
      case 'hang':
        return;
      case 'resetBefore':
        request.socket.resetAndDestroy();
        return;
      case 'resetAfter':
        asked.act();
        request.socket.resetAndDestroy();
        return;
      case 'status': {
        const after = fault.retryAfterSeconds;
        if (after !== undefined) {
          notBefore = at + after * 1000;
          response.setHeader('retry-after', after);
        }
        return send(response, { status: fault.status, body: { error: 'told to fail' } });
      }
      default: {
        const answered = asked.act();
        record.outcome = answered.status;
        return send(response, answered);
      }
    }
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error) => {
      violations.push(`${request.method} ${request.url}: ${String(error)}`);
      request.socket.destroy();
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    channels,
    requests,
    violations,
    fail(fault, { times = 1, only, key } = {}) {
      rules.push({ fault, left: times, only, key });
    },
    heal() {
      rules = [];
      notBefore = 0;
    },
    archive(channel, gone = true) {
      if (gone) archived.add(channel);
      else archived.delete(channel);
    },
    remove(channel, message) {
      const messages = channels.get(channel)?.messages ?? [];
      messages.splice(
        messages.findIndex(({ id }) => id === message),
        1,
      );
    },
    close: () =>
      new Promise((closed, failed) => {
        server.close((error) => (error === undefined ? closed() : failed(error)));
        server.closeAllConnections();
      }),
  };
}

interface Answer {
  status: number;
  body: object;
}
const ok = (body: object): Answer => ({ status: 200, body });

function send(response: ServerResponse, { status, body }: Answer): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
