import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { paperPage, problemPage } from '../chat/web/frame.js';
import { sendPage } from '../chat/web/guard.js';
import { html } from '../chat/web/html.js';
import type { Reach } from '../incident/reach.js';
import type { Incident } from '../incident/state.js';
import { literal } from '../messages/literal.js';
import { reachPicture, reachText } from '../messages/reach-picture.js';
import { reachSentence } from '../messages/reach-words.js';
import type { Store } from '../store/port.js';
import type { Who } from './who.js';

type Asked = FastifyRequest<{ Params: { number: string } }>;

/** How far an incident reaches along what depends on what: `/incidents/<number>/dependencies` and the picture `….svg`. */
export async function dependencyRoutes(
  app: FastifyInstance,
  { store, who, reach }: { store: Pick<Store, 'incident'>; who: Who; reach(incident: Incident): Promise<Reach | null> },
): Promise<void> {
  const find = async (request: Asked): Promise<{ incident: Incident; reach: Reach } | null> => {
    const { number } = request.params;
    const viewer = await who.viewerOf(request);
    const incident = /^[1-9]\d{0,8}$/.test(number) ? await store.incident(viewer, { number: Number(number) }) : null;
    const found = incident && (await reach(incident));
    return incident && found && { incident, reach: found };
  };
  const missing = (reply: FastifyReply): FastifyReply =>
    sendPage(reply, 404, (nonce) =>
      problemPage({
        nonce,
        error: 'There is no such picture for you',
        hint: 'The incident is not there, it is private, or nothing depends on its service. See `depends-on` of services.',
      }),
    );

  app.get('/incidents/:number/dependencies.svg', async (request: Asked, reply) => {
    const found = await find(request);
    if (!found) return missing(reply);
    return reply
      .header('cache-control', 'no-store')
      .header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'; sandbox")
      .type('image/svg+xml; charset=utf-8')
      .send(reachPicture(found.reach));
  });

  app.get('/incidents/:number/dependencies', async (request: Asked, reply) => {
    const found = await find(request);
    if (!found) return missing(reply);
    const { incident, reach: around } = found;
    const { number } = incident;
    reply.header('cache-control', 'no-store');
    return sendPage(reply, 200, (nonce) =>
      paperPage({
        nonce,
        title: `What incident ${number} reaches`,
        trail: html`<a href="/incidents/${number}">Channel</a><a href="/incidents/${number}/timeline">Timeline</a><a href="/incidents/${number}/dependencies" aria-current="page">Dependencies</a>`,
        body: html`<h1>${literal(incident.title)}</h1>
<p>${reachSentence(around)}</p>
<p><img src="/incidents/${number}/dependencies.svg" alt="${reachText(around)}"></p>
<p class="note">${incident.severity} · ${incident.status} · as it is now; reload to look again.</p>`,
      }),
    );
  });
}
