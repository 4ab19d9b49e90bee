import type { Socket } from 'node:net';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ConflictError } from '../store/port.js';
import { answerProblem } from './answers.js';

const retryAfterSeconds = 5;

/** Faults of the disk or the database that pass or that an operator mends: the caller should come again. */
const unavailable =
  /^(SQLITE_(FULL|BUSY|IOERR|READONLY|CANTOPEN|LOCKED)\w*|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EPIPE|ENOSPC|08\w{3}|53\w{3}|57P\d\d|25006)$/;

function isUnavailable(error: unknown): boolean {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
    if (at instanceof ConflictError || unavailable.test(String((at as NodeJS.ErrnoException).code))) return true;
  }
  return false;
}

const words: Record<number, { error: string; hint: string }> = {
  400: { error: 'The request cannot be read.', hint: 'Send well-formed JSON with Content-Type: application/json.' },
  413: { error: 'The body is too large.', hint: 'Send less at once.' },
  414: { error: 'The address is too long.', hint: 'Shorten it.' },
  415: { error: 'This kind of body is not taken here.', hint: 'Send JSON with Content-Type: application/json.' },
  431: { error: 'The headers are too large.', hint: 'Send fewer or shorter headers; clear the cookies of this site.' },
  408: { error: 'The request took too long to arrive.', hint: 'Send it again.' },
};

/** Every error that a route throws or Fastify finds becomes `{ error, hint }`; what is not the caller's fault is logged. */
export function onError(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  const status = error.statusCode ?? 500;
  if (status >= 400 && status < 500) {
    const { error: what, hint } = words[status] ?? words[400]!;
    answerProblem(reply, status, what, hint);
    return;
  }
  request.log.error({ err: error, req: request }, 'request failed');
  if (isUnavailable(error)) {
    reply.header('retry-after', retryAfterSeconds);
    answerProblem(reply, 503, 'Muster cannot store this right now.', 'Nothing was done. Try again in a few seconds.');
    return;
  }
  answerProblem(reply, 500, 'Something went wrong inside Muster.', `The log has it under request ${request.id}.`);
}

interface Route {
  methods: Set<string>;
  pattern: RegExp;
}

/**
 * Tells a wrong method (405, with Allow) from a wrong path (404). Call before any route is added: it learns them as
 * they come.
 */
export function answerUnknown(app: FastifyInstance): void {
  const routes = new Map<string, Route>();
  app.addHook('onRoute', ({ url, method }) => {
    const route = routes.get(url) ?? { methods: new Set(), pattern: patternOf(url) };
    for (const each of [method].flat()) route.methods.add(each);
    routes.set(url, route);
  });
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?', 1)[0] ?? '';
    const allowed = [...routes.values()]
      .filter(({ pattern }) => pattern.test(path))
      .flatMap(({ methods }) => [...methods]);
    if (allowed.length === 0)
      return answerProblem(reply, 404, 'There is nothing at this address.', 'The API is described at /openapi.json.');
    const allow = [...new Set(allowed)].sort().join(', ');
    return answerProblem(reply.header('allow', allow), 405, `${request.method} is not possible here.`, `Use ${allow}.`);
  });
}

/** Parameters and wildcards as one pattern without nesting, so that no path can make it slow. */
const patternOf = (url: string): RegExp =>
  new RegExp(
    `^${url
      .replace(/[.+?^${}()|[\]\\]/g, '\\$&')
      .replace(/:\w+/g, '[^/]+')
      .replace(/\*/g, '.*')}$`,
  );

const rawWords: Record<string, [number, string]> = {
  HPE_HEADER_OVERFLOW: [431, 'Request Header Fields Too Large'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'Request Timeout'],
};

/** What arrives is not HTTP, or too slow, or too much of it: the answer is written by hand, there is no request yet. */
export function onBrokenConnection(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const [status, reason] = rawWords[error.code ?? ''] ?? [400, 'Bad Request'];
  const body = JSON.stringify(words[status]);
  socket.end(
    `HTTP/1.1 ${status} ${reason}\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}
