import { gitlabAlerts } from '../ci/gitlab.js';
import { gitlabPayload } from '../ci/gitlab-shapes.js';
import { standardWebhook } from '../ci/standard-webhooks.js';
import { defineSource } from '../source.js';

/** Pipelines, jobs, deployments, alerts and incidents of GitLab. */
export const gitlab = defineSource({
  kind: 'gitlab',
  sender: 'GitLab',
  authentication: 'token (X-Gitlab-Token), or a signing token (webhook-signature)',
  episode: 'proven',
  tokenHeaders: ['x-gitlab-token'],
  authentic(received, about) {
    const said = standardWebhook(received, about);
    // A signing token that nobody gave us proves nothing either way; then the other token has to.
    const toldKey = about.secrets.some((secret) => secret.startsWith('whsec_'));
    return said === 'wrong' && !toldKey && received.headers['x-gitlab-token'] ? 'absent' : said;
  },
  // X-Gitlab-Event-UUID is the same for all that one event sets off, so it names no delivery.
  delivery: ({ headers }) => headers['webhook-id'] || headers['idempotency-key'] || null,
  payload: gitlabPayload,
  alerts: gitlabAlerts,
});
