import { z } from 'zod';
import { signedBody } from '../authentic.js';
import { gradeOf } from '../evidence.js';
import { makeAlert } from '../make.js';
import { part, text } from '../shapes.js';
import { defineSource, type PassedOver } from '../source.js';
import { moment } from '../times.js';
import { kept, line } from '../words.js';

const named = part({ summary: text, name: text, html_url: text });
const payload = z.object({
  event: z.object({
    id: text,
    event_type: z.string(),
    resource_type: text,
    occurred_at: text,
    agent: named,
    data: part({
      id: text,
      type: text,
      html_url: text,
      status: text,
      title: text,
      summary: text,
      incident_key: text,
      created_at: text,
      service: named,
      priority: named,
      urgency: text,
      content: text,
      incident: part({ id: text, summary: text }),
    }),
  }),
});

/** Events about what goes on around an incident: notes, responders, bridges. Their status is not always its own. */
const asides =
  /^incident\.(?:annotated|conference_bridge|custom_field_values|responder|role|status_update_published|workflow)/;
const states = /^incident\.(triggered|acknowledged|unacknowledged|reopened|resolved)$/;

/** PagerDuty's webhook subscriptions, version 3. */
export const pagerdutyWebhookV3 = defineSource({
  kind: 'pagerduty-webhook-v3',
  sender: 'PagerDuty webhooks v3',
  authentication: 'HMAC-SHA256 of the body (X-PagerDuty-Signature, several for a change of secret)',
  episode: 'no body of incident.resolved is at hand; the documented one differs in event_type and status alone',
  authentic: signedBody('x-pagerduty-signature', { prefix: 'v1=' }),
  delivery: ({ headers, body }) => {
    const { 'x-webhook-id': id } = headers;
    const read = payload.safeParse(body);
    return id ? `${id}/${read.data?.event.id ?? ''}` : null;
  },
  kin: ['pagerduty-webhook-v1v2'],
  payload,
  alerts({ event }, about) {
    const { event_type: type, data } = event;
    if (type === 'pagey.ping') return { name: 'PagerDuty ping', why: 'a test of the subscription: it arrives' };
    const state = data?.status ?? states.exec(type)?.[1];
    if (!data || !state || asides.test(type) || !type.startsWith('incident.')) return aside(event);
    const { priority, urgency } = data;
    // A priority that no scale knows says less than the urgency.
    const words = [priority?.summary ?? priority?.name, urgency];
    const known = words.filter((word) => word && gradeOf(word) !== 'none');
    const at = moment(event.occurred_at);
    const over = state === 'resolved';
    return [
      makeAlert(about, {
        key: [data.id ?? data.incident_key],
        firing: !over,
        startsAt: over ? moment(data.created_at) : at,
        endsAt: at,
        name: [data.title, data.summary],
        service: [data.service?.summary, data.service?.name],
        severity: [...known, ...words],
        labels: { status: state, urgency, priority: priority?.summary, incident_key: data.incident_key },
        annotations: { by: event.agent?.summary },
        links: { Incident: data.html_url },
      }),
    ];
  },
});

/** A note is worth a line on the timeline; of the rest it is enough that it came. */
function aside({ event_type: type, agent, data }: z.infer<typeof payload>['event']): PassedOver {
  const passed = { name: `PagerDuty ${type}`, why: `${type} neither begins nor ends an incident` };
  const fingerprint = data?.incident?.id;
  if (!data?.content || !fingerprint) return passed;
  const text = line(`Note in PagerDuty by ${agent?.summary ?? 'somebody'}: ${data.content}`, kept.summary);
  return { ...passed, tells: { text, of: { fingerprint } } };
}
