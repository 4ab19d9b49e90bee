import { noticed, severityOfState, told } from '../checks.js';
import { makeAlert } from '../make.js';
import { sayingsOf } from '../said.js';
import { record } from '../shapes.js';
import { defineSource } from '../source.js';
import { moment } from '../times.js';

/** Our script, the one others publish, or Checkmk's own variables (`NOTIFY_HOSTNAME`, `SERVICEDESC`). */
const payload = record
  .transform((body) => sayingsOf(body, /^notify_/i))
  .refine((said) => said('host', 'hostname') !== null, 'no host')
  .refine(
    (said) => said('notificationtype', 'status', 'state', 'event', 'hoststate', 'servicestate') !== null,
    'neither notification_type nor a state',
  );

export const checkmk = defineSource({
  kind: 'checkmk',
  sender: 'Checkmk',
  authentication: 'token (a header in the notification script)',
  episode: 'only a recovery was found published, no problem before it',
  takes: { bodies: ['form', 'json-text'] },
  payload,
  alerts(said, about) {
    const host = said('host', 'hostname') as string;
    const check = said('what')?.toUpperCase() === 'HOST' ? null : said('service', 'servicedescription', 'servicedesc');
    const own = check ? said('serviceshortstate', 'servicestate') : said('hostshortstate', 'hoststate');
    // `DOWN -> UP`
    const last = said('event')?.split('->').at(-1)?.trim();
    const state = said('status', 'state') ?? own ?? last ?? said('severity');
    const type = said('notificationtype');
    const what = check ? `${host}!${check}` : host;
    const fires = noticed({ type, state, about: what });
    const firing = fires === 'firing';
    // In millionths of a second.
    const micros = Number(said('microtime') ?? Number.NaN);
    const at = micros > 1e14 && micros < 1e17 ? micros / 1_000 : moment(said('shortdatetime'));
    const output = said('output') ?? (check ? said('serviceoutput') : said('hostoutput'));
    const shown = `${check ? `${check} on ${host}` : host} is ${state ?? (firing ? 'in trouble' : 'fine')}`;
    const label = (name: string, value: string | null) => value !== null && { [name]: value };
    const comment = said('comment', 'notificationcomment');
    const author = said('author', 'notificationauthor');
    const alert = makeAlert(about, {
      key: [said('site', 'omdsite'), host, check],
      firing,
      startsAt: firing ? at : null,
      endsAt: at,
      name: check ?? 'Host check',
      summary: [output && `${shown}: ${output}`, said('summary'), shown],
      service: said('app', 'application'),
      host,
      severity: severityOfState(said('severity') ?? state),
      labels: {
        ...label('site', said('site', 'omdsite')),
        ...label('address', said('address', 'hostaddress')),
        ...label('check_command', said('checkcommand')),
        ...label('event', said('event')),
      },
      annotations: { output, long_output: said('longoutput', 'longserviceoutput'), comment },
      links: {
        Checkmk: linkOf(said('url') ?? (check ? said('serviceurl') : said('hosturl')), said('baseurl')),
        Runbook: said('notesurl'),
      },
      groupHint: host,
    });
    return typeof fires === 'object' ? told(fires, alert, { at: 'Checkmk', type, author, comment }) : [alert];
  },
});

/** Checkmk knows only the path. */
function linkOf(url: string | null, base: string | null): string | null {
  if (!url || /^https?:/i.test(url) || !base) return url;
  return `${base.replace(/\/+$/, '')}/${url.replace(/^\/+/, '')}`;
}
