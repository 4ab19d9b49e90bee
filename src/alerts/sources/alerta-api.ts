import { z } from 'zod';
import { makeAlert } from '../make.js';
import { list, record, text } from '../shapes.js';
import { defineSource } from '../source.js';
import { labelsOf, tagged, tagOf } from '../tags.js';
import { moment } from '../times.js';

const payload = z.object({
  resource: z.string().min(1),
  event: z.string().min(1),
  environment: text,
  severity: text,
  status: text,
  service: z
    .unknown()
    .optional()
    .transform((value) =>
      (Array.isArray(value) ? value : [value]).filter((one): one is string => typeof one === 'string' && one !== ''),
    ),
  group: text,
  value: text,
  text,
  tags: list(z.string(), 50),
  attributes: record,
  origin: text,
  type: text,
  createTime: text,
});

const over = new Set(['cleared', 'clear', 'normal', 'ok']);
const shut = new Set(['closed', 'expired']);

/** What is sent to Alerta's API: only the address and the key change. */
export const alertaApi = defineSource({
  kind: 'alerta-api',
  sender: "Senders to Alerta's API",
  authentication: 'token (Authorization: Key …, X-API-Key, or ?api-key=)',
  episode: 'proven',
  tokenScheme: 'Key',
  tokenHeaders: ['x-api-key'],
  tokenQuery: 'api-key',
  payload,
  alerts(body, about) {
    const severity = body.severity?.toLowerCase() ?? null;
    if (body.type?.toLowerCase() === 'heartbeat' || body.event === 'Heartbeat')
      return { name: `heartbeat of ${body.resource}`, why: 'It tells that its origin is alive.' };
    const firing = !over.has(severity ?? '') && !shut.has(body.status?.toLowerCase() ?? '');
    const tags = body.tags.map(tagOf);
    const at = moment(body.createTime);
    const linked = Object.entries(body.attributes).flatMap(([name, value]) => {
      const href = typeof value === 'string' ? /https?:\/\/[^\s"'<>]+/.exec(value)?.[0] : undefined;
      return href ? [[name, href] as const] : [];
    });
    return [
      makeAlert(about, {
        key: [body.environment, body.resource, body.event],
        firing,
        startsAt: firing ? at : null,
        endsAt: at,
        name: `${body.resource}: ${body.event}`,
        summary: [body.text, body.value],
        service: [body.service[0], tagged(tags, 'service')],
        host: tagged(tags, 'host', 'instance') ?? body.resource,
        severity,
        labels: {
          ...labelsOf(tags),
          event: body.event,
          ...(body.environment && { environment: body.environment }),
          ...(body.group && { group: body.group }),
          ...(body.origin && { origin: body.origin }),
          ...(body.value && { value: body.value }),
        },
        links: Object.fromEntries(linked),
        groupHint: body.resource,
      }),
    ];
  },
  answer: ({ receipt }) => ({ status: 201, body: { status: 'ok', id: receipt } }),
});
