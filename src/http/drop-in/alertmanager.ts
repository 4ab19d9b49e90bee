import { BodyRefusal } from '../../alerts/refused-body.js';
import type { DropIn } from './doors.js';

/** What Prometheus and its like post to; each time all that fires. */
export const alertmanagerApi: DropIn = {
  method: 'POST',
  url: '/api/v2/alerts',
  kind: 'prometheus',
  read(body) {
    if (Array.isArray(body)) return body;
    throw new BodyRefusal(400, 'The body is no list of alerts.', 'Send them as the API v2 of Alertmanager has them.');
  },
};
