import { z } from 'zod';
import { makeAlert } from '../make.js';
import { text } from '../shapes.js';
import { defineSource } from '../source.js';
import { moment } from '../times.js';

const payload = z
  .object({
    host: z.string().min(1),
    name: z.string().min(1),
    status: z.string().min(1),
    chart: text,
    context: text,
    family: text,
    old_status: text,
    value_string: text,
    value: text,
    units: text,
    info: text,
    summary: text,
    when: text,
    duration: text,
    classification: text,
    component: text,
    type: text,
    service: text,
    goto_url: text,
  })
  .transform((body) => ({ ...body, status: body.status.toLowerCase() }));

const severities: Record<string, string> = { warning: 'warning', critical: 'critical' };

/** Netdata's own agent: `custom_sender` of our page. */
export const netdataAgent = defineSource({
  kind: 'netdata-agent',
  sender: 'Netdata (agent)',
  authentication: 'token (a header in custom_sender)',
  episode: 'proven',
  takes: { bodies: ['form', 'json-text'] },
  kin: ['netdata-cloud'],
  payload,
  alerts(body, about) {
    const { status, host, name, chart } = body;
    const severity = severities[status];
    if (status !== 'clear' && !severity)
      return {
        name: `${name} on ${host}: ${status}`,
        why: 'It tells neither of trouble nor of its end: the alert came, went or starts.',
      };
    const firing = status !== 'clear';
    const at = moment(body.when);
    const value = body.value_string ?? (body.value && [body.value, body.units].filter(Boolean).join(' '));
    return [
      makeAlert(about, {
        key: [host, chart, name],
        firing,
        startsAt: firing ? at : null,
        endsAt: at,
        name,
        summary: `${body.summary || name.replaceAll('_', ' ')} on ${host} is ${status}${value ? `: ${value}` : ''}`,
        service: [body.service, body.component],
        host,
        severity: severity ?? severities[body.old_status?.toLowerCase() ?? ''],
        labels: {
          ...(chart && { chart }),
          ...(body.context && { context: body.context }),
          ...(body.family && { family: body.family }),
          ...(body.classification && { class: body.classification }),
        },
        annotations: { info: body.info },
        links: { Netdata: body.goto_url },
        groupHint: host,
      }),
    ];
  },
});
