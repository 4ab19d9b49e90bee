import { z } from 'zod';
import { makeAlert } from '../make.js';
import { jsonIn, list, number, part, text } from '../shapes.js';
import { defineSource } from '../source.js';
import { labelsOf, severityIn, type Tag, tagged } from '../tags.js';
import { moment } from '../times.js';

const tag = z
  .object({ name: text, value: text })
  .transform(({ name, value }): Tag => ({ name: (name ?? '').trim().toLowerCase(), value: value?.trim() || null }));
const heartbeat = part({ monitorID: text, status: number, time: text, msg: text });
const monitor = part({
  id: text,
  name: text,
  pathName: text,
  description: text,
  url: text,
  hostname: text,
  type: text,
  tags: list(tag, 50),
});
const payload = z
  .unknown()
  .transform(unwrapped)
  .pipe(
    z
      .object({ msg: text, heartbeat, monitor })
      .refine(({ msg, heartbeat, monitor }) => msg !== null || (heartbeat !== null && monitor !== null), {
        message: 'neither msg nor a heartbeat with its monitor',
      }),
  );
type Payload = z.infer<typeof payload>;

/** Uptime Kuma's notification "Webhook": JSON, a form whose field `data` is the JSON, or a GET. */
export const uptimeKuma = defineSource({
  kind: 'uptime-kuma',
  sender: 'Uptime Kuma',
  authentication: 'token (additional headers)',
  episode: 'proven',
  takes: { methods: ['GET', 'PUT'], bodies: ['multipart', 'form'] },
  payload,
  alerts(body, about) {
    if (!body.heartbeat) return notice(body, about);
    const { heartbeat, monitor, msg } = body;
    const name = monitor?.name ?? nameIn(msg) ?? 'A monitor';
    const tells = { name: `${name}: ${heartbeat.msg ?? msg ?? 'a heartbeat'}` };
    if (heartbeat.status === 2) return { ...tells, why: 'The monitor is pending: it is not down yet.' };
    if (heartbeat.status === 3) return { ...tells, why: 'The monitor is under maintenance.' };
    const tags = monitor?.tags ?? [];
    const firing = heartbeat.status !== 1;
    const at = moment(heartbeat.time);
    return [
      makeAlert(about, {
        key: ['monitor', monitor?.id ?? heartbeat.monitorID ?? name],
        firing,
        startsAt: firing ? at : null,
        endsAt: at,
        name,
        summary: [msg, heartbeat.msg],
        service: [tagged(tags, 'service'), name],
        host: [hostOf(monitor?.url), monitor?.hostname],
        severity: severityIn(tags),
        labels: { ...labelsOf(tags), ...(monitor?.type && { monitor: monitor.type }) },
        annotations: {
          description: monitor?.description,
          group: monitor?.pathName === name ? null : monitor?.pathName,
        },
        links: { Monitored: monitor?.url },
      }),
    ];
  },
});

type About = Parameters<typeof makeAlert>[0];

/** Without a heartbeat it is the test button, or a certificate or a domain that expires. */
function notice({ msg }: Payload, about: About) {
  const said = msg ?? '';
  const [, name = null, url = null, what = 'certificate'] =
    /^\[(.*?)\]\[(.*?)\] (.*?)(?: certificate)?(?: .*)? will (?:expire|be expired) in /.exec(said) ?? [];
  const expires = /\b(?:certificate|domain)\b.*\bexpire/i.test(said);
  if (!expires) return { name: said || 'a test', why: 'Neither a monitor nor its state: the test button sends this.' };
  const of = name ?? nameIn(said);
  const kind = /\bdomain\b/i.test(said) ? 'domain' : 'certificate';
  return [
    makeAlert(about, {
      key: [kind, of ?? said.replaceAll(/\d+/g, ''), url, kind === 'certificate' ? what : null],
      firing: true,
      name: kind === 'domain' ? 'A domain expires' : 'A certificate expires',
      summary: said,
      service: of,
      host: hostOf(url),
      severity: 'warning',
      links: { Monitored: url },
    }),
  ];
}

const nameIn = (msg: string | null): string | null => /^\[([^\]]+)\]/.exec(msg ?? '')?.[1] ?? null;

function hostOf(url: string | null | undefined): string | null {
  return /^[a-z]+:\/\/(?:[^/@]*@)?([^/:?#]+)/i.exec(url ?? '')?.[1] ?? null;
}

/** A form holds the JSON in `data`; a query holds its parts, each as JSON. */
function unwrapped(body: unknown): unknown {
  if (typeof body !== 'object' || body === null) return body;
  const { data, ...rest } = body as Record<string, unknown>;
  const whole = typeof data === 'string' ? jsonIn(data) : null;
  const { msg, heartbeat, monitor } = (whole ?? rest) as Record<string, unknown>;
  return { msg, heartbeat: jsonIn(heartbeat), monitor: jsonIn(monitor) };
}
