import { z } from 'zod';
import type { Alert } from '../alert.js';
import { hash } from '../hash.js';
import { number, text } from '../shapes.js';
import { defineSource } from '../source.js';
import { instant } from '../times.js';
import { address, bounded, firstLine, kept, line } from '../words.js';

// Values are read one by one, and only as many as are kept: a check of each would make an issue of each.
const strings = z.custom<Record<string, unknown>>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  'Invalid input: expected record',
);
const member = z.object({
  status: z.string().nullish(),
  labels: strings,
  annotations: strings.nullish(),
  startsAt: z.string().nullish(),
  endsAt: z.string().nullish(),
  generatorURL: z.string().nullish(),
  fingerprint: z.string().nullish(),
});
const payload = z.object({
  status: z.string().nullish(),
  alerts: z.array(member),
  groupLabels: strings.nullish(),
  /** A number before version 4. */
  groupKey: text,
  externalURL: z.string().nullish(),
  truncatedAlerts: number,
});
type Payload = z.infer<typeof payload>;
type Member = z.infer<typeof member>;
interface About {
  source: string;
  groupHint: string | null;
  /** Alertmanager's own address. */
  home: string | null;
  /** An address as it may be shown, or null; the alerts of one group share theirs. */
  address(text: string | null | undefined): string | null;
}

/** Prometheus Alertmanager's webhook, version 4; also Mimir, Loki, Thanos and vmalert, which go through one. */
export const alertmanager = defineSource({
  kind: 'alertmanager',
  sender: 'Prometheus Alertmanager',
  authentication: 'token (http_config: authorization or basic_auth)',
  episode: 'proven',
  kin: ['prometheus'],
  payload,
  alerts(body, { source }) {
    const about = { source, groupHint: hintOf(body), home: address(body.externalURL), address: addresses() };
    return body.alerts.map((one) => alertOf(one, body, about));
  },
});

/** The labels it was grouped by; the group's key changes with the route tree and is second best. */
function hintOf(body: Payload): string | null {
  const by = Object.entries(bounded(body.groupLabels ?? {}, kept.labels, kept.label));
  if (by.length > 0) {
    const named = by.map(([name, value]) => `${name}=${value}`).sort();
    return line(named.join(', '), kept.fingerprint);
  }
  // `{}:{}` is what everything has in common: not a group.
  return body.groupKey && !/^[{}/:]*$/.test(body.groupKey) ? line(body.groupKey, kept.fingerprint) : null;
}

function alertOf(one: Member, body: Payload, about: About): Alert {
  const labels = bounded(one.labels, kept.labels, kept.label);
  const annotations = bounded(one.annotations ?? {}, kept.annotations, kept.annotation);
  const name = firstLine(kept.name, labels.alertname, labels.job) ?? 'unnamed alert';
  const summary =
    firstLine(kept.summary, annotations.summary, annotations.description, annotations.title, annotations.message) ??
    name;
  const missing = body.truncatedAlerts ?? 0;
  if (missing > 0) {
    annotations.truncated = `Alertmanager left ${missing} more ${missing === 1 ? 'alert' : 'alerts'} of this group out (max_alerts); they may never be reported one by one.`;
  }
  const fingerprint = one.fingerprint || hash(Object.entries(labels).sort());
  const resolved = (one.status ?? body.status) === 'resolved';
  return {
    source: about.source,
    fingerprint: fingerprint.length <= 64 ? line(fingerprint, 64) : hash(fingerprint),
    status: resolved ? 'resolved' : 'firing',
    startsAt: instant(one.startsAt),
    // While it fires this is only when Alertmanager would give up waiting.
    endsAt: resolved ? instant(one.endsAt) : null,
    name,
    summary,
    service: firstLine(kept.word, labels.service, labels.job, labels.namespace),
    host: firstLine(kept.word, labels.instance, labels.host, labels.node),
    severity: firstLine(kept.word, labels.severity)?.toLowerCase() ?? null,
    labels,
    annotations,
    links: linksOf(one, annotations, about),
    groupHint: about.groupHint ?? name,
  };
}

function addresses(): About['address'] {
  const read = new Map<string, string | null>();
  return (text) => {
    if (!text) return null;
    const known = read.get(text);
    if (known !== undefined) return known;
    const shown = address(text);
    read.set(text, shown);
    return shown;
  };
}

function linksOf(one: Member, annotations: Alert['annotations'], { address, home }: About): Alert['links'] {
  const links: [string, string | null][] = [
    ['Graph', address(one.generatorURL)],
    ['Alertmanager', home],
    ['Runbook', address(annotations.runbook_url) ?? address(annotations.runbook)],
    ['Dashboard', address(annotations.dashboard_url)],
  ];
  return links.flatMap(([label, href]) => (href ? [{ label, href }] : []));
}
