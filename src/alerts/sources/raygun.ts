import { z } from 'zod';
import { makeAlert } from '../make.js';
import { list, part, text } from '../shapes.js';
import { defineSource } from '../source.js';
import { moment } from '../times.js';

const payload = z.object({
  event: z.string(),
  eventType: z.string(),
  error: z.object({
    url: text,
    message: text,
    description: text,
    status: text,
    firstOccurredOn: text,
    lastOccurredOn: text,
    activityDate: text,
    usersAffected: text,
    totalOccurrences: text,
    instance: part({ tags: list(text, 64) }),
  }),
  application: part({ name: text, url: text }),
});

/** Raygun: new errors, those that came again, follow-ups, and changes of their status. */
export const raygun = defineSource({
  kind: 'raygun',
  sender: 'Raygun',
  authentication: 'token in the address',
  episode: 'the error whose status changes in the bodies at hand is not the one that occurred; both have its address',
  payload,
  alerts({ event, eventType, error, application }, about) {
    const changed = event === 'error_activity';
    if (changed && eventType !== 'StatusChanged')
      return {
        name: `Raygun ${eventType}: ${error.message ?? ''}`,
        why: `${eventType} neither begins nor ends an error`,
      };
    const firing = !(
      changed && /^(?:resolved|ignored|permanentlyignored|permanently ignored)$/i.test(error.status ?? '')
    );
    const name = error.message || 'Error without a message';
    return [
      makeAlert(about, {
        key: [error.url ?? name],
        firing,
        ...(firing
          ? { startsAt: moment(changed ? error.activityDate : error.lastOccurredOn) }
          : { endsAt: moment(error.activityDate) }),
        name,
        summary: [changed ? error.description : null, error.message, name],
        service: application?.name,
        labels: {
          event: eventType,
          status: error.status,
          occurrences: error.totalOccurrences,
          users: error.usersAffected,
          tags: error.instance?.tags.join(', '),
        },
        links: { Error: error.url, Application: application?.url },
      }),
    ];
  },
});
