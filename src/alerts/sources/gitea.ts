import { forgeAuthentic, forgeDelivery } from '../ci/forge.js';
import { forgeAlerts } from '../ci/forge-events.js';
import { forgePayload } from '../ci/forge-shapes.js';
import { defineSource } from '../source.js';

export const gitea = defineSource({
  kind: 'gitea',
  sender: 'Gitea',
  authentication: 'HMAC-SHA256 of the JSON (X-Gitea-Signature)',
  episode:
    'no real body of a workflow run is published; a run that passes has the key of the one that failed, by construction',
  takes: { methods: ['GET'], bodies: ['form'] },
  authentic: forgeAuthentic,
  delivery: forgeDelivery,
  payload: forgePayload,
  alerts: forgeAlerts,
});
