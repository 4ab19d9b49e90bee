import { z } from 'zod';
import { makeAlert } from '../make.js';
import { text } from '../shapes.js';
import { defineSource } from '../source.js';
import { epoch } from '../times.js';

const payload = z.object({
  STATUS: z.string(),
  MONITORNAME: text,
  MONITOR_ID: text,
  MONITORID: text,
  MONITORTYPE: text,
  MONITORURL: text,
  MONITOR_DASHBOARD_LINK: text,
  MONITOR_GROUPNAME: text,
  RCA_LINK: text,
  INCIDENT_REASON: text,
  REASON: text,
  OUTAGE_TIME_UNIX_FORMAT: text,
  FAILED_LOCATIONS: text,
  TAGS: text,
});

/** Its states in words that scales have. */
const words: Readonly<Record<string, string>> = { DOWN: 'critical', CRITICAL: 'critical', TROUBLE: 'warning' };
const aside = /^(?:MAINTENANCE|SUSPENDED|DISCOVERY|CONFIGURATION)/;

/** Site24x7's webhook, as JSON or a form. */
export const site24x7 = defineSource({
  kind: 'site24x7',
  sender: 'Site24x7',
  authentication: 'token in a header of your own (Authorization), Basic, or the address',
  episode: 'no body of UP is at hand; it differs in STATUS',
  takes: { methods: ['GET', 'PUT'], bodies: ['form', 'json-text'] },
  payload,
  alerts(said, about) {
    const state = said.STATUS.toUpperCase();
    if (aside.test(state)) return { name: `${said.MONITORNAME}: ${state}`, why: 'the monitor is not measured' };
    const reason = said.INCIDENT_REASON ?? said.REASON ?? state;
    const firing = state !== 'UP';
    return [
      makeAlert(about, {
        key:
          said.MONITOR_ID || said.MONITORID ? [said.MONITOR_ID ?? said.MONITORID] : [said.MONITORNAME, said.MONITORURL],
        firing,
        startsAt: firing ? epoch(said.OUTAGE_TIME_UNIX_FORMAT) : null,
        name: said.MONITORNAME,
        summary: [said.MONITORNAME, reason].filter(Boolean).join(': '),
        service: said.MONITORNAME,
        severity: firing ? (words[state] ?? state) : null,
        labels: {
          status: state,
          type: said.MONITORTYPE,
          group: said.MONITOR_GROUPNAME,
          locations: said.FAILED_LOCATIONS,
          tags: said.TAGS,
          url: said.MONITORURL,
        },
        links: { Monitor: said.MONITOR_DASHBOARD_LINK, 'Root cause': said.RCA_LINK, Checked: said.MONITORURL },
      }),
    ];
  },
});
