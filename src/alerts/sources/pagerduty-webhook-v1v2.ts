import { z } from 'zod';
import { gradeOf } from '../evidence.js';
import { makeAlert } from '../make.js';
import { part, text } from '../shapes.js';
import { type AboutReading, defineSource } from '../source.js';
import { moment } from '../times.js';

const named = part({ name: text, summary: text });
const incident = {
  id: text,
  incident_key: text,
  incident_number: text,
  status: text,
  html_url: text,
  title: text,
  summary: text,
  description: text,
  urgency: text,
  created_at: text,
  created_on: text,
  last_status_change_at: text,
  last_status_change_on: text,
  service: named,
  priority: named,
  trigger_summary_data: part({ subject: text, description: text }),
};
const message = z
  .object({
    event: text,
    type: text,
    created_on: text,
    incident: part(incident),
    data: part({ incident: part(incident) }),
  })
  // Version 2 has the incident beside the event, version 1 in its data.
  .transform(({ event, type, created_on, incident, data }) => ({
    event: event ?? type,
    created_on,
    about: incident ?? data?.incident,
  }));
type Message = z.infer<typeof message>;
const payload = z.object({ messages: z.array(message).min(1) });

const asides = /^incident\.(?:annotate|custom)$/;

/** PagerDuty's webhook extensions, versions 1 and 2; no longer supported there, and still running. */
export const pagerdutyWebhookV1v2 = defineSource({
  kind: 'pagerduty-webhook-v1v2',
  sender: 'PagerDuty webhooks v1, v2',
  authentication: 'token in the address; these versions sign nothing',
  episode: 'proven',
  kin: ['pagerduty-webhook-v3'],
  payload,
  alerts({ messages }, about) {
    const alerts = messages.filter(({ event }) => !asides.test(event ?? '')).flatMap((each) => alertOf(each, about));
    if (alerts.length > 0) return alerts;
    return { name: `PagerDuty ${messages[0]?.event ?? 'message'}`, why: 'it neither begins nor ends an incident' };
  },
});

function alertOf({ event, created_on, about: said }: Message, about: AboutReading) {
  if (!said) return [];
  const { priority, urgency } = said;
  const words = [priority?.summary ?? priority?.name, urgency];
  const known = words.filter((word) => word && gradeOf(word) !== 'none');
  const over = event === 'incident.resolve' || (event === null && said.status === 'resolved');
  const at = moment(created_on) ?? moment(said.last_status_change_at ?? said.last_status_change_on);
  const title = said.title ?? said.trigger_summary_data?.subject ?? said.trigger_summary_data?.description;
  return [
    makeAlert(about, {
      key: [said.id ?? said.incident_key ?? said.incident_number],
      firing: !over,
      startsAt: over ? moment(said.created_at ?? said.created_on) : at,
      endsAt: at,
      name: [
        title,
        said.description,
        said.summary,
        said.incident_key,
        said.incident_number && `Incident ${said.incident_number}`,
      ],
      service: [said.service?.name, said.service?.summary],
      severity: [...known, ...words],
      labels: { status: said.status, urgency, number: said.incident_number, incident_key: said.incident_key },
      links: { Incident: said.html_url },
    }),
  ];
}
