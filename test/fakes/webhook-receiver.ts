import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface TakenCall {
  id: string;
  /** s since the epoch */
  at: number;
  headers: IncomingHttpHeaders;
  text: string;
  body: {
    type: string;
    timestamp: string;
    data: { sequence: number; incident: Record<string, unknown>; update: Record<string, unknown> | null; text: string };
  };
}

export type ReceiverFault =
  | { kind: 'status'; status: number; headers?: Record<string, string>; body?: string }
  | { kind: 'hang' }
  | { kind: 'reset' }
  /** Takes the call; the answer never arrives. */
  | { kind: 'lost' };

/** A real HTTP server that takes calls and keeps them all, the refused ones too. */
export async function startReceiver() {
  const calls: TakenCall[] = [];
  const taken: TakenCall[] = [];
  let faults: { fault: ReceiverFault; left: number }[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString('utf8');
      const { headers } = request;
      const call = {
        id: String(headers['webhook-id']),
        at: Number(headers['webhook-timestamp']),
        headers,
        text,
        body: JSON.parse(text) as TakenCall['body'],
      };
      calls.push(call);
      const waiting = faults.find(({ left }) => left > 0);
      if (waiting) waiting.left--;
      const fault = waiting?.fault;
      if (!fault || fault.kind === 'lost') taken.push(call);
      if (fault?.kind === 'hang') return;
      if (fault?.kind === 'reset' || fault?.kind === 'lost') return void request.socket.destroy();
      if (fault?.kind === 'status') return void response.writeHead(fault.status, fault.headers).end(fault.body ?? '');
      response.writeHead(204).end();
    });
    request.on('error', () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks/muster`,
    /** Every call. */
    calls,
    /** Those it acted on. */
    taken,
    fail(fault: ReceiverFault, times = Number.MAX_SAFE_INTEGER) {
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
export type Receiver = Awaited<ReturnType<typeof startReceiver>>;

/** As https://www.standardwebhooks.com says it: whether one of the signatures is by this secret. */
export function isSignedBy(secret: string, { id, at, headers, text }: TakenCall): boolean {
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
  const expected = createHmac('sha256', key)
    .update(Buffer.from(`${id}.${at}.${text}`))
    .digest();
  return String(headers['webhook-signature'])
    .split(' ')
    .some((each) => {
      const [version, signature] = each.split(',');
      const given = Buffer.from(signature ?? '', 'base64');
      return version === 'v1' && given.length === expected.length && timingSafeEqual(given, expected);
    });
}
