import { z } from 'zod';
import { told } from '../checks.js';
import { makeAlert } from '../make.js';
import { jsonIn, text } from '../shapes.js';
import { defineSource } from '../source.js';
import { labelsOf, severityIn, type Tag, tagged } from '../tags.js';
import { moment } from '../times.js';

/** A macro that Zabbix could not fill in stands there as it was written. */
const macro = text.transform((value) =>
  value === null || value === '' || value === '*UNKNOWN*' || /^\{[A-Z$][\w.$]*\}$/.test(value) ? null : value,
);
const payload = z
  .object({
    event_id: macro,
    eventid: macro,
    trigger_id: macro,
    status: macro,
    /** `{EVENT.VALUE}`: 1 problem, 0 over. */
    event_value: macro,
    /** `{EVENT.UPDATE.STATUS}`: 1 is a comment or an acknowledgement. */
    update_status: macro,
    update_action: macro,
    update_message: macro,
    update_user: macro,
    severity: macro,
    nseverity: macro,
    hostname: macro,
    host: macro,
    ip: macro,
    trigger: macro,
    name: macro,
    item: macro,
    message: macro,
    opdata: macro,
    link: macro,
    url: macro,
    service: macro,
    timestamp: macro,
    recovery_timestamp: macro,
    tags: z.unknown().optional().transform(tagsOf),
  })
  .refine(({ status, event_value }) => (status ?? event_value) !== null, { path: ['status'], message: 'missing' })
  .refine(({ trigger, name }) => (trigger ?? name) !== null, { path: ['trigger'], message: 'missing' });

const severities = ['not classified', 'information', 'warning', 'average', 'high', 'disaster'];

/** Zabbix: its media type's script writes the body; ours, or one with the same names. */
export const zabbix = defineSource({
  kind: 'zabbix',
  sender: 'Zabbix',
  authentication: 'token (a header set in the media type)',
  episode: 'only a problem was found published, no recovery of it',
  payload,
  alerts(body, about) {
    const status = (body.status ?? '').trim().toLowerCase();
    const name = body.trigger ?? body.name;
    const updated = body.update_status === '1' || /^(?:update|updated|acknowledged)$/.test(status);
    const firing = !(
      /^(?:ok|resolved|recovered|recovery|closed|0)$/.test(status) ||
      (status === '' && body.event_value === '0')
    );
    const link = body.link ?? body.url;
    const tags = body.tags;
    const host = body.hostname ?? body.host;
    const trigger = body.trigger_id ?? /[?&]triggerid=(\d+)/.exec(link ?? '')?.[1];
    const event = body.event_id ?? body.eventid;
    const alert = makeAlert(about, {
      key: event ? ['event', event] : trigger ? ['trigger', trigger] : [host, name],
      firing,
      startsAt: moment(body.timestamp),
      endsAt: moment(body.recovery_timestamp),
      name,
      summary: [name, body.message],
      service: [body.service, tagged(tags, 'service', 'application', 'component')],
      host,
      severity: [severityWord(body.severity), severityWord(body.nseverity), severityIn(tags)],
      labels: { ...labelsOf(tags), ...(host && { host }), ...(body.item && { item: body.item }) },
      annotations: { message: body.message, opdata: body.opdata, ip: body.ip },
      links: { Zabbix: link },
      groupHint: host,
    });
    if (!updated) return [alert];
    const passed = {
      name: `update of ${name}`,
      why: 'Somebody commented, acknowledged or changed it there; its state is told apart.',
    };
    const { update_user: author, update_message } = body;
    const comment = [body.update_action, update_message].filter(Boolean).join(': ');
    return told(passed, alert, { at: 'Zabbix', type: 'UPDATE', author, comment });
  },
});

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
