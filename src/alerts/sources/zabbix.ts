import { told } from '../checks.js';
import { makeAlert } from '../make.js';
import { sayingsOf } from '../said.js';
import { jsonIn, record } from '../shapes.js';
import { defineSource } from '../source.js';
import { labelsOf, severityIn, type Tag, tagged } from '../tags.js';
import { moment } from '../times.js';

/** The script of a media type posts what its reader calls it: our names, those of Zabbix's own media types, or its macros'. */
const payload = record
  .transform((body) => ({
    said: sayingsOf(body),
    tags: tagsOf(body.tags ?? body.event_tags ?? body['EVENT.TAGSJSON']),
  }))
  .refine(
    ({ said }) => said('status', 'eventstatus', 'triggerstatus', 'eventvalue') !== null,
    'neither status nor event_value',
  )
  .refine(({ said }) => said('trigger', 'eventname', 'triggername', 'name') !== null, 'no trigger');

const severities = ['not classified', 'information', 'warning', 'average', 'high', 'disaster'];
const over = /^(?:ok|resolved|recovered|recovery|closed|0)$/i;

export const zabbix = defineSource({
  kind: 'zabbix',
  sender: 'Zabbix',
  authentication: 'token (a header set in the media type)',
  episode: 'proven',
  kin: ['generic-formatted-webhook'],
  payload,
  alerts({ said, tags }, about) {
    const status = said('status', 'eventstatus', 'triggerstatus');
    const name = said('trigger', 'eventname', 'triggername', 'name');
    const updated =
      said('updatestatus', 'eventupdatestatus') === '1' || /^(?:updated?|acknowledged)$/i.test(status ?? '');
    // The value is Zabbix's own; a status may be words of the reader's language.
    const value = said('eventvalue');
    const firing = value === '0' || value === '1' ? value === '1' : !over.test(status ?? '');
    const link = said('link', 'url', 'eventurl', 'triggerurl');
    const host = said('hostname', 'host', 'hosthost', 'hostname1');
    const event = said('eventid', 'problemid', 'id');
    const trigger = said('triggerid') ?? /[?&]triggerid=(\d+)/.exec(link ?? '')?.[1];
    const message = said('message', 'alertmessage');
    const item = said('item', 'itemname');
    const alert = makeAlert(about, {
      key: event ? ['event', event] : trigger ? ['trigger', trigger] : [host, name],
      firing,
      startsAt: moment(said('timestamp', 'eventtimestamp')),
      endsAt: moment(said('recoverytimestamp', 'eventrecoverytimestamp')),
      name,
      summary: [name, message],
      service: [said('service'), tagged(tags, 'service', 'application', 'component')],
      host,
      severity: [
        severityWord(said('severity', 'eventseverity', 'triggerseverity')),
        severityWord(said('nseverity', 'eventnseverity', 'triggernseverity')),
        severityIn(tags),
      ],
      labels: { ...labelsOf(tags), ...(host && { host }), ...(item && { item }) },
      annotations: { message, opdata: said('opdata', 'eventopdata'), ip: said('ip', 'hostip', 'hostconn') },
      links: { Zabbix: link ?? eventPage(said('zabbixurl', 'zabbix'), trigger, event) },
      groupHint: host,
    });
    if (!updated) return [alert];
    const passed = {
      name: `update of ${name}`,
      why: 'Somebody commented, acknowledged or changed it there; its state is told apart.',
    };
    const comment = [said('updateaction', 'eventupdateaction'), said('updatemessage', 'eventupdatemessage')];
    const user = said('updateuser', 'eventupdateuser', 'userfullname');
    // What Zabbix says where the user of the media may not see who it was.
    const author = user === 'Inaccessible user' ? null : user;
    return told(passed, alert, { at: 'Zabbix', type: 'UPDATE', author, comment: comment.filter(Boolean).join(': ') });
  },
});

const eventPage = (home: string | null, trigger: string | null | undefined, event: string | null): string | null =>
  home && trigger && event ? `${home.replace(/\/+$/, '')}/tr_events.php?triggerid=${trigger}&eventid=${event}` : null;

const severityWord = (said: string | null): string | null =>
  said && /^[0-5]$/.test(said) ? (severities[Number(said)] ?? null) : said;

/** `{EVENT.TAGSJSON}`: a list of tags and values, as a list or as text. */
function tagsOf(given: unknown): Tag[] {
  const read = jsonIn(given);
  if (!Array.isArray(read)) return [];
  return read.slice(0, 50).flatMap((one): Tag[] => {
    const { tag, value } = (one ?? {}) as { tag?: unknown; value?: unknown };
    return typeof tag === 'string'
      ? [{ name: tag.toLowerCase(), value: typeof value === 'string' && value ? value : null }]
      : [];
  });
}
