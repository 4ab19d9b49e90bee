import { forgeAuthentic, forgeDelivery } from '../ci/forge.js';
import { forgeAlerts } from '../ci/forge-events.js';
import { forgePayload } from '../ci/forge-shapes.js';
import { defineSource } from '../source.js';

/** Runs of workflows, checks, deployments, and security alerts of GitHub and GitHub Enterprise Server. */
export const github = defineSource({
  kind: 'github',
  sender: 'GitHub',
  authentication: 'HMAC-SHA256 of the body (X-Hub-Signature-256)',
  episode: 'proven',
  takes: { bodies: ['form'] },
  authentic: forgeAuthentic,
  delivery: forgeDelivery,
  payload: forgePayload,
  alerts: forgeAlerts,
});
