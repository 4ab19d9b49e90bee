import { Buffer } from 'node:buffer';
import { z } from 'zod';
import { makeAlert } from '../make.js';
import { jsonIn, part, record, text } from '../shapes.js';
import { defineSource } from '../source.js';
import { epoch } from '../times.js';

const plain = z.object({
  version: text,
  incident: z.object({
    incident_id: text,
    scoping_project_id: text,
    state: text,
    severity: text,
    summary: text,
    url: text,
    started_at: text,
    ended_at: text,
    policy_name: text,
    condition_name: text,
    policy_user_labels: record,
    resource_name: text,
    resource_display_name: text,
    resource: part({ type: text, labels: record }),
    metric: part({ type: text, displayName: text, labels: record }),
    documentation: part({ content: text, subject: text }),
    metadata: part({ system_labels: record, user_labels: record }),
  }),
});
// Pub/Sub wraps it, in base64.
const pushed = z.object({ message: z.object({ data: z.string() }) });
const payload = z
  .union([pushed.transform(({ message }) => jsonIn(Buffer.from(message.data, 'base64').toString('utf8'))), z.unknown()])
  .pipe(plain);

/** A name made of all labels names nothing. */
const ofLabels = (name: string | null): string | null => (name && / labels \{/.test(name) ? null : name);

const known = ['service_name', 'service', 'cluster_name', 'database_id', 'function_name', 'container_name'];

/** Google Cloud Monitoring, by webhook or Pub/Sub push. */
export const gcpMonitoring = defineSource({
  kind: 'gcp-monitoring',
  sender: 'Google Cloud Monitoring',
  authentication: 'Basic, or the token in the address (?auth_token=)',
  episode: 'no recorded body is at hand; the documented ones of one incident differ in state and ended_at',
  tokenQuery: 'auth_token',
  payload,
  alerts({ version, incident }, about) {
    if (version === 'test')
      return { name: 'Google Cloud Monitoring test', why: 'a test of the notification channel: it arrives' };
    const { resource, metric, policy_user_labels: own, documentation } = incident;
    const { system_labels, user_labels } = incident.metadata ?? {};
    const labels = { ...system_labels, ...user_labels, ...metric?.labels, ...resource?.labels, ...own };
    const said = (...names: string[]): string | null =>
      names.map((name) => labels[name]).find((each): each is string => typeof each === 'string' && each !== '') ?? null;
    const { severity } = incident;
    return [
      makeAlert(about, {
        key: [incident.scoping_project_id, incident.incident_id],
        firing: !/^(?:closed|resolved)$/i.test(incident.state ?? ''),
        startsAt: epoch(incident.started_at),
        endsAt: epoch(incident.ended_at),
        name: [incident.policy_name?.startsWith('projects/') ? null : incident.policy_name, incident.condition_name],
        summary: [incident.summary, documentation?.subject, incident.condition_name],
        service: [
          said('service', ...known),
          incident.resource_display_name,
          ofLabels(incident.resource_name),
          resource?.type,
        ],
        host: said('instance_id', 'instance_name', 'host'),
        severity: [/^no severity$/i.test(severity ?? '') ? null : severity, said('severity')],
        labels: {
          ...labels,
          project: incident.scoping_project_id,
          condition: incident.condition_name,
          resource: resource?.type,
        },
        annotations: { documentation: documentation?.content },
        links: { Incident: incident.url },
      }),
    ];
  },
});
