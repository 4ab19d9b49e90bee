import type { Operation } from '../operations.js';
import { dropIns } from './doors.js';

const words: Record<string, Pick<Operation, 'summary' | 'answer'>> = {
  '/v2/enqueue': {
    summary: 'As PagerDuty takes it (Events API v2): trigger, acknowledge, resolve. The routing key is the token',
    answer: { status: 202, example: { status: 'success', message: 'Event processed', dedup_key: 'disk/1' } },
  },
  '/v2/change/enqueue': {
    summary: 'As PagerDuty takes it: a change, shown on what is open of its service',
    answer: { status: 202, example: { status: 'success', message: 'Change event processed' } },
  },
  '/v2/alerts': {
    summary: 'As Opsgenie takes it: an alert. Authorization: GenieKey <token>',
    answer: { status: 202, example: { result: 'Request will be processed', took: 0, requestId: 'r1' } },
  },
  '/v2/alerts/:alias/:action': {
    summary: 'As Opsgenie takes it: close, acknowledge, notes',
    answer: { status: 202, example: { result: 'Request will be processed', took: 0, requestId: 'r2' } },
  },
  '/api/v2/alerts': {
    summary: 'As Alertmanager takes it, from Prometheus, vmalert and Loki’s ruler: all that fires, again and again',
    answer: { status: 200, type: 'text/plain', example: '' },
  },
};

/** The addresses of other products, for `/openapi.json`. */
export const dropInOperations: readonly Operation[] = dropIns
  .filter(({ method }) => method === 'POST')
  .map(({ url }) => {
    const known = words[url];
    if (!known) throw new Error(`${url} is not described.`);
    const problems = url.includes(':') ? [400, 401, 404, 413, 415, 503] : [400, 401, 413, 415, 503];
    return { method: 'post', path: url.replace(/:(\w+)/g, '{$1}'), ...known, problems };
  });
