import { z } from 'zod';
import type { Alert } from '../alert.js';
import { hash } from '../hash.js';
import { defineSource } from '../source.js';
import { instant } from '../times.js';
import { address, bounded, firstLine, kept, line } from '../words.js';

const instantText = z.iso
  .datetime({ offset: true })
  .nullish()
  .meta({ description: 'RFC 3339, e.g. 2030-01-15T02:41:00Z. Missing: the time of arrival.' });

const one = z
  .looseObject({
    title: z.string().min(1).max(10_000).meta({ description: 'What is wrong, one line. Kept: 200 characters.' }),
    status: z.enum(['firing', 'resolved']).default('firing'),
    fingerprint: z
      .string()
      .min(1)
      .max(256)
      .nullish()
      .meta({ description: 'What makes two reports the same alert. Default: a hash of service, title and labels.' }),
    service: z.string().max(1000).nullish().meta({ description: 'Alerts of one service go to one incident.' }),
    severity: z
      .string()
      .max(1000)
      .nullish()
      .meta({ description: 'Your own word: critical, page, high, error, warning, info …' }),
    host: z.string().max(1000).nullish(),
    description: z.string().nullish().meta({ description: 'Text for people, never formatted.' }),
    url: z.string().nullish().meta({ description: 'http or https; anything else is dropped.' }),
    startsAt: instantText,
    endsAt: instantText,
    // Values are read one by one, and only as many as are kept: a check of each would make an issue of each.
    labels: z
      .record(z.string(), z.unknown())
      .nullish()
      .meta({ description: 'Text, numbers, true or false. At most 64 are kept.' }),
  })
  .meta({ id: 'alert', title: 'Alert' });
const payload = z
  .union([z.looseObject({ alerts: z.array(one) }), one])
  .meta({ title: 'Body of POST /alerts/generic', description: 'One alert, or a list under "alerts".' });

/** Our own contract, for scripts and for senders without a door of their own. Published as JSON Schema. */
export const generic = defineSource({
  kind: 'generic',
  sender: 'Your own scripts',
  authentication: 'token',
  episode: 'proven',
  payload,
  alerts: (body, { source }) =>
    'alerts' in body && Array.isArray(body.alerts)
      ? (body.alerts as z.infer<typeof one>[]).map((alert) => alertOf(alert, source))
      : [alertOf(body as z.infer<typeof one>, source)],
});

/** JSON Schema (2020-12) of what may be sent. */
export const genericSchema = (): object => z.toJSONSchema(payload, { io: 'input' });

function alertOf(from: z.infer<typeof one>, source: string): Alert {
  const labels = bounded(from.labels ?? {}, kept.labels, kept.label);
  const name = line(from.title, kept.name) || 'Untitled alert';
  const service = firstLine(kept.word, from.service, labels.service);
  const href = address(from.url);
  return {
    source,
    fingerprint:
      (from.fingerprint && line(from.fingerprint, kept.fingerprint)) ||
      hash([service, name, Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1))]),
    status: from.status,
    startsAt: instant(from.startsAt),
    endsAt: from.status === 'resolved' ? instant(from.endsAt) : null,
    name,
    summary: firstLine(kept.summary, from.description) ?? name,
    service,
    host: firstLine(kept.word, from.host, labels.host, labels.instance),
    severity: firstLine(kept.word, from.severity, labels.severity)?.toLowerCase() ?? null,
    labels,
    annotations: from.description ? bounded({ description: from.description }, 1, kept.annotation) : {},
    links: href ? [{ label: 'Source', href }] : [],
    groupHint: name,
  };
}
