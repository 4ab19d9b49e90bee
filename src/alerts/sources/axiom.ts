import { z } from 'zod';
import { makeAlert } from '../make.js';
import { list, text } from '../shapes.js';
import { defineSource } from '../source.js';
import { moment } from '../times.js';

const payload = z.object({
  action: z.string(),
  event: z.object({
    monitorID: text,
    title: text,
    body: text,
    description: text,
    timestamp: text,
    queryStartTime: text,
    value: text,
    groupKeys: list(text, 32),
    groupValues: list(text, 32),
  }),
});

const ended = /^(?:clos|resolv|recover)/i;

/** Monitors of Axiom. */
export const axiom = defineSource({
  kind: 'axiom',
  sender: 'Axiom',
  authentication: 'token in a header of a custom webhook (Authorization), or the address',
  episode: 'no body of an end is at hand; it differs in the action (Closed)',
  payload,
  alerts({ action, event }, about) {
    const title = event.title?.replace(/^(?:triggered|resolved): */i, '');
    const firing = !ended.test(action);
    // Go's way to write a time names the zone twice.
    const at = moment(event.timestamp?.replace(/ UTC$/, ''));
    const groups = event.groupKeys.map((name, index) => [name ?? '', event.groupValues[index] ?? null] as const);
    const group = Object.fromEntries(groups);
    return [
      makeAlert(about, {
        key: [event.monitorID ?? title, ...event.groupValues],
        firing,
        ...(firing ? { startsAt: at } : { endsAt: at }),
        name: title,
        summary: [event.description, event.body && title ? `${title}: ${event.body}` : title],
        service: [group.service, group['service.name']],
        labels: { ...group, value: event.value, monitor: event.monitorID },
        annotations: { body: event.body },
      }),
    ];
  },
});
