import { noticed, severityOfState, told } from '../checks.js';
import { makeAlert } from '../make.js';
import { sayingsOf } from '../said.js';
import { record } from '../shapes.js';
import { defineSource } from '../source.js';
import { moment } from '../times.js';

/**
 * Icinga 2 sends nothing by itself: our notification script does, or one of the reader's own with the names of Icinga's
 * variables, however they are written (`NOTIFICATIONTYPE`, `notification_type`, `ICINGA_HOSTNAME`).
 */
const payload = record
  .transform((body) => sayingsOf(body, /^icinga_?/i))
  .refine((said) => said('hostname', 'host', 'hostalias', 'hostdisplayname') !== null, 'no host_name')
  .refine(
    (said) => said('servicestate', 'hoststate', 'state', 'notificationtype') !== null,
    'neither a state nor notification_type',
  );

export const icinga2 = defineSource({
  kind: 'icinga2',
  sender: 'Icinga 2',
  authentication: 'token (a header in the notification script)',
  episode: 'proven',
  takes: { bodies: ['form', 'json-text'] },
  payload,
  alerts(said, about) {
    const host = said('hostname', 'host', 'hostalias', 'hostdisplayname') as string;
    const check = said('servicename', 'service', 'servicedesc');
    const state = check === null ? said('hoststate', 'state') : said('servicestate', 'state');
    const type = said('notificationtype', 'type');
    const fires = noticed({
      type,
      state,
      stateType: said('statetype', 'servicestatetype', 'hoststatetype'),
      about: check ? `${host}!${check}` : host,
    });
    const firing = fires === 'firing';
    const at = moment(said('time', 'timet', 'timestamp', 'at', 'longdatetime', 'datetime'));
    const shownHost = said('hostdisplayname') ?? host;
    const shownCheck = check && (said('servicedisplayname') ?? check);
    const output = said('serviceoutput', 'hostoutput', 'output', 'message');
    const shown = `${shownCheck ? `${shownCheck} on ${shownHost}` : shownHost} is ${state ?? (firing ? 'in trouble' : 'fine')}`;
    const comment = said('notificationcomment', 'comment');
    const author = said('notificationauthorname', 'notificationauthor', 'author');
    const alert = makeAlert(about, {
      key: [host, check],
      firing,
      startsAt: firing ? (moment(said('laststatechange')) ?? at) : null,
      endsAt: at,
      name: check ?? 'Host check',
      summary: output ? `${shown}: ${output}` : shown,
      service: said('muster', 'varsservice', 'application'),
      host,
      severity: said('severity') ?? severityOfState(state),
      labels: {
        ...(type && { notification_type: type }),
        ...(said('hostaddress', 'address') && { address: said('hostaddress', 'address') }),
      },
      annotations: { comment, author },
      links: {
        Icinga: said('url', 'serviceurl', 'hosturl'),
        Runbook: said('notesurl', 'servicenotesurl', 'hostnotesurl'),
      },
      groupHint: host,
    });
    return typeof fires === 'object' ? told(fires, alert, { at: 'Icinga', type, author, comment }) : [alert];
  },
});
