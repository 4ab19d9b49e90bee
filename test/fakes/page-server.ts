import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface PageCall {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  text: string;
}
export interface Answer {
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
}
export type PageFault =
  | { kind: 'status'; status: number; headers?: Record<string, string> }
  | { kind: 'hang' | 'reset' };

/**
 * A real HTTP server that knows one service's own rules. `judge` answers a good call and throws at what that service
 * would not take, which is kept in `complaints`.
 */
export async function startPageServer<Taken>(
  judge: (call: PageCall) => { taken: Taken; answer: Answer },
  refusal: (why: string, status: number) => unknown,
) {
  const taken: Taken[] = [];
  const calls: PageCall[] = [];
  const complaints: string[] = [];
  let faults: { fault: PageFault; left: number }[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('error', () => {});
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url: path = '', headers } = request;
      const call = { method, path, headers, text: Buffer.concat(chunks).toString('utf8') };
      calls.push(call);
      const waiting = faults.find(({ left }) => left > 0);
      if (waiting) waiting.left--;
      const fault = waiting?.fault;
      const send = ({ status, body = '', headers: more = {} }: Answer): void =>
        void response
          .writeHead(status, { 'content-type': 'application/json', ...more })
          .end(typeof body === 'string' ? body : JSON.stringify(body));
      if (fault?.kind === 'hang') return;
      if (fault?.kind === 'reset') return void request.socket.destroy();
      if (fault?.kind === 'status')
        return send({
          status: fault.status,
          body: refusal('in trouble', fault.status) ?? '',
          ...(fault.headers && { headers: fault.headers }),
        });
      try {
        const judged = judge(call);
        taken.push(judged.taken);
        send(judged.answer);
      } catch (error) {
        const { status = 400, message } = error as Refused;
        complaints.push(message);
        send({ status, body: refusal(message, status) });
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** What it acted on, the oldest first. */
    taken,
    /** Every call, refused ones too. */
    calls,
    /** What it would not take. */
    complaints,
    fail(fault: PageFault, times = Number.MAX_SAFE_INTEGER) {
      faults.push({ fault, left: times });
    },
    heal() {
      faults = [];
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

class Refused extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** @throws what the service would say no to. */
export function demand(holds: boolean, why: string, status = 400): asserts holds {
  if (!holds) throw new Refused(status, why);
}
/** Nothing but these keys. */
export function demandOnly(body: object, keys: readonly string[]): void {
  for (const key of Object.keys(body)) demand(keys.includes(key), `${key} is not known`);
}
export function jsonOf({ headers, text }: PageCall): Record<string, unknown> {
  demand((headers['content-type'] ?? '').startsWith('application/json'), 'it is not JSON');
  const body = JSON.parse(text) as Record<string, unknown>;
  demand(typeof body === 'object' && body !== null, 'it is no object');
  return body;
}
