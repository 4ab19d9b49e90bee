import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { isLoopback } from '../config/loopback.js';
import { answerProblem } from './answers.js';

const reading = new Set(['GET', 'HEAD', 'OPTIONS']);
const viaProxy = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip'] as const;

export interface GuardedBy {
  publicUrl: string;
  /** Nobody is asked who they are. */
  open: boolean;
}

/** `name[:port]` apart; null when it is not the form of a Host header. */
function splitHost(host: string): { name: string; port: string } | null {
  const match = /^(\[[0-9a-f:.]+\]|[^:/?#@\s\\]+)(?::(\d{1,5}))?$/i.exec(host);
  return match ? { name: match[1] as string, port: match[2] ?? '80' } : null;
}

const hostOf = (origin: string): string | null => (URL.canParse(origin) ? new URL(origin).host : null);

/**
 * Refuses what a foreign web page could make a browser send. Open: only our own names are answered to, since a name that
 * somebody rebinds to this machine would make their page ours. Always: no write from another origin. A caller without
 * an Origin is no browser.
 */
export function guard(app: FastifyInstance, { publicUrl, open }: GuardedBy): void {
  const publicHost = new URL(publicUrl).host;
  const secure = publicUrl.startsWith('https:');

  const isOurs = (request: FastifyRequest): boolean => {
    const host = request.headers.host ?? '';
    if (host.toLowerCase() === publicHost) return true;
    const parts = splitHost(host);
    return parts !== null && isLoopback(parts.name) && Number(parts.port) === request.socket.localPort;
  };

  app.addHook('onRequest', (request, reply, next) => {
    if (open && !isOurs(request)) return void refuseHost(reply);
    if (open && viaProxy.some((name) => request.headers[name] !== undefined)) return void refuseProxy(reply);
    const { origin, host } = request.headers;
    if (origin !== undefined && !reading.has(request.method)) {
      const from = hostOf(origin);
      if (from === null || (from !== host?.toLowerCase() && from !== publicHost))
        return void refuseOrigin(reply, publicUrl);
    }
    next();
  });

  app.addHook('onSend', (_request, reply, _payload, next) => {
    const set = (name: string, value: string): void => {
      if (!reply.hasHeader(name)) reply.header(name, value);
    };
    set('x-content-type-options', 'nosniff');
    set('referrer-policy', 'same-origin');
    set('x-frame-options', 'DENY');
    set('cross-origin-opener-policy', 'same-origin');
    set('cross-origin-resource-policy', 'same-origin');
    set('content-security-policy', "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'");
    if (secure) set('strict-transport-security', 'max-age=31536000');
    next();
  });
}

const refuseHost = (reply: FastifyReply): FastifyReply =>
  answerProblem(
    reply,
    403,
    'Muster is open to this machine only and does not answer to this name.',
    'Use http://127.0.0.1 or http://localhost with its port, or set MUSTER_PUBLIC_URL to the name you use.',
  );

const refuseProxy = (reply: FastifyReply): FastifyReply =>
  answerProblem(
    reply,
    403,
    'Muster is open to this machine only, and this came through a proxy.',
    'Set MUSTER_API_TOKEN and MUSTER_ALERTS_TOKEN, then it asks who is there.',
  );

const refuseOrigin = (reply: FastifyReply, publicUrl: string): FastifyReply =>
  answerProblem(reply, 403, 'Another web page may not change anything here.', `Open Muster itself: ${publicUrl}`);
