import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { frame } from '../chat/web/frame.js';
import { sendPage } from '../chat/web/guard.js';
import { type Html, html, type Part } from '../chat/web/html.js';
import { machine } from '../people/viewer.js';
import type { Store } from '../store/port.js';
import type { Subscription } from '../store/subscriptions-port.js';
import { endByLink, inWords } from './subscribers.js';

type Asked = FastifyRequest<{ Params: { link: string } }>;

const page = (nonce: string, title: string, body: Part): Html =>
  frame({ title, nonce }, html`<main class="alone"><div><h1>${title}</h1>${body}</div></main>`);

/**
 * `/unsubscribe/<link>`, for whoever has the mail: a program that looks at links changes nothing, the button and what
 * mail programs send (RFC 8058) end this one subscription.
 */
export async function unsubscribeRoutes(
  app: FastifyInstance,
  parts: {
    store: Pick<Store, 'subscriptionBy' | 'incident' | 'commit' | 'systemPosition'>;
    now(): number;
  },
): Promise<void> {
  const { store } = parts;
  // What is in it says nothing that the address does not.
  app.addContentTypeParser(
    ['application/x-www-form-urlencoded', 'multipart/form-data'],
    { parseAs: 'string', bodyLimit: 4_096 },
    (_request, body, done) => done(null, body),
  );

  const about = async (found: Subscription): Promise<string> => {
    const id = found.about.startsWith('incident:') ? found.about.slice('incident:'.length) : null;
    const incident = id === null ? null : await store.incident(machine, { id });
    return inWords(found.about, incident?.number ?? null);
  };
  const dead = (reply: FastifyReply): FastifyReply =>
    sendPage(reply, 404, (nonce) =>
      page(
        nonce,
        'This link does not work',
        html`<p>In chat, <code>/incident subscribe</code> shows what you get.</p>`,
      ),
    );
  const ended = (reply: FastifyReply, what: string): FastifyReply =>
    sendPage(reply, 200, (nonce) =>
      page(
        nonce,
        'You are unsubscribed',
        html`<p>No more mail about ${what}. <code>/incident subscribe</code> in chat starts it again.</p>`,
      ),
    );

  app.get('/unsubscribe/:link', { config: { access: 'anyone' } }, async (request: Asked, reply) => {
    reply.header('cache-control', 'no-store');
    const found = await store.subscriptionBy(request.params.link);
    if (found === null) return dead(reply);
    const what = await about(found);
    if (found.endedAt !== null) return ended(reply, what);
    const action = `/unsubscribe/${encodeURIComponent(request.params.link)}`;
    return sendPage(reply, 200, (nonce) =>
      page(
        nonce,
        'Unsubscribe?',
        html`<p>You get mail about ${what}.</p>
<form method="post" action="${action}"><button class="button primary">No more of it</button></form>`,
      ),
    );
  });

  app.post('/unsubscribe/:link', { config: { access: 'anyone' } }, async (request: Asked, reply) => {
    reply.header('cache-control', 'no-store');
    const found = await store.subscriptionBy(request.params.link);
    if (found === null) return dead(reply);
    if (found.endedAt === null) await endByLink(parts, found);
    return ended(reply, await about(found));
  });
}
