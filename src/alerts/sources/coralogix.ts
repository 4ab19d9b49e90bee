import { z } from 'zod';
import { makeAlert } from '../make.js';
import { list, text } from '../shapes.js';
import { defineSource } from '../source.js';
import { epoch } from '../times.js';

// Variables of its template that had nothing to say stay as they were.
const filled = text.transform((said) => (said && !/^\$[A-Z]|^\*insert |^null$/.test(said) ? said : null));
const payload = z.object({
  alert_id: filled,
  uuid: filled,
  name: z.string(),
  description: filled,
  alert_action: filled,
  alert_url: filled,
  log_url: filled,
  service: filled,
  fields: list(z.object({ key: z.string(), value: filled }), 100),
});

/** Coralogix' generic webhook in its usual template. */
export const coralogix = defineSource({
  kind: 'coralogix',
  sender: 'Coralogix',
  authentication: 'token in a header of the webhook (Authorization), or the address',
  episode: 'no body of an end is at hand; it differs in alert_action (resolve)',
  payload,
  alerts(said, about) {
    const fields = Object.fromEntries(said.fields.map(({ key, value }) => [key, value]));
    const firing = !/^(?:resolved?|closed?|ok)$/i.test(said.alert_action ?? '');
    const at = epoch(fields.timestampMs);
    const { severity, severityLowercase, priority, opsgeniePriority } = fields;
    return [
      makeAlert(about, {
        key: [fields.dedupKey ?? said.alert_id ?? fields.alertUniqueIdentifier ?? said.name],
        firing,
        ...(firing ? { startsAt: at } : { endsAt: at }),
        name: said.name,
        summary: [said.description, fields.text, said.name],
        service: [said.service, fields.application, fields.subsystem],
        host: fields.computer,
        severity: [severity, severityLowercase, priority, opsgeniePriority],
        labels: {
          priority,
          team: fields.team,
          subsystem: fields.subsystem,
          meta: fields.metaLabels,
          alert: said.alert_id,
        },
        annotations: { text: fields.text, query: fields.queryText },
        links: { Alert: said.alert_url, Logs: said.log_url },
      }),
    ];
  },
});
