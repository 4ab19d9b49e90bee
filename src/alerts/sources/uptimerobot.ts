import { z } from 'zod';
import { makeAlert } from '../make.js';
import { text } from '../shapes.js';
import { defineSource } from '../source.js';
import { epoch } from '../times.js';

// monitorFriendlyName in a query, monitor_friendly_name in templates of JSON; what it had no word for stays `*alertX*`.
const plainly = (body: unknown): unknown =>
  typeof body === 'object' && body !== null && !Array.isArray(body)
    ? Object.fromEntries(
        Object.entries(body).map(([name, value]) => [name.toLowerCase().replace(/[^a-z]/g, ''), value]),
      )
    : body;
const filled = text.transform((said) => (said && !/^\*\w+\*$/.test(said) ? said : null));
const payload = z.preprocess(
  plainly,
  z
    .object({
      monitorid: filled,
      monitorurl: filled,
      monitorfriendlyname: filled,
      alerttype: filled,
      alerttypefriendlyname: filled,
      alertdetails: filled,
      alertduration: filled,
      alertfriendlyduration: filled,
      alertdatetime: filled,
      monitoralertcontacts: filled,
      sslexpirydate: filled,
      ssldaysleft: filled,
      sslexpirydaysleft: filled,
    })
    .refine(({ alerttype, alerttypefriendlyname }) => alerttype ?? alerttypefriendlyname, { message: 'no alertType' }),
);

/** UptimeRobot's webhook: a query, a form, or a template of JSON. */
export const uptimerobot = defineSource({
  kind: 'uptimerobot',
  sender: 'UptimeRobot',
  authentication: 'token in the address',
  episode: 'the monitor that is up in the bodies at hand is not the one that was down; they differ in alertType',
  takes: { methods: ['GET'], bodies: ['form', 'multipart', 'json-text'] },
  payload,
  alerts(said, about) {
    const type = said.alerttype ?? said.alerttypefriendlyname ?? '';
    const ssl = type === '3' || /ssl|domain/i.test(said.alerttypefriendlyname ?? '');
    const firing = !/^(?:2|up|recovered|resolved)$/i.test(type);
    const state = said.alerttypefriendlyname ?? type;
    const name = said.monitorfriendlyname ?? said.monitorurl;
    const at = epoch(said.alertdatetime);
    return [
      makeAlert(about, {
        key: [said.monitorid ?? said.monitorurl ?? name, ssl ? 'certificate' : null],
        firing,
        ...(firing ? { startsAt: at } : { endsAt: at }),
        name,
        summary: [name, said.alertdetails ?? state].filter(Boolean).join(': '),
        service: name,
        labels: { state, url: said.monitorurl, duration: said.alertfriendlyduration },
        links: { Checked: said.monitorurl },
      }),
    ];
  },
});
