import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { paperPage, problemPage } from '../chat/web/frame.js';
import { sendPage } from '../chat/web/guard.js';
import { html } from '../chat/web/html.js';
import { renderCard, renderTime } from '../chat/web/render.js';
import type { Incident, Status } from '../incident/state.js';
import type { Card } from '../messages/card.js';
import { literal } from '../messages/literal.js';
import { inlineText } from '../messages/plain.js';
import { isForStakeholders } from '../messages/stakeholder-view.js';
import type { Store } from '../store/port.js';
import type { Who } from './who.js';

export interface StatusPageParts {
  store: Pick<Store, 'incident' | 'incidents'>;
  who: Who;
  now(): number;
  /** How an incident stands, in plain words. */
  view(incident: Incident): Card;
}

const open: Status[] = ['investigating', 'identified', 'monitoring'];
/** More than are ever open at once; beyond it the gravest question is another one. */
const shown = 100;
/** A page left open on a screen stays true. */
const againAfterSeconds = 60;

type Asked = FastifyRequest<{ Params: { number: string } }>;

/** For whoever is no responder: `/status` and `/incidents/<number>/status`. Nobody reads of a private incident or a drill here. */
export async function statusPages(app: FastifyInstance, { store, who, now, view }: StatusPageParts): Promise<void> {
  app.addHook('onRequest', (_request, reply, next) => {
    reply.headers({ 'cache-control': 'no-store', refresh: againAfterSeconds });
    next();
  });

  const reading = (at: number) => ({ now: at, personId: '', newId: () => '', channel: null });
  const asOf = (at: number) =>
    html`<p class="note">As of ${renderTime(at, 'date', at)}; the page looks again every minute.</p>`;

  app.get('/status', async (request: FastifyRequest, reply: FastifyReply) => {
    const viewer = await who.viewerOf(request);
    const { incidents } = await store.incidents(viewer, { status: open, limit: shown, offset: 0 });
    const told = incidents.filter(isForStakeholders).sort((a, b) => a.severity.localeCompare(b.severity));
    return sendPage(reply, 200, (nonce) =>
      paperPage({
        nonce,
        title: 'What does not work',
        trail: null,
        body: html`<h1>${told.length === 0 ? 'Nothing is known to be broken' : 'What does not work'}</h1>
${asOf(now())}
<div class="cards">${told.map((incident) => {
          const card = view(incident);
          return html`<a class="open tone-${card.tone}" href="/incidents/${incident.number}/status">
  <span class="line"><b>${literal(incident.title)}</b></span><span>${inShort(card)}</span></a>`;
        })}</div>`,
      }),
    );
  });

  app.get('/incidents/:number/status', async (request: Asked, reply: FastifyReply) => {
    const { number } = request.params;
    const viewer = await who.viewerOf(request);
    const found = /^[1-9]\d{0,8}$/.test(number) ? await store.incident(viewer, { number: Number(number) }) : null;
    if (!found || !isForStakeholders(found))
      return sendPage(reply, 404, (nonce) =>
        problemPage({
          nonce,
          error: `There is nothing to read about incident ${number.slice(0, 40)}`,
          hint: 'What is known to be broken stands at /status.',
        }),
      );
    return sendPage(reply, 200, (nonce) =>
      paperPage({
        nonce,
        title: literal(found.title),
        trail: html`<a href="/status">Everything</a>`,
        body: html`${renderCard(view(found), reading(now()))}
${asOf(now())}`,
      }),
    );
  });
}

/** The first sentence below the title. */
const inShort = (card: Card): string => {
  const first = card.blocks.find((block) => block.kind === 'paragraph');
  return first ? inlineText(first.content) : card.summary;
};
