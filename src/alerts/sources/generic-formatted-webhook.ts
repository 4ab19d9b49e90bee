import { z } from 'zod';
import { makeAlert } from '../make.js';
import { text } from '../shapes.js';
import { defineSource } from '../source.js';

const payload = z
  .object({
    alert_uid: text,
    title: text,
    message: text,
    state: text,
    image_url: text,
    link_to_upstream_details: text,
    severity: text,
    service: text,
  })
  .refine(({ alert_uid, title }) => (alert_uid ?? title) !== null, { path: ['title'], message: 'missing' })
  .refine(({ state }) => state !== null, { path: ['state'], message: 'missing' });

/** What is sent to Grafana OnCall's "Formatted webhook": only the address changes. */
export const genericFormattedWebhook = defineSource({
  kind: 'generic-formatted-webhook',
  sender: "Senders to Grafana OnCall's formatted webhook",
  authentication: 'token (in the address, or a header)',
  episode: 'its documentation has a table of fields and no body',
  takes: { bodies: ['json-text'] },
  payload,
  alerts(body, about) {
    const state = (body.state ?? '').trim().toLowerCase();
    if (state === 'acknowledged' || state === 'silenced')
      return {
        name: `${body.title ?? body.alert_uid}: ${state}`,
        why: 'Somebody did this there; what it is about stays as it was.',
      };
    return [
      makeAlert(about, {
        key: [body.alert_uid ?? body.title],
        firing: !/^(?:ok|resolved|recovered|closed)$/.test(state),
        name: [body.title, body.alert_uid],
        summary: [body.title, body.message],
        service: body.service,
        severity: body.severity,
        annotations: { message: body.message },
        links: { Source: body.link_to_upstream_details, Image: body.image_url },
      }),
    ];
  },
});
