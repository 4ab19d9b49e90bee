import { z } from 'zod';
import { makeAlert } from '../make.js';
import { flag, part, record, text } from '../shapes.js';
import { type AboutReading, defineSource } from '../source.js';
import { instant, moment } from '../times.js';

const payload = z
  .object({
    message: text,
    alert: text,
    info: text,
    chart: text,
    context: text,
    space: text,
    Rooms: record,
    rooms: record,
    family: text,
    class: text,
    severity: text,
    date: text,
    duration: text,
    alert_url: text,
    url: text,
    host: text,
    node: text,
    hostname: text,
    node_name: text,
    service: text,
    status: part({ reachable: flag, text }),
    /** Only in the test: typed back in Netdata Cloud. */
    token: text,
  })
  .refine((body) => (body.alert ?? body.token ?? body.status ?? null) !== null, {
    path: ['alert'],
    message: 'missing',
  });
type Payload = z.infer<typeof payload>;

/** Netdata Cloud's notification "Webhook": alerts, and nodes that are gone. */
export const netdataCloud = defineSource({
  kind: 'netdata-cloud',
  sender: 'Netdata Cloud',
  authentication: 'token (Bearer or Basic); its client certificate can be asked for by a proxy',
  episode: 'its documentation has a table of fields and no body',
  kin: ['netdata-agent'],
  payload,
  alerts(body, about) {
    if (body.token !== null && body.alert === null && !body.status)
      return { name: 'a test notification', why: `Type this token back in Netdata Cloud: ${body.token}` };
    return body.alert === null ? [reachability(body, about)] : [alertOf(body, about)];
  },
});

function alertOf(body: Payload, about: AboutReading) {
  const severity = body.severity?.toLowerCase() ?? null;
  const firing = severity !== 'clear' && severity !== 'cleared';
  const host = body.host ?? body.node ?? body.hostname ?? body.node_name;
  const at = instant(body.date) ?? moment(body.date);
  const rooms = Object.keys({ ...body.Rooms, ...body.rooms });
  return makeAlert(about, {
    key: [body.space, host, body.chart ?? body.context, body.alert],
    firing,
    startsAt: firing ? at : null,
    endsAt: at,
    name: body.alert,
    summary: [body.message, body.info],
    service: body.service,
    host,
    severity,
    labels: {
      ...(body.chart && { chart: body.chart }),
      ...(body.context && { context: body.context }),
      ...(body.family && { family: body.family }),
      ...(body.class && { class: body.class }),
      ...(body.space && { space: body.space }),
      ...(rooms.length > 0 && { rooms: rooms.join(', ') }),
    },
    annotations: { info: body.info, duration: body.duration },
    links: { Netdata: body.alert_url ?? body.url },
    groupHint: host,
  });
}

function reachability(body: Payload, about: AboutReading) {
  const { reachable = null, text = null } = body.status ?? {};
  const host = body.host ?? body.node ?? body.hostname;
  const gone = reachable === null ? text !== 'reachable' : !reachable;
  const at = moment(body.date);
  return makeAlert(about, {
    key: [body.space, host, 'reachable'],
    firing: gone,
    startsAt: gone ? at : null,
    endsAt: at,
    name: 'Node unreachable',
    summary: [body.message, `${host ?? 'A node'} is ${gone ? 'unreachable' : 'reachable'}`],
    service: body.service,
    host,
    severity: body.severity,
    links: { Netdata: body.url ?? body.alert_url },
  });
}
