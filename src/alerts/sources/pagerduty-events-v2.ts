import { z } from 'zod';
import type { Alert } from '../alert.js';
import { same } from '../authentic.js';
import { hash } from '../hash.js';
import { makeAlert } from '../make.js';
import { labelsSaid } from '../said-labels.js';
import { list, part, text } from '../shapes.js';
import { defineSource, type PassedOver } from '../source.js';
import { moment } from '../times.js';
import { kept } from '../words.js';

const word = z.string().transform((value) => value.trim().toLowerCase());
const about = part({
  summary: text,
  source: text,
  severity: text,
  timestamp: z.unknown().optional(),
  component: text,
  group: text,
  class: text,
  custom_details: z.unknown().optional(),
});
const event = z.looseObject({
  event_action: word.pipe(z.enum(['trigger', 'acknowledge', 'resolve'])),
  dedup_key: text,
  payload: about,
  links: list(z.looseObject({ href: text, text })),
  images: list(z.looseObject({ src: text, href: text, alt: text })),
  client: text,
  client_url: text,
});
/** What has changed: it has no action, and nothing about it is wrong. */
const change = z.looseObject({
  event_action: z.undefined().optional(),
  payload: z.looseObject({ summary: z.string().min(1), source: text, custom_details: z.unknown().optional() }),
  links: list(z.looseObject({ href: text, text })),
});
type Event = z.output<typeof event>;
type Change = z.output<typeof change>;

/** Whatever sends PagerDuty's Events API v2: also `POST /v2/enqueue` and `POST /v2/change/enqueue`. */
export const pagerdutyEventsV2 = defineSource({
  kind: 'pagerduty-events-v2',
  sender: 'PagerDuty Events API v2',
  authentication: 'the token as routing_key in the body',
  episode: 'proven',
  takes: { bodies: ['any'] },
  tokenHeaders: ['x-routing-key'],
  authentic({ body }, { secrets }) {
    const key = (body as { routing_key?: unknown } | null)?.routing_key;
    return typeof key === 'string' && secrets.some((secret) => same(key, secret)) ? 'right' : 'absent';
  },
  payload: z.union([event, change]),
  alerts: (body, { source }): Alert[] | PassedOver =>
    body.event_action === undefined ? changed(body as Change) : happened(body as Event, source),
  answer({ receipt, alerts }, { body }) {
    const { dedup_key: given, event_action: action } = body as { dedup_key?: unknown; event_action?: unknown };
    const key = typeof given === 'string' && given !== '' ? given : alerts[0]?.fingerprint;
    const said =
      action === undefined
        ? { status: 'success', message: 'Change event processed' }
        : { status: 'success', message: 'Event processed', ...(key !== undefined && { dedup_key: key }) };
    return { status: 202, body: said, headers: { 'x-muster-receipt': receipt } };
  },
});

function happened(body: Event, source: string): Alert[] | PassedOver {
  const { payload, dedup_key: key, event_action: action } = body;
  const details = detailsOf(payload?.custom_details);
  const labels = labelsOf(body, details);
  const said = {
    // Without a key the same words are the same alert, so that a try after a lost answer is no second one.
    key: key
      ? [key, expiry(key, payload?.summary)]
      : [hash([payload?.summary, payload?.source, payload?.component, payload?.group, payload?.class])],
    name: [labels.alertname, payload?.summary],
    summary: payload?.summary,
    service: [labels.service, payload?.component, labels.job, labels.namespace, payload?.group],
    host: [labels.host, labels.instance, payload?.source],
    severity: payload?.severity ?? labels.severity,
    labels,
    annotations: annotationsOf(details),
    links: linksOf(body),
    groupHint: payload?.group ?? payload?.class,
  };
  if (action === 'trigger') return [makeAlert({ source }, { ...said, firing: true, startsAt: at(payload?.timestamp) })];
  // Its time is often that of the beginning, sent along unchanged: the arrival counts.
  const alert = makeAlert({ source }, { ...said, firing: false });
  if (action === 'resolve') return [alert];
  return {
    name: 'acknowledge',
    why: 'acknowledged at its sender; whoever works on it here says so here',
    tells: { text: `Acknowledged at its sender (${source})`, of: { fingerprint: alert.fingerprint } },
  };
}

/** What expires: Uptime Kuma tells of it under the key of its test button, each time with fewer days. */
const expiry = (key: string, summary: string | null | undefined): string | null =>
  key === 'Uptime Kuma/test' && summary && /\bexpired? in\b/.test(summary)
    ? summary.replace(/ in -?\d+ days?.*$/, '').replace(/^\[Uptime Kuma Alert\] /, '')
    : null;

function changed({ payload, links }: Change): PassedOver {
  const details = detailsOf(payload.custom_details);
  const alert = makeAlert(
    { source: '' },
    {
      key: [],
      firing: false,
      name: payload.summary,
      service: typeof details.service === 'string' ? details.service : null,
      host: payload.source,
      links: linked(links),
    },
  );
  const from = [alert.host && `from ${alert.host}`, ...alert.links.map(({ href }) => href)].filter((each) => each);
  return {
    name: `change: ${alert.summary}`,
    why: 'a change is no alert',
    tells: {
      text: [`Change: ${alert.summary}`, ...from].join(' · '),
      of: { service: alert.service },
      change: { text: alert.summary, link: alert.links[0]?.href ?? null },
    },
  };
}

const at = (given: unknown): number | null =>
  typeof given === 'string' || typeof given === 'number' ? moment(given) : null;

const detailsOf = (details: unknown): Record<string, unknown> =>
  typeof details === 'object' && details !== null && !Array.isArray(details)
    ? (details as Record<string, unknown>)
    : details === null || details === undefined
      ? {}
      : { details };

const isWord = (value: unknown): boolean =>
  typeof value !== 'object' && !(typeof value === 'string' && (value.length > kept.word || value.includes('\n')));

function labelsOf({ payload, client }: Event, details: Record<string, unknown>): Record<string, string> {
  const given = { component: payload?.component, group: payload?.group, class: payload?.class, client };
  const words = [...Object.entries(given), ...Object.entries(details)].filter(
    ([, value]) => value !== '' && isWord(value),
  );
  const texts = words.flatMap(([name, value]) =>
    value === null || value === undefined ? [] : [[name, String(value)]],
  );
  return { ...labelsSaid([details.firing, details.resolved]), ...Object.fromEntries(texts) };
}

const annotationsOf = (details: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(details).filter(([, value]) => value !== '' && !isWord(value)));

const linked = (links: Event['links']): Record<string, string | null> =>
  Object.fromEntries(
    links.map(({ href, text: label }, index) => [label || (index === 0 ? 'Link' : `Link ${index + 1}`), href]),
  );

const linksOf = ({ links, images, client, client_url }: Event): Record<string, string | null> => ({
  ...linked(links),
  ...(client_url && { [client || 'Sender']: client_url }),
  ...Object.fromEntries(images.map(({ src, href, alt }, index) => [alt || `Image ${index + 1}`, href ?? src])),
});
