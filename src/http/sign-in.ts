import { randomBytes } from 'node:crypto';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { html } from '../chat/web/html.js';
import { personNamed } from '../chat/web/name.js';
import { sessionLastsMs } from './session.js';
import { sessionCookie, type Who } from './who.js';

const formLimit = 8_192;

/** Only a path of this server: `//host` and `/\host` lead elsewhere. */
const localPath = (next: string | null | undefined): string =>
  next && /^\/(?![/\\])[^\r\n\\]*$/.test(next) ? next : '/';

interface Shown {
  next: string;
  name: string;
  problem: string | null;
}

function sendPage(reply: FastifyReply, status: number, { next, name, problem }: Shown): FastifyReply {
  const nonce = randomBytes(16).toString('base64');
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Sign in · Muster</title>
<style nonce="${nonce}">
body { font: 16px/1.5 system-ui, sans-serif; display: grid; place-items: center; min-height: 90vh; margin: 0 }
form { display: grid; gap: .75rem; width: min(22rem, 90vw) }
input, button { font: inherit; padding: .5rem .75rem }
[role=alert] { color: #c0392b }
</style>
</head>
<body>
<form method="post" action="/sign-in">
<h1>Sign in to Muster</h1>
${problem !== null && html`<p role="alert">${problem}</p>`}
<label for="name">Your name, as it will stand on the timeline</label>
<input id="name" name="name" value="${name}" required maxlength="60" autocomplete="name" autofocus>
<label for="token">Token (whoever runs Muster has it: MUSTER_API_TOKEN)</label>
<input id="token" name="token" type="password" required autocomplete="current-password">
<input type="hidden" name="next" value="${next}">
<button>Sign in</button>
</form>
</body>
</html>`;
  return reply
    .code(status)
    .type('text/html; charset=utf-8')
    .header('cache-control', 'no-store')
    .header(
      'content-security-policy',
      `default-src 'none'; style-src 'nonce-${nonce}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'`,
    )
    .send(String(page));
}

/** `GET` and `POST /sign-in`, `POST /sign-out`. On the open default there is nothing to sign in to. */
export async function signInRoutes(
  app: FastifyInstance,
  { who, publicUrl, now }: { who: Who; publicUrl: string; now(): number },
): Promise<void> {
  const attributes = `Path=/; HttpOnly; SameSite=Lax${publicUrl.startsWith('https:') ? '; Secure' : ''}`;
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string', bodyLimit: formLimit },
    (_request, body, done) => done(null, new URLSearchParams(String(body))),
  );

  app.get<{ Querystring: { next?: string } }>('/sign-in', { config: { access: 'anyone' } }, (request, reply) => {
    const next = localPath(typeof request.query.next === 'string' ? request.query.next : null);
    if (request.caller !== null) return reply.redirect(next, 303);
    return sendPage(reply, 200, { next, name: '', problem: null });
  });

  app.post('/sign-in', { config: { access: 'anyone' } }, async (request, reply) => {
    const form = request.body instanceof URLSearchParams ? request.body : new URLSearchParams();
    const next = localPath(form.get('next'));
    if (who.sessions === null) return reply.redirect(next, 303);
    const person = personNamed(form.get('name') ?? '');
    const known = who.isToken(form.get('token') ?? '');
    if (person === null || !known) {
      const problem = known ? 'That name cannot be used. Give another.' : 'That token is not the right one.';
      return sendPage(reply, known ? 400 : 401, { next, name: form.get('name') ?? '', problem });
    }
    await who.meet(person.name);
    const sealed = who.sessions.seal(person.name, now());
    reply.header('set-cookie', `${sessionCookie}=${sealed}; Max-Age=${sessionLastsMs / 1_000}; ${attributes}`);
    return reply.redirect(next, 303);
  });

  app.post('/sign-out', { config: { access: 'anyone' } }, (_request, reply) => {
    reply.header('set-cookie', `${sessionCookie}=; Max-Age=0; ${attributes}`);
    return reply.redirect('/sign-in', 303);
  });
}
