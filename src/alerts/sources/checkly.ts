import { z } from 'zod';
import { makeAlert } from '../make.js';
import { text } from '../shapes.js';
import { defineSource } from '../source.js';
import { moment } from '../times.js';

const payload = z.object({
  alert_type: z.string(),
  event: text,
  check_name: text,
  check_id: text,
  check_type: text,
  check_error_message: text,
  group_name: text,
  run_location: text,
  ssl_days_remaining: text,
  ssl_check_domain: text,
  started_at: text,
  tags: text,
  link: text,
});

/** Checkly's webhook in its usual template. */
export const checkly = defineSource({
  kind: 'checkly',
  sender: 'Checkly',
  authentication: 'token in a header of your own (Authorization), or the address',
  episode: 'no body of a failure is at hand; it differs in the alert_type',
  payload,
  alerts(said, about) {
    const type = said.alert_type.toUpperCase();
    if (type === 'NO_ALERT') return { name: said.check_name ?? 'check', why: 'Checkly itself calls it no alert' };
    const certificate = type.includes('SSL');
    const firing = !type.endsWith('RECOVERY');
    const at = moment(said.started_at);
    return [
      makeAlert(about, {
        key: [said.check_id ?? said.check_name, certificate ? 'certificate' : null],
        firing,
        ...(firing ? { startsAt: at } : { endsAt: at }),
        name: said.check_name,
        summary: [[said.event, said.check_error_message].filter(Boolean).join(': '), said.check_name],
        service: [said.group_name, said.check_name],
        // Of its own two words the graver, failure, is one that scales do not have.
        severity: !firing
          ? null
          : certificate
            ? 'warning'
            : /DEGRADED(?:_REMAIN)?$/.test(type)
              ? 'degraded'
              : 'critical',
        labels: {
          type,
          check: said.check_type,
          location: said.run_location,
          tags: said.tags,
          domain: said.ssl_check_domain,
          days: said.ssl_days_remaining,
        },
        links: { Check: said.link },
      }),
    ];
  },
});
