import { z } from 'zod';
import { makeAlert } from '../make.js';
import { list, part, record, text } from '../shapes.js';
import { defineSource, type PassedOver } from '../source.js';
import { moment } from '../times.js';
import { kept, line } from '../words.js';

const payload = z.object({
  action: z.string(),
  alert: z.object({
    alertId: text,
    alias: text,
    tinyId: text,
    message: text,
    note: text,
    username: text,
    description: text,
    entity: text,
    priority: text,
    source: text,
    createdAt: text,
    tags: list(text, 64),
    details: record,
  }),
  source: part({ name: text, type: text }),
  integrationName: text,
});

const begins =
  /^(?:Create|Acknowledge|UnAcknowledge|UpdatePriority|UpdateMessage|UpdateDescription|SnoozeEnded|Unsnooze)$/i;
const ends = /^(?:Close|Delete|Resolve)$/i;

/** Opsgenie's outgoing webhook (also of Jira Service Management). */
export const opsgenieWebhook = defineSource({
  kind: 'opsgenie-webhook',
  sender: 'Opsgenie webhook',
  authentication: 'token in a header of your own (Authorization), Basic, or the address',
  episode: 'the alert that ends in the bodies at hand is not the one that begins',
  payload,
  alerts({ action, alert, source, integrationName }, about) {
    const over = ends.test(action);
    // Some actions bring no more than the alert's id.
    if (!over && (!begins.test(action) || !alert.message)) return aside(action, alert);
    const { priority, details } = alert;
    return [
      makeAlert(about, {
        key: [alert.alertId ?? alert.alias],
        firing: !over,
        startsAt: moment(alert.createdAt),
        name: alert.message,
        service: [of(details.service), alert.entity],
        host: of(details.host),
        severity: priority && (/^[1-5]$/.test(priority) ? `P${priority}` : priority),
        labels: {
          ...details,
          action,
          alias: alert.alias,
          tags: alert.tags.join(', '),
          source: source?.name || alert.source,
          integration: integrationName,
        },
        annotations: { description: alert.description },
        links: { Details: of(details.url), Runbook: of(details.runbook_url) },
      }),
    ];
  },
});

const of = (value: unknown): string | null => (typeof value === 'string' ? value : null);

function aside(action: string, alert: z.infer<typeof payload>['alert']): PassedOver {
  const name = `Opsgenie ${action}: ${alert.message ?? alert.tinyId ?? alert.alertId}`;
  const passed = { name, why: `${action} neither begins nor ends an alert` };
  const fingerprint = alert.alertId ?? alert.alias;
  if (!alert.note || !fingerprint) return passed;
  const text = line(`Note in Opsgenie by ${alert.username ?? 'somebody'}: ${alert.note}`, kept.summary);
  return { ...passed, tells: { text, of: { fingerprint } } };
}
