import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Outcome, Receipt } from '../alerts/alert.js';
import { paperPage, problemPage } from '../chat/web/frame.js';
import { sendPage } from '../chat/web/guard.js';
import { html, type Part } from '../chat/web/html.js';
import { renderTime } from '../chat/web/render.js';
import { literal } from '../messages/literal.js';
import type { SourceFigures, Store } from '../store/port.js';
import { seeingAs } from './seen.js';
import { type SenderRules, senderOf } from './senders.js';
import { sourcesSeen } from './sources.js';
import type { Who } from './who.js';

export interface SourcePageParts {
  store: Pick<Store, 'sourcesHeard' | 'sourceFigures' | 'bodies' | 'receipt' | 'incident'>;
  who: Pick<Who, 'viewerOf'>;
  config: SenderRules;
  now(): number;
}

const requestsShown = 25;
const alertsShown = 5;

const words: Partial<Record<Outcome, string>> = {
  opened: 'opened an incident',
  triaged: 'went to the triage queue',
  attached: 'joined an incident',
  repeat: 'said again what was known',
  resolved: 'ended',
  'resolved-unseen': 'ended, never seen to begin',
  'ignored-stale': 'too old to matter',
  dismissed: 'dismissed before',
  ignored: 'left alone by a rule, or no alert',
  suppressed: 'kept quiet',
};

const name = (text: string): string => literal(text, 200);

/** For the owners of what sends alerts: `/sources`, and `/sources/<name>` with what came last and what became of it. */
export async function sourcePages(app: FastifyInstance, { store, who, config, now }: SourcePageParts): Promise<void> {
  app.addHook('onRequest', (_request, reply, next) => {
    reply.header('cache-control', 'no-store');
    next();
  });
  const at = (time: number | null): Part => (time === null ? 'never' : renderTime(time, 'date', now()));

  app.get('/sources', async (_request, reply) => {
    const all = await sourcesSeen(store, config);
    const row = (each: (typeof all)[number]): Part =>
      html`<tr><td><a href="/sources/${each.name}">${name(each.name)}</a></td><td>${each.kind}</td><td>${at(each.lastSeenAt)}</td><td>${each.requests}</td><td>${each.refused}</td><td>${each.lastRefusal && html`${at(each.lastRefusal.at)}: ${name(each.lastRefusal.error)}`}</td></tr>`;
    return sendPage(reply, 200, (nonce) =>
      paperPage({
        nonce,
        title: 'Sources of alerts',
        trail: null,
        body: html`<h1>Sources of alerts</h1>
<p class="note">Those the configuration names, and every other that was ever heard of. All times UTC.</p>
<div class="wide"><table><thead><tr><th>Source</th><th>Sender</th><th>Last taken</th><th>Requests</th><th>Refused</th><th>Last refusal</th></tr></thead>
<tbody>${all.map(row)}</tbody></table></div>`,
      }),
    );
  });

  app.get('/sources/:source', async (request: FastifyRequest<{ Params: { source: string } }>, reply: FastifyReply) => {
    const { source } = request.params;
    const sender = senderOf(source, config);
    if (!sender)
      return sendPage(reply, 404, (nonce) =>
        problemPage({ nonce, error: 'There is no such source', hint: 'Those there are stand at /sources.' }),
      );
    const figures = await store.sourceFigures(source);
    const seeing = seeingAs(await who.viewerOf(request), store);
    const kept = await store.bodies({ source, limit: requestsShown });
    const receipts = new Map<string, Receipt>();
    for (const { id } of kept) {
      const receipt = await store.receipt(id);
      if (receipt) receipts.set(id, { ...receipt, outcomes: await seeing.outcomes(receipt.outcomes) });
    }
    const numbers = new Map<string, number | null>();
    for (const { outcomes } of receipts.values())
      for (const { incidentId: id } of outcomes)
        if (id !== null && !numbers.has(id)) numbers.set(id, (await seeing.find(id))?.number ?? null);
    const { door } = sender;
    return sendPage(reply, 200, (nonce) =>
      paperPage({
        nonce,
        title: `Source ${source}`,
        trail: html`<a href="/sources">All sources</a>`,
        body: html`<h1>${name(source)}</h1>
<p class="note">${door.sender}, posting to <code>/alerts/${source}</code>. Shows who it is by: ${door.authentication}.</p>
${figures ? summary(figures, at) : html`<p>Nothing has come from it yet.</p>`}
<h2>What came last</h2>
${kept.length === 0 ? html`<p>No request of it is kept.</p>` : html`<p class="note">To read one again by the rules of now: <code>muster alerts replay &lt;receipt&gt;</code>, with <code>--plan</code> to see first.</p>`}
${kept.map(
  ({ id, receivedAt }) => html`<h3>${at(receivedAt)} <code>${id}</code></h3>
${became(receipts.get(id) ?? null, numbers)}`,
)}`,
      }),
    );
  });
}

function summary(
  { lastSeenAt, requests, refused, lastRefusal, outcomes }: SourceFigures,
  at: (time: number | null) => Part,
): Part {
  return html`<ul>
<li>Last taken: ${at(lastSeenAt)}. Requests: ${requests}, of which ${refused} refused.</li>
${lastRefusal && html`<li>Last refused: ${at(lastRefusal.at)} with ${lastRefusal.status}: ${name(lastRefusal.error)}</li>`}
${Object.entries(outcomes).map(([outcome, count]) => html`<li>${count} ${words[outcome as Outcome] ?? outcome}</li>`)}
</ul>`;
}

function became(receipt: Receipt | null, numbers: ReadonlyMap<string, number | null>): Part {
  if (!receipt) return html`<p class="note">Its receipt is not kept any more.</p>`;
  if (receipt.outcomes.length === 0) return html`<p class="note">It held no alert.</p>`;
  const more = receipt.outcomes.length - alertsShown;
  return html`<ul>${receipt.outcomes.slice(0, alertsShown).map((each) => {
    const number = each.incidentId === null ? null : (numbers.get(each.incidentId) ?? null);
    return html`<li><b>${name(each.name)}</b>${number !== null && html` <a href="/incidents/${number}">#${number}</a>`}: ${literal(each.why, 500)}</li>`;
  })}${more > 0 && html`<li>and ${more} more</li>`}</ul>`;
}
