import { z } from 'zod';
import { makeAlert } from '../make.js';
import { part, text } from '../shapes.js';
import { defineSource } from '../source.js';
import { epoch } from '../times.js';

const occurrence = part({
  level: text,
  timestamp: text,
  uuid: text,
  context: text,
  framework: text,
  server: part({ host: text }),
});
const payload = z.object({
  event_name: z.string(),
  data: z.object({
    url: text,
    item: part({
      id: text,
      counter: text,
      title: text,
      environment: text,
      level: text,
      url: text,
      project_id: text,
      total_occurrences: text,
      last_activated_timestamp: text,
      last_occurrence_timestamp: text,
      last_occurrence: occurrence,
      project: part({ name: text }),
    }),
    occurrence,
    trigger: part({ threshold: text, window_size_description: text }),
    project: part({ name: text }),
  }),
});

const begins = /^(?:new_item|occurrence|exp_repeat_item|item_velocity|reactivated_item|reopened_item)$/;
const levels: Readonly<Record<string, string>> = {
  10: 'debug',
  20: 'info',
  30: 'warning',
  40: 'error',
  50: 'critical',
};

/** Rollbar's webhook. */
export const rollbar = defineSource({
  kind: 'rollbar',
  sender: 'Rollbar',
  authentication: 'token in the address',
  episode: 'proven',
  payload,
  alerts({ event_name: event, data }, about) {
    const { item, trigger } = data;
    const over = event === 'resolved_item';
    if (!item || (!over && !begins.test(event))) {
      const why = event === 'test' ? 'a test: it arrives' : `${event} is no alert`;
      return { name: item?.title ?? `Rollbar ${event}`, why };
    }
    const told = data.occurrence ?? item.last_occurrence;
    const rate = trigger ? `, ${trigger.threshold} times in ${trigger.window_size_description}` : '';
    return [
      makeAlert(about, {
        key: ['item', item.id ?? item.counter],
        firing: !over,
        ...(!over && {
          startsAt: epoch(
            event === 'reopened_item'
              ? item.last_activated_timestamp
              : (told?.timestamp ?? item.last_occurrence_timestamp),
          ),
        }),
        name: item.title,
        summary: `${item.title ?? 'Rollbar item'}${rate}`,
        service: [item.project?.name, data.project?.name],
        host: told?.server?.host,
        severity: [item.level && (levels[item.level] ?? item.level), told?.level],
        labels: {
          event,
          environment: item.environment,
          occurrences: item.total_occurrences,
          project: item.project_id,
          level: item.level,
        },
        links: { Item: data.url ?? item.url },
      }),
    ];
  },
});
