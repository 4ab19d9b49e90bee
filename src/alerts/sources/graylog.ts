import { z } from 'zod';
import { makeAlert } from '../make.js';
import { list, number, part, record, text } from '../shapes.js';
import { defineSource } from '../source.js';
import { moment } from '../times.js';

const message = z.object({ message: text, source: text });
const payload = z
  .object({
    event_definition_id: text,
    event_definition_type: text,
    event_definition_title: text,
    event_definition_description: text,
    event: part({
      id: text,
      event_definition_id: text,
      timestamp: text,
      message: text,
      source: text,
      key: text,
      priority: number,
      fields: record,
      group_by_fields: record,
    }),
    backlog: list(message, 20),
    /** Before 3.1. */
    check_result: part({
      result_description: text,
      triggered_at: text,
      triggered_condition: part({ id: text, title: text, type: text }),
      matching_messages: list(message, 20),
    }),
    stream: part({ id: text, title: text }),
    /** Of our page: the address of Graylog. */
    url: text,
  })
  .refine(({ event, check_result }) => (event ?? check_result ?? null) !== null, {
    path: ['event'],
    message: 'missing',
  });

/** Its priorities, from 1. */
const priorities = ['low', 'medium', 'high', 'critical'];

/** Graylog's HTTP notification, and the alarm callback of old. It tells no end. */
export const graylog = defineSource({
  kind: 'graylog',
  sender: 'Graylog',
  authentication: 'token (Basic, or the API key in a header or the query)',
  episode: 'it tells no end: a person resolves',
  tokenHeaders: ['x-api-key', 'api-key', 'apikey'],
  payload,
  alerts({ event, check_result: old, stream, ...body }, about) {
    if (body.event_definition_type === 'test-dummy-v1')
      return {
        name: body.event_definition_title ?? 'a test',
        why: 'The button "Execute Test Notification" sends this.',
      };
    const messages = [...body.backlog, ...(old?.matching_messages ?? [])].flatMap(({ message }) => message ?? []);
    const fields = { ...event?.group_by_fields, ...event?.fields };
    const field = (...names: string[]) =>
      names.map((name) => fields[name]).map((value) => (typeof value === 'string' ? value : null));
    const title = body.event_definition_title ?? old?.triggered_condition?.title ?? stream?.title ?? 'A Graylog event';
    return [
      makeAlert(about, {
        key: [
          body.event_definition_id ?? event?.event_definition_id ?? old?.triggered_condition?.id ?? title,
          event ? event.key : stream?.id,
        ],
        firing: true,
        startsAt: moment(event ? event.timestamp : old?.triggered_at),
        name: title,
        summary: [event?.message, old?.result_description],
        service: field('service', 'application', 'app', 'service_name'),
        host: [...field('host', 'hostname'), event?.source],
        severity: [...field('severity', 'level'), priorities[(event?.priority ?? 0) - 1]],
        labels: { ...fields, ...(event?.key && { key: event.key }), ...(stream?.title && { stream: stream.title }) },
        annotations: {
          description: body.event_definition_description,
          messages: messages.slice(0, 5).join('\n') || null,
        },
        links: { Graylog: body.url },
      }),
    ];
  },
});
