import { z } from 'zod';
import { makeAlert } from '../make.js';
import { part, text } from '../shapes.js';
import { defineSource } from '../source.js';
import { epoch } from '../times.js';

// Whoever sets it up names the fields of a payload of their own: `alert_transition`, `alertTransition`, `ALERT_TRANSITION`.
const plainly = (body: unknown): unknown =>
  typeof body === 'object' && body !== null && !Array.isArray(body)
    ? Object.fromEntries(
        Object.entries(body).map(([name, value]) => [name.toLowerCase().replace(/[^a-z]/g, ''), value]),
      )
    : body;
const payload = z.preprocess(
  plainly,
  z
    .object({
      title: text,
      eventtitle: text,
      alerttitle: text,
      body: text,
      text: text,
      eventmsg: text,
      textonlymsg: text,
      id: text,
      alertid: text,
      monitorid: text,
      alertcyclekey: text,
      aggregkey: text,
      aggregationkey: text,
      alerttransition: text,
      transition: text,
      alertstatus: text,
      alerttype: text,
      alertpriority: text,
      priority: text,
      severity: text,
      eventtype: text,
      link: text,
      url: text,
      hostname: text,
      host: text,
      service: text,
      tags: text,
      alertscope: text,
      scopes: text,
      message: text,
      alertquery: text,
      date: text,
      lastupdated: text,
      org: part({ id: text, name: text }),
      orgname: text,
    })
    .refine(
      ({ title, eventtitle, alerttitle, alerttransition }) => title ?? eventtitle ?? alerttitle ?? alerttransition,
      {
        message: 'neither a title nor an alert_transition',
      },
    ),
);

const ended = /^(?:recovered|recovery|resolved|ok|success)\b/i;
const warned = /^(?:re-?)?warn/i;
const state = /^(?:(?:re-?)?(?:triggered|warn|no data|renotify)|renotified|alert|recovered|ok|resolved)\b.*$/i;

/** Webhooks of Datadog: the usual payload, and one with its variables under names like theirs. */
export const datadog = defineSource({
  kind: 'datadog',
  sender: 'Datadog',
  authentication: 'token in a header of your own (Authorization), Basic, or the address',
  episode: "no body of a recovery is at hand; in the usual payload it differs in the title's [Recovered]",
  takes: { bodies: ['form'] },
  payload,
  alerts(said, about) {
    const whole = said.title ?? said.eventtitle ?? said.alerttitle ?? '';
    const marks = [...(/^(?:\s*\[[^\]]*\])*/.exec(whole)?.[0] ?? '').matchAll(/\[([^\]]*)\]/g)].map(
      ([, mark = '']) => mark,
    );
    const message = said.body ?? said.eventmsg ?? said.textonlymsg ?? said.message ?? said.text ?? '';
    if (marks.includes('TEST') && /test notification/i.test(message))
      return { name: whole, why: 'a test notification: it arrives' };
    const transition =
      said.alerttransition ?? said.transition ?? said.alertstatus ?? marks.find((mark) => state.test(mark)) ?? '';
    const title = whole.replace(
      /^(?:\s*\[(?:P[1-5]|(?:re-?)?triggered[^\]]*|(?:re-?)?warn[^\]]*|(?:re-?)?no data[^\]]*|recovered[^\]]*|ok|resolved|renotif[^\]]*)\])+\s*/i,
      '',
    );
    const [, monitor] = /\/monitors[#/](\d+)/.exec(`${said.link ?? ''} ${message}`) ?? [];
    // Of the addresses in a text the first is often a picture.
    const [link] =
      /https:\/\/[\w.-]+\/(?:monitors|event|incidents)\b[^\s()[\]]*/.exec(message) ??
      /https:\/\/[^\s()[\]]+/.exec(message) ??
      [];
    const tags = Object.fromEntries(
      (said.tags ?? '').split(',').flatMap((tag) => {
        const [, name, value] = /^\s*([^:]+):(.+?)\s*$/.exec(tag) ?? [];
        return name && value ? [[name, value]] : [];
      }),
    );
    const scope =
      said.alertscope ??
      said.scopes ??
      /\bon \{(.*)\}$/.exec(marks.find((mark) => state.test(mark)) ?? '')?.[1] ??
      null;
    const firing = !(ended.test(transition) || (transition === '' && ended.test(said.alerttype ?? '')));
    const at = epoch(said.lastupdated ?? said.date);
    const cycle = said.alertcyclekey ?? said.aggregkey ?? said.aggregationkey;
    const given = said.alertpriority ?? said.priority ?? marks.find((mark) => /^P[1-5]$/.test(mark));
    const priority = given && /^[1-5]$/.test(given) ? `P${given}` : given;
    return [
      makeAlert(about, {
        key: cycle ? [cycle] : [said.alertid ?? said.monitorid ?? monitor, title, scope],
        firing,
        ...(firing ? { startsAt: at } : { endsAt: at }),
        name: [title, whole],
        service: [said.service, tags.service],
        host: [said.hostname, said.host, tags.host],
        severity: [
          said.severity,
          priority && /^(?:P[1-5])$/i.test(priority) ? priority : null,
          warned.test(transition) ? 'warning' : null,
          firing && said.alerttype !== 'info' ? said.alerttype : null,
        ],
        labels: {
          ...tags,
          transition,
          type: said.eventtype,
          org: said.orgname ?? said.org?.name,
          scope,
        },
        annotations: { message: message.replace(/^%%%\n?|\n?%%%$/g, '') },
        links: { Datadog: said.link ?? said.url ?? link },
      }),
    ];
  },
});
