import { BodyRefusal } from '../../alerts/refused-body.js';
import type { DropIn } from './doors.js';

type Fields = Record<string, unknown>;

const fieldsOf = (body: unknown): Fields | null =>
  typeof body === 'object' && body !== null && !Array.isArray(body) ? (body as Fields) : null;

const blank = (value: unknown): boolean => typeof value !== 'string' || value.trim() === '';

const actions = ['trigger', 'acknowledge', 'resolve'];

/** What no later try of the same event could mend. */
function faultsOf(body: unknown): string[] {
  const event = fieldsOf(body);
  if (!event) return ['the body is no object'];
  const action = typeof event.event_action === 'string' ? event.event_action.trim().toLowerCase() : event.event_action;
  if (blank(action)) return [`'event_action' is missing or blank (it is one of: ${actions.join(', ')})`];
  if (!actions.includes(action as string)) return [`'event_action' is not one of: ${actions.join(', ')}`];
  if (action === 'trigger') {
    const payload = fieldsOf(event.payload);
    if (!payload) return ["'payload' is missing or blank"];
    return blank(payload.summary) ? ["'payload.summary' is missing or blank"] : [];
  }
  return blank(event.dedup_key) ? ["'dedup_key' is missing or blank"] : [];
}

const invalid = (faults: string[]): BodyRefusal =>
  new BodyRefusal(400, 'Event object is invalid', `${faults.join('; ')}.`);

const door: Pick<DropIn, 'method' | 'kind' | 'tokens' | 'refusal'> = {
  method: 'POST',
  kind: 'pagerduty-events-v2',
  tokens(body) {
    const key = fieldsOf(body)?.routing_key;
    return typeof key === 'string' && key !== '' ? [key] : [];
  },
  refusal: (status, error, hint) => ({
    status: status < 500 ? 'invalid event' : 'error',
    message: error,
    errors: [hint],
  }),
};

/** PagerDuty's Events API v2. */
export const pagerdutyDoors: readonly DropIn[] = [
  {
    ...door,
    url: '/v2/enqueue',
    read(body) {
      const faults = faultsOf(body);
      if (faults.length > 0) throw invalid(faults);
      return body;
    },
  },
  {
    ...door,
    url: '/v2/change/enqueue',
    read(body) {
      const { event_action: _, ...change } = fieldsOf(body) ?? {};
      if (blank(fieldsOf(change.payload)?.summary)) throw invalid(["'payload.summary' is missing or blank"]);
      return change;
    },
  },
];
