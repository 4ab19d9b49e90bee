import { Buffer, isUtf8 } from 'node:buffer';
import { z } from 'zod';
import type { Alert } from '../alert.js';
import { hash } from '../hash.js';
import { makeAlert } from '../make.js';
import { jsonIn, record } from '../shapes.js';
import { type AboutReading, type Answer, defineSource, type Received } from '../source.js';
import { moment } from '../times.js';

interface Event {
  attributes: Record<string, unknown>;
  /** What it carries: an object where it is one or says so in JSON, else text. */
  data: unknown;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const word = (value: unknown): string | null =>
  typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : null;

/** CloudEvents 1.0 over HTTP: structured, in batches, and binary. */
export const cloudevents = defineSource({
  kind: 'cloudevents',
  sender: 'CloudEvents',
  authentication: 'token (Authorization: Bearer, or ?access_token=)',
  episode:
    'the standard knows no ends: those with one source and subject are joined, and a type or status says which it is',
  takes: { methods: ['OPTIONS'], bodies: ['any'], empty: true },
  tokenQuery: 'access_token',
  delivery({ headers, body, raw }) {
    const [event, ...more] = eventsOf(body, headers);
    if (!event || more.length > 0) return null;
    const { source, id } = event.attributes;
    // The body too: not everybody keeps the standard's word that no two events have one source and id.
    return word(source) && word(id) ? hash([source, id, raw.toString('base64')]) : null;
  },
  greeting,
  payload: z.unknown(),
  alerts: (body, about) => {
    const events = eventsOf(body, about.headers);
    if (Array.isArray(body) && body.length === 0) return { name: 'empty batch', why: 'a batch without events' };
    return events.length > 0 ? events.map((event) => fromEvent(event, about)) : [noEvent(body, about)];
  },
});

/** The abuse protection of the webhook standard: whoever has the token may send as fast as it likes. */
function greeting({ method, headers }: Received): Answer | null {
  if (method !== 'OPTIONS') return null;
  const { 'webhook-request-origin': origin, 'webhook-request-rate': rate } = headers;
  return {
    status: 200,
    headers: {
      allow: 'POST, OPTIONS',
      ...(origin && { 'webhook-allowed-origin': origin, 'webhook-allowed-rate': rate ?? '*' }),
    },
  };
}

function eventsOf(body: unknown, headers: Received['headers']): Event[] {
  if (headers['ce-specversion'] !== undefined) return [binary(body, headers)];
  const said = Array.isArray(body) ? body : [body];
  return said.flatMap((each) => {
    if (!isObject(each) || typeof each.specversion !== 'string') return [];
    const { data, data_base64: encoded, ...attributes } = each;
    return [{ attributes, data: dataOf(data ?? decoded(encoded)) }];
  });
}

function binary(body: unknown, headers: Received['headers']): Event {
  const attributes = Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      name.startsWith('ce-') ? [[name.slice(3), unescaped(value)]] : [],
    ),
  );
  return { attributes: { ...attributes, datacontenttype: headers['content-type'] }, data: dataOf(body) };
}

function decoded(encoded: unknown): string | null {
  if (typeof encoded !== 'string') return null;
  const bytes = Buffer.from(encoded, 'base64');
  return isUtf8(bytes) ? bytes.toString('utf8') : null;
}
const dataOf = (data: unknown): unknown => (typeof data === 'string' ? (jsonIn(data) ?? data) : data);

function unescaped(value = ''): string {
  try {
    return decodeURIComponent(value);
  } catch {
    // A lone percent sign: it was not escaped.
    return value;
  }
}

const over =
  /^(?:resolved?|recovered|recovery|ok|okay|closed?|cleared?|normal|healthy|up|inactive|ended|fixed|succeeded|success|good|passing|completed)$/i;
const begun =
  /^(?:firing|fired|triggered?|open(?:ed)?|problem|alert(?:ing)?|active|activated|started|created|down|failed|failure|failing|error|critical|warning|degraded|unhealthy|raised)$/i;

const levels = ['trace', 'debug', 'info', 'warning', 'error', 'fatal'];
/** OpenTelemetry's numbers, 1 to 24. */
const levelOf = (number: unknown): string | null => {
  const given = Number(word(number) ?? Number.NaN);
  return given >= 1 && given <= 24 ? (levels[Math.floor((given - 1) / 4)] ?? null) : null;
};

function fromEvent({ attributes, data }: Event, about: AboutReading): Alert {
  const said = isObject(data) ? data : {};
  const type = word(attributes.type) ?? 'event';
  const last =
    type
      .replace(/[./]v\d+$/i, '')
      .split(/[./:_-]/)
      .at(-1) ?? '';
  const state = [said.status, said.state, attributes.status, last]
    .map(word)
    .find((each) => each && (over.test(each) || begun.test(each)));
  const firing = !(state && over.test(state));
  const own = [said.fingerprint, said.alert_id, said.alertId, attributes.subject].map(word).find(Boolean);
  const named = [said.title, said.name, said.alertname].map(word);
  const text = [said.summary, said.message, said.description, typeof data === 'string' ? data : null].map(word);
  const at = moment(word(attributes.time));
  return makeAlert(about, {
    key: own ? [word(attributes.source), own, stem(type)] : [word(attributes.source), word(attributes.id)],
    firing,
    startsAt: firing ? at : moment(word(said.startsAt)),
    endsAt: at,
    name: [...named, type],
    summary: [...named, ...text, [type, word(attributes.subject)].filter(Boolean).join(' ')],
    service: [word(said.service), word(attributes.service)],
    host: [word(said.host), word(said.instance)],
    severity: [
      word(attributes.severitytext),
      levelOf(attributes.severitynumber),
      word(said.severity),
      word(said.priority),
      word(said.level),
    ],
    labels: { ...attributes, ...record.parse(said.labels) },
    annotations: Object.keys(said).length > 0 || data ? { data } : {},
    links: { Event: word(said.url) ?? word(said.link), Source: word(attributes.source) },
  });
}

/** What types of one matter have in common: `com.acme.disk` of `com.acme.disk.full` and `com.acme.disk.ok`. */
function stem(type: string): string {
  const parts = type.replace(/\.v\d+$/i, '').split('.');
  return parts.length > 2 ? parts.slice(0, -1).join('.') : type;
}

function noEvent(body: unknown, about: AboutReading): Alert {
  return makeAlert(about, {
    key: ['no CloudEvent', hash(JSON.stringify(body) ?? '')],
    firing: true,
    name: `Unknown alert shape from ${about.source}`,
    summary: 'This is no CloudEvent: neither a specversion in the body nor ce-specversion among the headers.',
    annotations: { body: JSON.stringify(body) },
    groupHint: 'unknown shape',
  });
}
