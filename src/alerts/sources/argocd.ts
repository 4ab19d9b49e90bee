import { z } from 'zod';
import type { Alert } from '../alert.js';
import { makeAlert } from '../make.js';
import { part, text } from '../shapes.js';
import { defineSource } from '../source.js';
import { moment } from '../times.js';

const application = part({
  metadata: part({ name: text, namespace: text }),
  spec: part({ project: text }),
  status: part({
    health: part({ status: text, message: text }),
    sync: part({ status: text, revision: text }),
    operationState: part({ phase: text, message: text, finishedAt: text }),
  }),
});
const flat = z.object({
  app: z.string().min(1),
  namespace: text,
  project: text,
  cluster: text,
  health: text,
  healthMessage: text,
  sync: text,
  phase: text,
  message: text,
  revision: text,
  finishedAt: text,
  url: text,
});

/** The template of our documents, or the Application itself, alone or as `app`. */
const payload = z.union([
  flat,
  z
    .looseObject({ app: application, url: text })
    .transform((body) => ({ ...flatOf(body.app ?? application.parse(body)), url: body.url }))
    .refine((body) => body.app !== '', { message: 'app is missing' }),
]);

function flatOf(app: z.output<typeof application>) {
  const { health, sync, operationState: operation } = app?.status ?? {};
  return {
    app: app?.metadata?.name ?? '',
    namespace: app?.metadata?.namespace ?? null,
    project: app?.spec?.project ?? null,
    cluster: null,
    health: health?.status ?? null,
    healthMessage: health?.message ?? null,
    sync: sync?.status ?? null,
    phase: operation?.phase ?? null,
    message: operation?.message ?? null,
    revision: sync?.revision ?? null,
    finishedAt: operation?.finishedAt ?? null,
  };
}

/** Words that fire, and words that end it; any other says nothing. */
const states = {
  health: { fires: /^degraded$/i, ends: /^healthy$/i, severity: 'high', says: 'is degraded', over: 'is healthy' },
  sync: {
    fires: /^(?:failed|error)$/i,
    ends: /^succeeded$/i,
    severity: 'warning',
    says: 'could not be synced',
    over: 'is synced',
  },
  comparison: {
    fires: /^unknown$/i,
    ends: /^(?:synced|outofsync)$/i,
    severity: 'warning',
    says: 'cannot be compared with its repository',
    over: 'can be compared again',
  },
} as const;

/** Applications of Argo CD, by the template in our documents. */
export const argocd = defineSource({
  kind: 'argocd',
  sender: 'Argo CD',
  authentication: 'token (a header of the webhook service)',
  episode:
    'Argo CD has no body of its own; each body of our template tells the whole state, so the key of the beginning is that of the end',
  payload,
  alerts(app, about) {
    const words = { health: app.health, sync: app.phase, comparison: app.sync };
    const notes = { health: app.healthMessage, sync: app.message, comparison: null };
    const alerts = (Object.keys(states) as (keyof typeof states)[]).flatMap((what): Alert[] => {
      const word = words[what] ?? '';
      const { fires, ends, severity, says, over } = states[what];
      const firing = fires.test(word);
      if (!firing && !ends.test(word)) return [];
      const note = firing && notes[what] ? `: ${notes[what]}` : '';
      return [
        makeAlert(about, {
          key: [app.cluster, app.namespace, app.app, what],
          firing,
          startsAt: what === 'sync' ? moment(app.finishedAt) : null,
          endsAt: what === 'sync' ? moment(app.finishedAt) : null,
          name: `${app.app} ${says}`,
          summary: `${app.app} ${firing ? says : over}${note}`,
          service: app.app,
          severity: firing ? severity : null,
          labels: {
            namespace: app.namespace,
            project: app.project,
            cluster: app.cluster,
            revision: app.revision || null,
          },
          links: { Application: app.url },
        }),
      ];
    });
    return alerts.length > 0
      ? alerts
      : { name: app.app, why: 'Its health, its sync and its comparison are all on the way.' };
  },
});
