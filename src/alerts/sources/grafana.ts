import { z } from 'zod';
import { fresh, hmac, same } from '../authentic.js';
import { hash } from '../hash.js';
import { makeAlert } from '../make.js';
import { record, text } from '../shapes.js';
import { type AboutProof, type Authenticity, defineSource, type Received } from '../source.js';
import { epoch, instant } from '../times.js';
import { bounded, kept } from '../words.js';

const member = z.object({
  status: text,
  labels: record,
  annotations: record,
  startsAt: text,
  endsAt: text,
  generatorURL: text,
  fingerprint: text,
  dashboardURL: text,
  panelURL: text,
  silenceURL: text,
  imageURL: text,
  values: record,
  valueString: text,
});
const payload = z.object({
  alerts: z.array(member),
  status: text,
  state: text,
  orgId: text,
  title: text,
  groupLabels: record,
  commonLabels: record,
  groupKey: text,
  externalURL: text,
  truncatedAlerts: text,
});
type Payload = z.infer<typeof payload>;
type Member = z.infer<typeof member>;

/** Grafana's unified alerting (8 and later), contact point "Webhook". */
export const grafana = defineSource({
  kind: 'grafana',
  sender: 'Grafana',
  authentication: 'HMAC-SHA256 of the body (X-Grafana-Alerting-Signature), or a token',
  episode: 'proven',
  takes: { methods: ['PUT'] },
  kin: ['grafana-legacy'],
  authentic: signed,
  payload,
  alerts: (body, about) =>
    body.alerts.length > 0
      ? body.alerts.map((one) => makeAlert(about, said(one, body)))
      : { name: body.title ?? 'an empty message', why: 'It holds no alert.' },
});

function said(one: Member, body: Payload) {
  const labels = bounded(one.labels, kept.labels, kept.label);
  const annotations = bounded(one.annotations, kept.annotations, kept.annotation);
  const missing = Number(body.truncatedAlerts ?? 0);
  if (missing > 0)
    annotations.truncated = `Grafana left ${missing} more of this group out; they may never be reported one by one.`;
  if (Object.keys(one.values).length > 0) annotations.values = JSON.stringify(one.values);
  else if (one.valueString) annotations.values = one.valueString;
  // The alerts that stand for a rule without data, or one that fails, are named alike for all rules.
  const rule = labels.rulename;
  const about = rule ? `${labels.alertname}: ${rule}` : null;
  return {
    // The same labels may stand in several organisations of one Grafana.
    key: [body.orgId === '1' ? null : body.orgId, one.fingerprint ?? hash(Object.entries(labels).sort())],
    firing: (one.status ?? body.status ?? (body.state === 'ok' ? 'resolved' : '')) !== 'resolved',
    startsAt: instant(one.startsAt),
    endsAt: instant(one.endsAt),
    name: [labels.alertname, rule, common(body.groupLabels), common(body.commonLabels), body.title],
    summary: [
      annotations.summary,
      annotations.description,
      annotations.message,
      annotations.title,
      annotations.Error,
      about,
    ],
    service: [labels.service, labels.service_name, labels.app, labels.job, labels.namespace],
    host: [labels.instance, labels.host, labels.hostname, labels.node],
    severity: [labels.severity, labels.priority, labels.level],
    labels,
    annotations,
    links: {
      Rule: one.generatorURL,
      Panel: one.panelURL,
      Dashboard: one.dashboardURL,
      Grafana: body.externalURL,
      Runbook: annotations.runbook_url ?? annotations.runbook,
      Silence: one.silenceURL,
      Image: one.imageURL,
    },
    groupHint: hintOf(body),
  };
}

const common = ({ alertname }: Record<string, unknown>): string | null =>
  typeof alertname === 'string' ? alertname : null;

function hintOf({ groupLabels, groupKey }: Payload): string | null {
  const by = Object.entries(bounded(groupLabels, kept.labels, kept.label)).map(([name, value]) => `${name}=${value}`);
  if (by.length > 0) return by.sort().join(', ');
  return groupKey && !/^[{}/:]*$/.test(groupKey) ? groupKey : null;
}

/** With a time, `<unix seconds>:<body>` is signed, else the body alone. Lower case hex, no prefix. */
function signed({ headers, raw }: Received, { secrets, now }: AboutProof): Authenticity {
  const given = headers['x-grafana-alerting-signature']?.trim();
  if (!given || secrets.length === 0) return 'absent';
  const time = headers['x-grafana-alerting-timestamp']?.trim();
  const what = time ? Buffer.concat([Buffer.from(`${time}:`), raw]) : raw;
  if (!secrets.some((secret) => same(given, hmac(secret, what)))) return 'wrong';
  return !time || fresh(epoch(time), now) ? 'right' : 'stale';
}
