import { z } from 'zod';
import { makeAlert } from '../make.js';
import { list, text } from '../shapes.js';
import { defineSource } from '../source.js';
import { moment } from '../times.js';

const event = z
  .object({
    host: text,
    service: text,
    state: text,
    description: text,
    metric: text,
    time: text,
    tags: list(z.string(), 50),
    url: text,
  })
  .refine(({ host, service }) => (host ?? service) !== null, { path: ['service'], message: 'missing' })
  .refine(({ state }) => state !== null, { path: ['state'], message: 'missing' });
const payload = z.union([
  z.array(event),
  z.object({ events: z.array(event) }).transform(({ events }) => events),
  event.transform((one) => [one]),
]);

const over = new Set(['ok', 'up', 'normal', 'clear', 'cleared', 'resolved', 'good']);

/** Riemann's events, one or many. */
export const riemann = defineSource({
  kind: 'riemann',
  sender: 'Riemann',
  authentication: 'token (headers or Basic in its http client)',
  episode: 'only an event in state ok was found published',
  payload,
  alerts: (events, about) =>
    events.map((one) => {
      const state = (one.state ?? '').toLowerCase();
      const firing = !over.has(state);
      const at = moment(one.time);
      const what = [one.service, one.host].filter(Boolean).join(' on ');
      return makeAlert(about, {
        key: [one.host, one.service],
        firing,
        startsAt: firing ? at : null,
        endsAt: at,
        name: one.service ?? one.host,
        summary: [one.description, `${what} is ${state}${one.metric === null ? '' : `: ${one.metric}`}`],
        service: one.service,
        host: one.host,
        // Expired: its reports have stopped coming.
        severity: state === 'expired' || state === 'down' ? 'critical' : state,
        labels: {
          state,
          ...(one.tags.length > 0 && { tags: one.tags.join(', ') }),
          ...(one.metric !== null && { metric: one.metric }),
        },
        links: { Source: one.url },
      });
    }),
});
