import { z } from 'zod';
import { hmac, same } from '../authentic.js';
import { deploymentAlerts } from '../ci/deployment.js';
import { makeAlert } from '../make.js';
import { part, text } from '../shapes.js';
import { defineSource } from '../source.js';
import { moment } from '../times.js';

const payload = z.object({
  resource: z.string().min(1),
  action: text,
  created_at: text,
  data: z.object({
    id: text,
    name: text,
    app: part({ id: text, name: text }),
    status: text,
    state: text,
    description: text,
    version: text,
    exit_status: text,
    updated_at: text,
    output_stream_url: text,
    pipeline: part({ name: text }),
  }),
});

const down = /^crashed$/;
const up = /^(?:up|idle)$/;

/** Builds, releases and dynos of Heroku. */
export const heroku = defineSource({
  kind: 'heroku',
  sender: 'Heroku',
  authentication: 'HMAC-SHA256 of the body in base64 (Heroku-Webhook-Hmac-SHA256)',
  episode:
    'no real bodies are published; what succeeds or comes up has the key of what failed or crashed, by construction',
  authentic({ headers, raw }, { secrets }) {
    const given = headers['heroku-webhook-hmac-sha256'];
    if (!given || secrets.length === 0) return 'absent';
    return secrets.some((secret) => same(given, hmac(secret, raw, { as: 'base64' }))) ? 'right' : 'wrong';
  },
  delivery: ({ headers }) => headers['heroku-webhook-id'] || null,
  payload,
  alerts({ resource, action, data, created_at }, about) {
    const app = data.app?.name ?? data.app?.id;
    const page = app && /^[a-z0-9-]+$/.test(app) ? `https://dashboard.heroku.com/apps/${app}` : null;
    if (resource === 'build' || resource === 'release')
      return deploymentAlerts(
        {
          key: [app, resource],
          environment: app,
          production: !/(?:^|-)(?:staging|test|dev|review|pr)(?:-|$)/.test(app ?? ''),
          shortLived: /-pr-\d+$/.test(app ?? ''),
          state: data.status,
          title: [resource, data.version && `v${data.version}`, data.description].filter(Boolean).join(' '),
          service: app,
          at: moment(data.updated_at) ?? moment(created_at),
          links: { App: page && `${page}/activity` },
          labels: { resource },
        },
        about,
      );
    const state = action === 'destroy' ? 'gone' : (data.state ?? '');
    if (resource !== 'dyno' || !(down.test(state) || up.test(state)))
      return {
        name: `${resource}: ${data.state ?? data.status ?? action}`,
        why: 'It is neither a failure nor the end of one.',
      };
    const firing = down.test(state);
    const dyno = data.name ?? 'a dyno';
    return [
      makeAlert(about, {
        key: [app, 'dyno', dyno],
        firing,
        startsAt: firing ? (moment(data.updated_at) ?? moment(created_at)) : null,
        endsAt: moment(data.updated_at) ?? moment(created_at),
        name: `${dyno} crashed`,
        summary: `${dyno} of ${app ?? 'an app'} ${firing ? 'crashed' : 'is up'}`,
        service: app,
        host: dyno,
        severity: firing ? 'high' : null,
        labels: { resource },
        links: { App: page },
      }),
    ];
  },
});
