import { forgeAuthentic, forgeDelivery } from '../ci/forge.js';
import { forgeAlerts } from '../ci/forge-events.js';
import { forgePayload } from '../ci/forge-shapes.js';
import { defineSource } from '../source.js';

export const forgejo = defineSource({
  kind: 'forgejo',
  sender: 'Forgejo',
  authentication: 'HMAC-SHA256 of the JSON (X-Forgejo-Signature)',
  episode:
    'its published bodies look generated; a run that passes or recovers has the key of the one that failed, by construction',
  takes: { methods: ['GET'], bodies: ['form'] },
  authentic: forgeAuthentic,
  delivery: forgeDelivery,
  payload: forgePayload,
  alerts: forgeAlerts,
});
