import { z } from 'zod';
import type { Alert } from '../alert.js';
import { hash } from '../hash.js';
import { makeAlert } from '../make.js';
import { list, record, text } from '../shapes.js';
import { defineSource } from '../source.js';
import { instant } from '../times.js';

/** What Alertmanager calls resolve_timeout: an alert without an end has ended unless it is repeated within. */
const endsAfterMs = 5 * 60_000;

const member = z.looseObject({ labels: record, annotations: record, startsAt: text, endsAt: text, generatorURL: text });
const members = list(member, 100_000);
const payload = z.array(z.unknown()).transform((given) => members.parse(given));

/**
 * Prometheus, vmalert, Loki's ruler and whatever else speaks to an Alertmanager: also `POST /api/v2/alerts`. They repeat
 * what fires, and each time say until when it can be taken to.
 */
export const prometheus = defineSource({
  kind: 'prometheus',
  sender: 'Prometheus, and what else posts to an Alertmanager',
  authentication: 'token (authorization or basic_auth of the alertmanager)',
  episode: 'proven',
  takes: { bodies: ['any'] },
  kin: ['alertmanager'],
  payload,
  alerts: (body, { source, receivedAt }) => body.map((one) => alertOf(one, source, receivedAt)),
  answer: ({ receipt }) => ({ status: 200, headers: { 'x-muster-receipt': receipt } }),
});

function alertOf(one: z.output<typeof member>, source: string, receivedAt: number): Alert {
  // A label without a value is none.
  const labels = Object.entries(one.labels).filter(([, value]) => value !== '' && value !== null);
  const label = (name: string): string | null => {
    const value = one.labels[name];
    return typeof value === 'string' ? value : null;
  };
  const said = (name: string): string | null => {
    const value = one.annotations[name];
    return typeof value === 'string' ? value : null;
  };
  const endsAt = instant(one.endsAt);
  const firing = endsAt === null || endsAt > receivedAt;
  const alert = makeAlert(
    { source },
    {
      key: [hash(labels.sort(([a], [b]) => (a < b ? -1 : 1)))],
      firing,
      startsAt: instant(one.startsAt),
      endsAt,
      name: [label('alertname'), label('job'), 'unnamed alert'],
      summary: [said('summary'), said('description'), said('title'), said('message')],
      service: [label('service'), label('job'), label('namespace')],
      host: [label('instance'), label('host'), label('node')],
      severity: label('severity'),
      labels: Object.fromEntries(labels),
      annotations: one.annotations,
      links: { Graph: one.generatorURL, Runbook: said('runbook_url'), Dashboard: said('dashboard_url') },
    },
  );
  return firing ? { ...alert, expiresAt: endsAt ?? receivedAt + endsAfterMs } : alert;
}
