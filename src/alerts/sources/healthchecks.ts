import { z } from 'zod';
import type { Alert } from '../alert.js';
import { makeAlert } from '../make.js';
import { list, text } from '../shapes.js';
import { type AboutReading, defineSource, type PassedOver } from '../source.js';
import { labelsOf, severityIn, tagged, tagOf } from '../tags.js';
import { moment } from '../times.js';

const check = z
  .object({
    name: text,
    slug: text,
    status: text,
    tags: z
      .unknown()
      .optional()
      .transform((value) =>
        Array.isArray(value)
          ? value.filter((each) => typeof each === 'string').join(' ')
          : typeof value === 'string'
            ? value
            : '',
      ),
    desc: text,
    /** `$CODE` of our template; `uuid` and `unique_key` of `$JSON`. */
    code: text,
    uuid: text,
    unique_key: text,
    /** `$NOW` */
    at: text,
    /** `$BODY_JSON`: what the last ping said. */
    body: text,
    exit_status: text,
    last_ping: text,
    update_url: text,
    url: text,
    severity: text,
    service: text,
  })
  .refine(({ status }) => status !== null, { path: ['status'], message: 'missing' })
  .refine(({ name, slug, code, uuid, unique_key }) => (name ?? slug ?? code ?? uuid ?? unique_key) !== null, {
    path: ['name'],
    message: 'missing',
  });
type Check = z.infer<typeof check>;
const payload = z.union([z.object({ checks: list(check) }).refine(({ checks }) => checks.length > 0), check]);

/** Healthchecks has no body of its own: our template, or its `$JSON` bare. */
export const healthchecks = defineSource({
  kind: 'healthchecks',
  sender: 'Healthchecks',
  authentication: 'token (request headers)',
  episode: 'the two checks in its API documentation are different ones; no recorded pair of one check',
  takes: { methods: ['PUT'], bodies: ['json-text'] },
  payload,
  alerts(body, about) {
    const read = ('checks' in body ? body.checks : [body]).map((one) => alertOf(one, about));
    const alerts = read.filter((one): one is Alert => 'fingerprint' in one);
    return alerts.length > 0 ? alerts : (read[0] as PassedOver);
  },
});

function alertOf(one: Check, about: AboutReading): Alert | PassedOver {
  const status = (one.status ?? '').toLowerCase();
  const name = one.name || one.slug || 'A check';
  if (status !== 'down' && status !== 'up')
    return { name: `${name}: ${status}`, why: 'Only down and up tell of a failure; this status is neither.' };
  const tags = one.tags
    .split(/[\s,]+/)
    .filter(Boolean)
    .map(tagOf);
  const firing = status === 'down';
  const at = moment(one.at);
  return makeAlert(about, {
    key: [one.uuid ?? one.code ?? one.unique_key ?? one.slug ?? name],
    firing,
    startsAt: firing ? at : null,
    endsAt: at ?? moment(one.last_ping),
    name,
    summary: firing
      ? `${name} is down${one.last_ping ? `; last ping ${one.last_ping}` : ''}${one.exit_status ? `; exit status ${one.exit_status}` : ''}`
      : `${name} is up`,
    service: [one.service, tagged(tags, 'service'), name],
    severity: [one.severity, severityIn(tags)],
    labels: labelsOf(tags),
    annotations: { description: one.desc || null, ping: one.body || null },
    links: { Check: one.url ?? pageOf(one.update_url) },
  });
}

/** The page of people, from the address of the API. */
const pageOf = (update: string | null): string | null =>
  update && /\/api\/v\d+\/checks\/[^/]+$/.test(update)
    ? `${update.replace(/\/api\/v\d+\/checks\//, '/checks/')}/details/`
    : null;
