import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { renderDocument, webOrOurs } from '../chat/web/document.js';
import { paperPage, problemPage } from '../chat/web/frame.js';
import { sendPage } from '../chat/web/guard.js';
import { html, type Part } from '../chat/web/html.js';
import { renderTime } from '../chat/web/render.js';
import type { TimelineEvent } from '../incident/events.js';
import type { Incident } from '../incident/state.js';
import { literal } from '../messages/literal.js';
import { isForStakeholders } from '../messages/stakeholder-view.js';
import type { Viewer } from '../people/viewer.js';
import { describe, type Names } from '../reports/timeline-words.js';
import type { Store } from '../store/port.js';
import type { Who } from './who.js';

export interface PageParts {
  store: Pick<Store, 'incident' | 'timeline' | 'postmortem' | 'people'>;
  who: Who;
  publicUrl: string;
  now(): number;
}

type Asked = FastifyRequest<{ Params: { number: string }; Querystring: { version?: string } }>;
type Answer = (incident: Incident, viewer: Viewer, request: Asked, reply: FastifyReply) => Promise<FastifyReply>;

/** What is read about an incident in a browser, outside its channel: `/incidents/<number>` and what hangs below it. */
export async function pageRoutes(app: FastifyInstance, { store, who, publicUrl, now }: PageParts): Promise<void> {
  app.addHook('onRequest', (_request, reply, next) => {
    reply.header('cache-control', 'no-store');
    next();
  });

  const ofIncident =
    (answer: Answer) =>
    async (request: Asked, reply: FastifyReply): Promise<FastifyReply> => {
      const { number } = request.params;
      const viewer = await who.viewerOf(request);
      const found = /^[1-9]\d{0,8}$/.test(number) ? await store.incident(viewer, { number: Number(number) }) : null;
      if (found) return answer(found, viewer, request, reply);
      return problem(
        reply,
        `There is no incident ${number.slice(0, 40)} for you`,
        'It is not there, or it is private.',
      );
    };

  app.get(
    '/incidents/:number',
    ofIncident(async (incident, _viewer, _request, reply) => reply.redirect(channelOf(incident), 303)),
  );

  app.get(
    '/incidents/:number/timeline',
    ofIncident(async (incident, viewer, _request, reply) => {
      const [events, people] = await Promise.all([store.timeline(viewer, incident.id), store.people()]);
      const names: Names = new Map(people.map(({ personId, name }) => [personId, name]));
      return sendPage(reply, 200, (nonce) =>
        paperPage({
          nonce,
          title: `Timeline of incident ${incident.number}`,
          trail: trail(incident, 'timeline'),
          body: html`<h1>${literal(incident.title)}</h1>
<p class="note">${incident.severity} · ${incident.status} · ${events.length} entries, all times UTC. Nobody can change them; <code>muster audit verify</code> checks that nobody has.</p>
${days(events).map(
  ([day, members]) => html`<h2>${day}</h2>
<ol class="timeline">${members.map((event) => entry(event, names, now()))}</ol>`,
)}`,
        }),
      );
    }),
  );

  app.get(
    '/incidents/:number/postmortem',
    ofIncident(async (incident, viewer, request, reply) => {
      const { version } = request.query;
      const asked = version === undefined ? undefined : Number(version);
      const known = asked === undefined || (Number.isSafeInteger(asked) && asked > 0 && asked < 1e9);
      const draft = known ? await store.postmortem(viewer, incident.id, asked) : null;
      if (draft === null) {
        const hint = incident.postmortem
          ? `The latest version is ${incident.postmortem.version}.`
          : `It is drafted when the incident is closed; it is ${incident.status} now.`;
        return problem(reply, 'There is no such postmortem yet', hint);
      }
      const markdown = `/api/incidents/${incident.number}/postmortem?version=${draft.version}`;
      const origins = [publicUrl, `http://${request.headers.host}`, `https://${request.headers.host}`];
      return sendPage(reply, 200, (nonce) =>
        paperPage({
          nonce,
          title: `Postmortem of incident ${incident.number}`,
          trail: trail(incident, 'postmortem'),
          body: html`<p class="note">Draft, version ${draft.version} of ${renderTime(draft.at, 'date', now())}, made from the timeline. <a href="${markdown}">As Markdown</a>${versions(incident, draft.version)}</p>
${renderDocument(draft.markdown, (href) => timelineEntry(href, incident, origins) ?? webOrOurs(href))}`,
        }),
      );
    }),
  );
}

/** The chat's own address of the channel, whatever it is called there. */
const channelOf = ({ id }: Incident): string => `/chat/web/to/${encodeURIComponent(`incident/${id}`)}`;

function trail(incident: Incident, here: 'timeline' | 'postmortem'): Part {
  const place = (name: 'timeline' | 'postmortem', label: string) =>
    html`<a href="/incidents/${incident.number}/${name}"${name === here && html` aria-current="page"`}>${label}</a>`;
  return html`<a href="/incidents/${incident.number}">Channel</a>${place('timeline', 'Timeline')}${incident.dependencies && html`<a href="/incidents/${incident.number}/dependencies">Dependencies</a>`}${isForStakeholders(incident) && html`<a href="/incidents/${incident.number}/status">For stakeholders</a>`}${(incident.postmortem || here === 'postmortem') && place('postmortem', 'Postmortem')}`;
}

const day = new Intl.DateTimeFormat('en-GB', { dateStyle: 'full', timeZone: 'UTC' });
const clock = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium', timeZone: 'UTC' });

/** In the order recorded; a day has its heading again when somebody writes down what was earlier. */
function days(events: readonly TimelineEvent[]): [string, TimelineEvent[]][] {
  const all: [string, TimelineEvent[]][] = [];
  for (const event of events) {
    const last = all.at(-1);
    if (last?.[0] === day.format(event.at)) last[1].push(event);
    else all.push([day.format(event.at), [event]]);
  }
  return all;
}

const entry = (event: TimelineEvent, names: Names, now: number): Part =>
  html`<li id="e-${event.seq}"${event.actor.kind === 'person' && html` class="by-person"`}><a class="at" href="#e-${event.seq}">${clock.format(event.at)}</a>
<p>${literal(describe(event, names), longest)}${event.recordedAt - event.at >= 60_000 && html` <span class="note">written down ${renderTime(event.recordedAt, 'date', now)}</span>`}</p></li>`;

/** One entry shows all that somebody wrote: a command keeps fewer characters. */
const longest = 20_000;

/** Where a person reads the event that a link of the draft leads a program to; null for any other link. */
function timelineEntry(href: string, incident: Incident, origins: readonly string[]): string | null {
  if (!URL.canParse(href)) return null;
  const { origin, pathname } = new URL(href);
  if (!origins.some((ours) => URL.canParse(ours) && new URL(ours).origin === origin)) return null;
  const [, number, seq] = /^\/api\/incidents\/(\d+)\/timeline\/(\d+)$/.exec(pathname) ?? [];
  return number === String(incident.number) ? `/incidents/${number}/timeline#e-${seq}` : null;
}

function versions(incident: Incident, shown: number): Part {
  const latest = incident.postmortem?.version ?? shown;
  if (latest < 2) return null;
  const all = Array.from({ length: latest }, (_, index) => latest - index);
  return html` · Versions: ${all.map((each) =>
    each === shown
      ? html` <b>${each}</b>`
      : html` <a href="/incidents/${incident.number}/postmortem?version=${each}">${each}</a>`,
  )}`;
}

function problem(reply: FastifyReply, error: string, hint: string): FastifyReply {
  return sendPage(reply, 404, (nonce) => problemPage({ nonce, error, hint }));
}
