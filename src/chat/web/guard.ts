import { randomBytes } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Html } from './html.js';

/** A refusal with its way out, as JSON `{ error, hint }` or as a page, whatever the asker reads. */
export class Problem extends Error {
  constructor(
    readonly statusCode: number,
    readonly error: string,
    readonly hint: string,
  ) {
    super(error);
  }
}

/** A browser that shows pages, and not our script or a program. */
export const readsPages = (request: FastifyRequest): boolean =>
  (request.headers.accept ?? '').includes('text/html') && !(request.headers['content-type'] ?? '').includes('json');

/** Headers of every answer, and no writes from pages that are not ours. `origins` are allowed besides the address asked for. */
export function guard(app: FastifyInstance, origins: readonly string[]): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.headers({
      'x-content-type-options': 'nosniff',
      // `no-referrer` would make browsers send `Origin: null` with our own forms.
      'referrer-policy': 'same-origin',
      'cache-control': 'no-store',
      'content-security-policy': policy(null),
    });
    const { origin, host } = request.headers;
    if (request.method === 'GET' || request.method === 'HEAD' || origin === undefined) return;
    if (origins.includes(origin) || (URL.canParse(origin) && new URL(origin).host === host)) return;
    throw new Problem(403, 'Not from this page', `Writes from ${origin} are refused. Open Muster at its own address.`);
  });
}

export function sendPage(reply: FastifyReply, status: number, page: (nonce: string) => Html): FastifyReply {
  const nonce = randomBytes(16).toString('base64');
  return reply
    .code(status)
    .header('content-security-policy', policy(nonce))
    .type('text/html; charset=utf-8')
    .send(page(nonce).toString());
}

const policy = (nonce: string | null): string =>
  [
    "default-src 'none'",
    ...(nonce === null ? [] : [`style-src 'nonce-${nonce}'`, `script-src 'nonce-${nonce}'`]),
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "img-src 'self' data:",
  ].join('; ');

const longestBodyBytes = 64 * 1024;

/** JSON and plain forms, both as one flat object of strings; nothing else is read. */
export function readBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  const as = { parseAs: 'string', bodyLimit: longestBodyBytes } as const;
  app.addContentTypeParser('application/x-www-form-urlencoded', as, async (_request: FastifyRequest, body: string) =>
    Object.fromEntries(new URLSearchParams(body)),
  );
  app.addContentTypeParser('application/json', as, async (_request: FastifyRequest, body: string) => {
    try {
      return JSON.parse(body) as unknown;
    } catch (cause) {
      throw Object.assign(new Problem(400, 'Not JSON', 'Send a JSON object or a form.'), { cause });
    }
  });
}
