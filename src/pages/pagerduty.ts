import { call } from '../audiences/call.js';
import type { Incident } from '../incident/state.js';
import { literal } from '../messages/literal.js';
import { type Page, pageWords } from './page.js';
import type { Way } from './way.js';

type PagerDuty = Extract<Way, { via: 'pagerduty' }>;

/** https://developer.pagerduty.com/docs/events-api-v2/trigger-events/ */
const summaryAtMost = 1_024;

/** One alert there for each incident, however often and whoever of ours is called. */
const dedupKey = ({ id }: Incident): string => `muster/${id}`;
const tryKey = (personId: string): string => `muster/page-test/${personId}`;

/** 202 is taken; 400 never will be. https://developer.pagerduty.com/docs/events-api-v2/overview/#response-codes--retry-logic */
async function enqueue(way: PagerDuty, event: object, now: number, signal: AbortSignal): Promise<void> {
  const body = JSON.stringify({ routing_key: way.routingKey, ...event });
  await call({ url: way.url, method: 'POST', headers: { 'content-type': 'application/json' }, body, now }, signal);
}

export async function byPagerDuty(way: PagerDuty, page: Page, signal: AbortSignal): Promise<string> {
  const { title, text, grade } = pageWords(page);
  const { incident, link, publicUrl, now, person } = page;
  const dedup_key = incident ? dedupKey(incident) : tryKey(person.personId);
  const event = {
    event_action: 'trigger',
    dedup_key,
    payload: {
      summary: literal(title, summaryAtMost),
      source: 'muster',
      severity: grade,
      timestamp: new Date(now).toISOString(),
      custom_details: { why: text },
    },
    client: 'Muster',
    ...(incident && { client_url: `${publicUrl}/incidents/${incident.number}` }),
    ...(link !== null && { links: [{ href: link, text: `Acknowledge as ${literal(person.name, 80)}` }] }),
  };
  await enqueue(way, event, now, signal);
  if (incident === null) await enqueue(way, { event_action: 'resolve', dedup_key }, now, signal);
  return dedup_key;
}

/** Nobody there is called any more, or it is over. */
export const tellPagerDuty = (
  way: PagerDuty,
  incident: Incident,
  tell: 'acknowledged' | 'ended',
  now: number,
  signal: AbortSignal,
): Promise<void> =>
  enqueue(
    way,
    { event_action: tell === 'ended' ? 'resolve' : 'acknowledge', dedup_key: dedupKey(incident) },
    now,
    signal,
  );
