import { z } from 'zod';
import { makeAlert } from '../make.js';
import { record, text } from '../shapes.js';
import { defineSource } from '../source.js';
import { epoch } from '../times.js';

const payload = z.object({
  name: text,
  text: z.string(),
  alert_type: text,
  alert_event: text,
  alert_correlation_id: text,
  account_id: text,
  policy_id: text,
  policy_name: text,
  severity: text,
  data: record,
  ts: text,
});

const well = /(?:^|_)(?:healthy|resolved|ok|operational|active)$/i;
const things = [
  'health_check_name',
  'pool_name',
  'load_balancer_name',
  'tunnel_name',
  'zone_name',
  'worker_name',
  'hostname',
];
const ids = ['health_check_id', 'pool_id', 'tunnel_id', 'zone_tag', 'zone_id', 'incident_id'];

/** Notifications of Cloudflare. */
export const cloudflare = defineSource({
  kind: 'cloudflare',
  sender: 'Cloudflare',
  authentication: 'token as the secret (cf-webhook-auth)',
  episode: 'no body of an end is at hand; it has the same alert_correlation_id and ALERT_STATE_EVENT_END',
  tokenHeaders: ['cf-webhook-auth'],
  payload,
  alerts(body, about) {
    const { data } = body;
    const said = (...names: string[]): string | null =>
      names.map((name) => data[name]).find((each): each is string => typeof each === 'string' && each !== '') ?? null;
    if (body.alert_type === null && body.alert_event === null && Object.keys(data).length === 0)
      return { name: 'Cloudflare test', why: 'a test of the webhook: it arrives' };
    const state = said('new_health_status', 'new_health', 'new_status', 'incident_status');
    const firing = body.alert_event ? !/_END$|RESOLVED$/i.test(body.alert_event) : !well.test(state ?? '');
    const at = epoch(body.ts);
    return [
      makeAlert(about, {
        key: body.alert_correlation_id
          ? [body.alert_correlation_id]
          : [body.alert_type, body.policy_id ?? body.name, said(...ids, ...things)],
        firing,
        ...(firing ? { startsAt: at } : { endsAt: at }),
        name: [body.policy_name, body.name, body.alert_type],
        summary: [body.text, body.name],
        service: said(...things),
        host: said('origin_ip', 'target_hostname', 'target_ip'),
        severity: [body.severity, said('severity', 'incident_impact')],
        labels: {
          type: body.alert_type,
          policy: body.policy_name,
          account: body.account_id,
          zone: said('zone_name'),
          state,
        },
        annotations: { reason: said('reason'), data },
        links: { Dashboard: said('dashboard_link', 'incident_url', 'link', 'rule_link') },
      }),
    ];
  },
});
