import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** What goes wrong on the way to a server that is somebody else's. */
export type ProxyFault =
  | { kind: 'status'; status: number; id?: string }
  | { kind: 'limited'; retryAfterSeconds: number }
  /** What a proxy says while the server is away. */
  | { kind: 'html' }
  /** Nothing has reached the server. */
  | { kind: 'resetBefore' }
  /** It was done, and the connection breaks before the answer. */
  | { kind: 'resetAfter' }
  /** The server has it all, and the connection breaks while it is still at it. */
  | { kind: 'resetDuring' }
  /** Nothing has reached the server, and nothing is answered. */
  | { kind: 'hang' }
  /** It was done and is not answered. */
  | { kind: 'hangAfter' };

export interface FaultRule {
  times?: number;
  only?: string;
  skip?: number;
  /** Of requests for which this is the same, the first alone. */
  oncePer?: (body: string) => string;
}

export interface FaultProxy {
  url: string;
  /** The next requests go wrong: those that begin like this (`POST /api/v4/posts`), after so many. The newest rule wins. */
  fail(fault: ProxyFault, rule?: FaultRule): void;
  heal(): void;
  /** Requests that came, those inside a `Retry-After` as well. */
  requests: { line: string; body: string; early: boolean }[];
  close(): Promise<void>;
}

/** Stands before a server on loopback. Whoever asks through it is told the truth, but for the faults. */
export async function faultProxy(target: string): Promise<FaultProxy> {
  const { hostname, port } = new URL(target);
  const requests: FaultProxy['requests'] = [];
  const sockets = new Set<Socket>();
  let rules: (Required<Pick<FaultRule, 'only' | 'skip'>> & {
    fault: ProxyFault;
    left: number;
    first(body: string): boolean;
  })[] = [];
  let silentUntil = 0;

  const forward = (request: IncomingMessage, body: Buffer, answered: (answer: IncomingMessage) => void): void => {
    const { method, url: path, headers } = request;
    const onward = httpRequest({ hostname, port, method, path, headers: { ...headers, host: `${hostname}:${port}` } });
    onward.on('response', answered);
    onward.on('error', () => request.socket.destroy());
    onward.end(body);
  };

  async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const body = Buffer.concat(parts);
    const line = `${request.method} ${request.url}`;
    requests.push({ line, body: body.toString(), early: Date.now() < silentUntil });
    const rule = rules.findLast((each) => each.left > 0 && line.startsWith(each.only) && each.first(body.toString()));
    const fault = rule?.skip === 0 ? rule.fault : undefined;
    if (fault && rule) rule.left -= 1;
    else if (rule) rule.skip -= 1;
    const json = (status: number, value: unknown): void => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
    };
    const reset = (): void => void request.socket.resetAndDestroy();
    switch (fault?.kind) {
      case 'status':
        return json(fault.status, { id: fault.id ?? 'told.to.fail', message: '', status_code: fault.status });
      case 'limited':
        silentUntil = Date.now() + fault.retryAfterSeconds * 1000;
        response.writeHead(429, { 'content-type': 'text/plain', 'retry-after': `${fault.retryAfterSeconds}` });
        response.end('limit exceeded');
        return;
      case 'html':
        response.writeHead(502, { 'content-type': 'text/html' }).end('<html><h1>502 Bad Gateway</h1></html>');
        return;
      case 'resetBefore':
        return reset();
      case 'hang':
        return;
      case 'resetDuring':
        forward(request, body, (answer) => answer.resume());
        return reset();
      case 'resetAfter':
      case 'hangAfter':
        forward(request, body, (answer) => {
          answer.resume();
          if (fault.kind === 'resetAfter') answer.on('end', reset);
        });
        return;
      default:
        forward(request, body, (answer) => {
          response.writeHead(answer.statusCode ?? 500, answer.headers);
          answer.pipe(response);
        });
    }
  }

  const server = createServer((request, response) => {
    take(request, response).catch(() => request.socket.destroy());
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    fail(fault, { times = 1, only = '', skip = 0, oncePer } = {}) {
      rules.push({ fault, left: times, only, skip, first: firstOf(oncePer) });
    },
    heal() {
      rules = [];
      silentUntil = 0;
    },
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** Says of each whether it is the first of its kind. */
export function firstOf<T>(kindOf: ((one: T) => string) | undefined): (one: T) => boolean {
  const seen = new Set<string>();
  return (one) => {
    if (!kindOf) return true;
    const kind = kindOf(one);
    const first = !seen.has(kind);
    seen.add(kind);
    return first;
  };
}
