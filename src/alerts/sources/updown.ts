import { z } from 'zod';
import type { Alert } from '../alert.js';
import { makeAlert } from '../make.js';
import { part, text } from '../shapes.js';
import { defineSource } from '../source.js';
import { moment } from '../times.js';

const event = z.object({
  event: z.string(),
  time: text,
  description: text,
  check: z.object({ token: text, url: text, alias: text, error: text, down_since: text, last_check_at: text }),
  downtime: part({ id: text, error: text, started_at: text, ended_at: text }),
  ssl: part({ cert: part({ subject: text }), error: text, days_before_expiration: text }),
});
const payload = z.union([z.array(event), event.transform((one) => [one])]);

const begins: Readonly<Record<string, string>> = {
  down: 'is down',
  still_down: 'is still down',
  ssl_invalid: 'has an invalid certificate',
  ssl_expiration: 'has a certificate that expires soon',
  performance_drop: 'is slower than usual',
};
const ends: Readonly<Record<string, string>> = {
  up: 'is up',
  ssl_valid: 'has a valid certificate',
  ssl_renewed: 'has a new certificate',
};

/** Checks of updown.io. */
export const updown = defineSource({
  kind: 'updown',
  sender: 'updown.io',
  authentication: 'token in the address',
  episode: 'proven',
  payload,
  alerts(events, about) {
    const alerts = events.flatMap(({ event, time, description, check, downtime, ssl }): Alert[] => {
      const what = event.replace(/^check\./, '');
      const said = begins[what] ?? ends[what];
      if (!said) return [];
      const name = check.alias || check.url;
      const matter = what.startsWith('ssl') ? 'certificate' : what === 'performance_drop' ? 'performance' : null;
      const why = what in begins ? (downtime?.error ?? ssl?.error ?? check.error) : null;
      return [
        makeAlert(about, {
          key: [check.token ?? check.url, matter],
          firing: what in begins,
          startsAt: moment(matter ? time : (downtime?.started_at ?? check.down_since)),
          endsAt: moment(matter ? time : downtime?.ended_at),
          name,
          summary: [description, `${name} ${said}${why ? `: ${why}` : ''}`],
          service: name,
          labels: { event: what, error: why },
          links: { Checked: check.url },
        }),
      ];
    });
    return alerts.length > 0
      ? alerts
      : { name: `updown.io ${events[0]?.event ?? ''}`, why: 'no event that begins or ends anything' };
  },
});
