import { z } from 'zod';
import { gradeOf } from '../evidence.js';
import { makeAlert } from '../make.js';
import { jsonIn, list, part, record, text } from '../shapes.js';
import { defineSource } from '../source.js';
import { moment } from '../times.js';

const alert = z.object({
  saved_search: z.object({ id: text, name: text, query: text, html_search_url: text, html_edit_url: text }),
  events: list(
    z.object({ received_at: text, source_name: text, hostname: text, program: text, severity: text, message: text }),
    1_000,
  ),
  counts: list(z.object({ source_name: text, timeseries: record }), 1_000),
  frequency: part({ name: text }),
});
// It comes as the field of a form.
const payload = z
  .union([z.object({ payload: z.string() }).transform(({ payload }) => jsonIn(payload)), z.unknown()])
  .pipe(alert);

/** Syslog's, gravest first. */
const scale = ['emergency', 'alert', 'critical', 'error', 'warning', 'notice', 'info', 'debug'];

/** Alerts on saved searches of Papertrail. */
export const papertrail = defineSource({
  kind: 'papertrail',
  sender: 'Papertrail',
  authentication: 'token in the address',
  episode: 'Papertrail tells no end: the alert stays until a person resolves the incident',
  takes: { bodies: ['form'] },
  payload,
  alerts({ saved_search: search, events, counts }, about) {
    const last = events.at(-1);
    const places = events
      .map(({ severity }) => scale.indexOf(severity?.toLowerCase() ?? ''))
      .filter((place) => place >= 0);
    const worst = places.length > 0 ? scale[Math.min(...places)] : null;
    const many = events.length > 0 ? events.length : counts.length;
    const what =
      many === 0
        ? 'nothing matches any more'
        : `${many} ${events.length > 0 ? 'line' : 'system'}${many === 1 ? '' : 's'}`;
    return [
      makeAlert(about, {
        key: ['search', search.id ?? search.name],
        firing: true,
        startsAt: moment(last?.received_at),
        name: search.name,
        summary: `${search.name ?? 'Saved search'}: ${what}${last?.message ? `, ${last.message}` : ''}`,
        host: [last?.hostname, last?.source_name, counts[0]?.source_name],
        // Its "alert" is the second gravest; elsewhere the word is not a grade.
        severity: worst && gradeOf(worst) === 'none' ? 'critical' : worst,
        labels: { query: search.query, program: last?.program, severity: worst },
        annotations: {
          lines: events
            .slice(-10)
            .map(({ hostname, program, message }) => [hostname, program, message].join(' '))
            .join('\n'),
        },
        links: { Search: search.html_search_url, Edit: search.html_edit_url },
      }),
    ];
  },
});
