import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SMTPServer } from 'smtp-server';

export interface TakenMail {
  /** Of the envelope. */
  to: string[];
  user: string | null;
  encrypted: boolean;
  raw: string;
  /** Lower case names; unfolded and decoded. */
  headers: Map<string, string>;
  text: string;
  html: string;
}

/** `at` which step the server is in trouble. `lost`: it takes the mail, and its answer never arrives. */
export type MailFault =
  | { kind: 'status'; code: number; text: string }
  | { kind: 'hang' }
  | { kind: 'dies' }
  | { kind: 'lost' };

export interface FakeMailServer {
  host: string;
  port: number;
  mails: TakenMail[];
  /** Connections made so far. */
  tries(): number;
  /** The next `times` mails for `to` (all addresses when left out). */
  fail(fault: MailFault, about?: { times?: number; to?: string }): void;
  heal(): void;
  close(): Promise<void>;
}

/** A real SMTP server on a port of its own, which may be in trouble. */
export async function startMailServer(
  about: { tls?: { key: string; cert: string }; auth?: { user: string; pass: string } } = {},
): Promise<FakeMailServer> {
  const mails: TakenMail[] = [];
  const sockets = new Set<Socket>();
  let tries = 0;
  let faults: { fault: MailFault; left: number; to: string | undefined }[] = [];
  const refusal = (code: number, text: string) => Object.assign(new Error(text), { responseCode: code });

  const faultFor = (to: string, kinds: MailFault['kind'][]): MailFault | null => {
    const found = faults.find(
      (each) => each.left > 0 && kinds.includes(each.fault.kind) && (each.to === undefined || each.to === to),
    );
    if (!found) return null;
    found.left--;
    return found.fault;
  };
  const drop = () => {
    for (const socket of sockets) socket.destroy();
  };

  const server = new SMTPServer({
    ...about.tls,
    disabledCommands: [...(about.tls ? [] : ['STARTTLS']), ...(about.auth ? [] : ['AUTH'])],
    authOptional: about.auth === undefined,
    allowInsecureAuth: true,
    onAuth({ username, password }, _session, done) {
      if (username === about.auth?.user && password === about.auth?.pass) return done(null, { user: username });
      return done(refusal(535, 'Authentication failed'));
    },
    onRcptTo({ address }, _session, done) {
      const fault = faultFor(address, ['status', 'hang']);
      if (fault?.kind === 'hang') return;
      return done(fault?.kind === 'status' ? refusal(fault.code, fault.text) : null);
    },
    onData(stream, session, done) {
      const to = session.envelope.rcptTo.map(({ address }) => address);
      const fault = faultFor(to[0] ?? '', ['dies', 'lost']);
      if (fault?.kind === 'dies') {
        stream.once('data', drop);
        return;
      }
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const raw = Buffer.concat(chunks).toString('utf8');
        const user = typeof session.user === 'string' ? session.user : null;
        mails.push({ to, user, encrypted: session.secure === true, raw, ...parsed(raw) });
        if (fault?.kind === 'lost') drop();
        else done(null);
      });
    },
  });
  server.on('error', () => {});
  server.server.on('connection', (socket: Socket) => {
    tries++;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.server.address() as { port: number };
  return {
    host: '127.0.0.1',
    port,
    mails,
    tries: () => tries,
    fail(fault, { times = Number.MAX_SAFE_INTEGER, to } = {}) {
      faults.push({ fault, left: times, to });
    },
    heal() {
      faults = [];
    },
    close: () =>
      new Promise((resolve) => {
        drop();
        server.close(() => resolve());
      }),
  };
}

/** A key and a certificate of its own for localhost. */
export function ownCertificate(): { key: string; cert: string } {
  const folder = mkdtempSync(join(tmpdir(), 'muster-tls-'));
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')] as const;
  const about = '-x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost';
  const names = ['-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
  execFileSync('openssl', ['req', ...about.split(' '), ...names, '-keyout', key, '-out', cert], { stdio: 'ignore' });
  const made = { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
  rmSync(folder, { recursive: true });
  return made;
}

function parsed(raw: string): Pick<TakenMail, 'headers' | 'text' | 'html'> {
  const { headers, body } = split(raw);
  const boundary = /boundary="?([^";]+)"?/.exec(headers.get('content-type') ?? '')?.[1];
  const parts = boundary === undefined ? [raw] : body.split(`--${boundary}`).slice(1, -1);
  const part = (type: string): string => {
    const found = parts.map((each) => split(each.replace(/^\r\n/, ''))).find((each) => each.type.startsWith(type));
    return found ? decoded(found.body, found.headers.get('content-transfer-encoding') ?? '7bit') : '';
  };
  return { headers, text: part('text/plain'), html: part('text/html') };
}

function split(raw: string) {
  const end = raw.indexOf('\r\n\r\n');
  const lines = raw
    .slice(0, end)
    .replace(/\r\n[ \t]+/g, ' ')
    .split('\r\n');
  const headers = new Map(
    lines.map((line) => {
      const at = line.indexOf(':');
      return [line.slice(0, at).toLowerCase(), words(line.slice(at + 1).trim())] as const;
    }),
  );
  return { headers, body: raw.slice(end + 4), type: headers.get('content-type') ?? '' };
}

/** Encoded words of a header. */
const words = (value: string): string =>
  value
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/=\?utf-8\?([bq])\?([^?]*)\?=/gi, (_, how: string, text: string) =>
      how.toLowerCase() === 'b'
        ? Buffer.from(text, 'base64').toString()
        : decoded(text.replace(/_/g, ' '), 'quoted-printable'),
    );

function decoded(body: string, encoding: string): string {
  const text = body.replace(/\r\n$/, '');
  if (encoding.toLowerCase() === 'base64') return Buffer.from(text, 'base64').toString();
  if (encoding.toLowerCase() !== 'quoted-printable') return text.replaceAll('\r\n', '\n');
  const bytes = text
    .replace(/=\r\n/g, '')
    .replace(/=([0-9A-F]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8').replaceAll('\r\n', '\n');
}
