import { z } from 'zod';
import { noticed, severityOfState, told } from '../checks.js';
import { makeAlert } from '../make.js';
import { text } from '../shapes.js';
import { defineSource } from '../source.js';
import { moment } from '../times.js';

const word = text.transform((value) => value?.trim() || null);
const payload = z
  .object({
    what: word,
    notification_type: word,
    host: word,
    alias: word,
    address: word,
    service: word,
    service_description: word,
    check_command: word,
    /** `DOWN -> UP` */
    event: word,
    status: word,
    state: word,
    severity: word,
    output: word,
    long_output: text,
    summary: word,
    url: word,
    /** Checkmk's own address, for the link; its `url` is only a path. */
    base_url: word,
    site: word,
    app: word,
    notes_url: word,
    comment: word,
    author: word,
    date: word,
    /** `CMK_MICROTIME` of our script. */
    micro_time: word,
    short_date_time: word,
  })
  .refine(({ host }) => host !== null, { path: ['host'], message: 'missing' })
  .refine((body) => (body.notification_type ?? body.status ?? body.state ?? body.event) !== null, {
    path: ['notification_type'],
    message: 'missing',
  });

/** Checkmk's notification scripts: ours, or the one others publish with the same names. */
export const checkmk = defineSource({
  kind: 'checkmk',
  sender: 'Checkmk',
  authentication: 'token (a header in the notification script)',
  episode: 'only a recovery was found published, no problem before it',
  takes: { bodies: ['form', 'json-text'] },
  payload,
  alerts(body, about) {
    const host = body.host as string;
    const check = body.what?.toUpperCase() === 'HOST' ? null : (body.service ?? body.service_description);
    const state = body.status ?? body.state ?? body.event?.split('->').at(-1)?.trim() ?? body.severity;
    const what = check ? `${host}!${check}` : host;
    const fires = noticed({ type: body.notification_type, state, about: what });
    const firing = fires === 'firing';
    const micros = Number(body.micro_time);
    const at = Number.isFinite(micros) && micros > 1e14 ? micros / 1_000 : moment(body.short_date_time);
    const shown = `${check ? `${check} on ${host}` : host} is ${state ?? (firing ? 'in trouble' : 'fine')}`;
    const alert = makeAlert(about, {
      key: [body.site, host, check],
      firing,
      startsAt: firing ? at : null,
      endsAt: at,
      name: check ?? 'Host check',
      summary: [body.output && `${shown}: ${body.output}`, body.summary, shown],
      service: body.app,
      host,
      severity: severityOfState(body.severity ?? state),
      labels: {
        ...(body.site && { site: body.site }),
        ...(body.address && { address: body.address }),
        ...(body.check_command && { check_command: body.check_command }),
        ...(body.event && { event: body.event }),
      },
      annotations: { output: body.output, long_output: body.long_output, comment: body.comment },
      links: { Checkmk: linkOf(body.url, body.base_url), Runbook: body.notes_url },
      groupHint: host,
    });
    const { notification_type: type, author, comment } = body;
    return typeof fires === 'object' ? told(fires, alert, { at: 'Checkmk', type, author, comment }) : [alert];
  },
});

function linkOf(url: string | null, base: string | null): string | null {
  if (!url || /^https?:/i.test(url) || !base) return url;
  return `${base.replace(/\/+$/, '')}/${url.replace(/^\/+/, '')}`;
}
