import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { paperPage, problemPage } from '../chat/web/frame.js';
import { sendPage } from '../chat/web/guard.js';
import { html, type Part } from '../chat/web/html.js';
import { renderCard, renderTime } from '../chat/web/render.js';
import type { Notice } from '../messages/notice.js';
import type { Store } from '../store/port.js';
import { atomFeed } from './atom.js';

export interface PublicParts {
  store: Pick<Store, 'notices'>;
  publicUrl(): string;
  now(): number;
  /** Whether anybody may read it; otherwise whoever is signed in sees what everybody would. */
  isOpen(): boolean;
}

const noticesAtMost = 500;
const entriesAtMost = 50;
const againAfterSeconds = 60;
const over = ({ status }: Notice): boolean => status === 'resolved' || status === 'closed';
/** Of what is over, this long. ms */
const shownFor = 7 * 86_400_000;

/**
 * What everybody reads: `/public`, `/public/incidents/<number>` and `/public/feed.atom`. Made of what people have
 * published and of nothing else; no incident is read for it.
 */
export async function publicRoutes(app: FastifyInstance, parts: PublicParts): Promise<void> {
  const { store, publicUrl, now } = parts;
  app.addHook('onRequest', (request, reply, next) => {
    if (parts.isOpen() || request.caller !== null) return next();
    // A page that is not open to anybody is none.
    sendPage(reply, 404, (nonce) =>
      problemPage({ nonce, error: 'There is no public page here', hint: 'Sign in, or ask whoever runs it.' }),
    );
  });
  const published = (): Promise<Notice[]> => store.notices(noticesAtMost, 'everybody');
  const reading = (at: number) => ({ now: at, personId: '', newId: () => '', channel: null });
  const page = (reply: FastifyReply, title: string, body: Part, trail: Part = null): FastifyReply => {
    reply.headers({ 'cache-control': 'public, max-age=30', refresh: againAfterSeconds });
    const at = now();
    return sendPage(reply, 200, (nonce) =>
      paperPage({
        nonce,
        title,
        trail,
        body: html`${body}
<p class="note">As of ${renderTime(at, 'date', at)}; the page looks again every minute.</p>`,
      }),
    );
  };
  const told = (notice: Notice): Part =>
    html`${renderCard(notice.card, reading(now()))}<p class="note">${renderTime(notice.at, 'date', now())}</p>`;

  app.get('/public', { config: { access: 'anyone' } }, async (_request, reply) => {
    const newest = [...newestOfEach(await published()).values()];
    const going = newest.filter((each) => !over(each));
    const past = newest.filter((each) => over(each) && now() - each.at < shownFor);
    const link = (notice: Notice): Part => html`<div class="cards">${told(notice)}
<p><a href="/public/incidents/${notice.number}">All that was said</a></p></div>`;
    return page(
      reply,
      'What does not work',
      html`<h1>${going.length === 0 ? 'Nothing is known to be broken' : 'What does not work'}</h1>
${going.map(link)}${past.length > 0 && html`<h2>Over</h2>${past.map(link)}`}`,
    );
  });

  app.get(
    '/public/incidents/:number',
    { config: { access: 'anyone' } },
    async (request: FastifyRequest<{ Params: { number: string } }>, reply) => {
      const said = (await published()).filter(({ number }) => String(number) === request.params.number);
      const [newest] = said;
      if (!newest)
        return sendPage(reply, 404, (nonce) =>
          problemPage({ nonce, error: 'Nothing was published about it', hint: 'What was stands at /public.' }),
        );
      return page(reply, newest.title, html`${said.map(told)}`, html`<a href="/public">Everything</a>`);
    },
  );

  app.get('/public/feed.atom', { config: { access: 'anyone' } }, async (_request, reply) => {
    reply.header('cache-control', 'public, max-age=60');
    const notices = (await published()).slice(0, entriesAtMost);
    return reply
      .type('application/atom+xml; charset=utf-8')
      .send(atomFeed({ publicUrl: publicUrl(), service: null, notices, everybody: true }));
  });
}

/** Newest first, as they come. */
function newestOfEach(notices: readonly Notice[]): Map<string, Notice> {
  const newest = new Map<string, Notice>();
  for (const notice of notices) if (!newest.has(notice.incidentId)) newest.set(notice.incidentId, notice);
  return newest;
}
