import { z } from 'zod';
import { told } from '../checks.js';
import { makeAlert } from '../make.js';
import { text } from '../shapes.js';
import { defineSource } from '../source.js';
import { moment } from '../times.js';

const payload = z
  .object({
    state: text,
    severity: text,
    title: text,
    name: text,
    rule_id: text,
    device_id: text,
    alert_id: text,
    id: text,
    uid: text,
    hostname: text,
    sysName: text,
    display: text,
    ip: text,
    os: text,
    type: text,
    location: text,
    msg: text,
    message: text,
    timestamp: text,
    alert_notes: text,
    notes: text,
    service: text,
    url: text,
    alert_url: text,
  })
  .refine(({ state, severity }) => (state ?? severity) !== null, { path: ['state'], message: 'missing' })
  .refine(({ title, name, hostname }) => (title ?? name ?? hostname) !== null, { path: ['title'], message: 'missing' });

const over = new Set(['0', 'ok', 'clear', 'cleared', 'recovered', 'resolved']);
const acknowledged = new Set(['2', 'ack', 'acknowledged']);

/** LibreNMS, transport "API": a query, or a body of the names it has for its templates. All is text. */
export const librenms = defineSource({
  kind: 'librenms',
  sender: 'LibreNMS',
  authentication: 'token (a header set in the transport, or Basic)',
  episode: 'only a recovery was found published, no alert before it',
  takes: { methods: ['GET', 'PUT'], bodies: ['form', 'any'] },
  payload,
  alerts(body, about) {
    const state = (body.state ?? body.severity ?? '').trim().toLowerCase();
    const host = body.hostname ?? body.sysName;
    const name = body.name ?? body.title ?? 'An alert rule';
    const firing = !over.has(state);
    const at = moment(body.timestamp);
    const rule =
      body.rule_id && (body.device_id ?? host) ? ['rule', body.rule_id, 'device', body.device_id ?? host] : null;
    const alert = makeAlert(about, {
      // `id` and `uid` number the entry in the log: another one for each state.
      key: rule ?? (body.alert_id ? ['alert', body.alert_id] : [host, name]),
      firing,
      startsAt: firing ? at : null,
      endsAt: at,
      name,
      summary: [body.title, body.msg, body.message],
      service: body.service,
      host,
      severity: body.severity,
      labels: {
        ...(body.display && { device: body.display }),
        ...(body.os && { os: body.os }),
        ...(body.type && { type: body.type }),
        ...(body.location && { location: body.location }),
      },
      annotations: { message: body.msg ?? body.message, notes: body.alert_notes ?? body.notes, address: body.ip },
      links: { LibreNMS: body.alert_url ?? body.url },
      groupHint: host,
    });
    if (!acknowledged.has(state)) return [alert];
    const passed = {
      name: `${name} on ${host}`,
      why: 'Somebody acknowledged it there; what it is about stays as it was.',
    };
    return told(passed, alert, { at: 'LibreNMS', type: 'ACKNOWLEDGED', comment: body.alert_notes });
  },
});
