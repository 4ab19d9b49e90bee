import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readAlerts, sourceOf } from '../../src/alerts/sources.js';
import { noon } from './world.js';

/* Of these senders one half of a pair was found published. The other is made of it: its state is changed, nothing else. */
type Body = Record<string, unknown>;
const halves: [string, string, (body: Body) => Body][] = [
  [
    'checkmk',
    'keep.mock.json',
    (body) => ({ ...body, notification_type: 'PROBLEM', status: 'DOWN', severity: 'CRIT' }),
  ],
  ['librenms', 'keep.mock.json', (body) => ({ ...body, state: '1', severity: 'critical' })],
  ['riemann', 'alerta.json', (body) => ({ ...body, state: 'critical' })],
  ['vmware-vrealize', 'alerta.json', (body) => ({ ...body, status: 'CANCELED' })],
  ['zabbix', 'zulip.zabbix_alert.json', (body) => ({ ...body, status: 'OK' })],
  ['harbor', 'docs.scanning-failed.default.json', (body) => ({ ...body, type: 'SCANNING_COMPLETED' })],
  ['harbor', 'docs.scanning-completed.cloudevents.json', (body) => ({ ...body, type: 'harbor.scan.failed' })],
  [
    'harbor',
    'docs.replication-status-changed.cloudevents.json',
    (body) => {
      const data = structuredClone(body.data) as { replication: Body };
      data.replication.job_status = 'Failed';
      return { ...body, data };
    },
  ],
  [
    'healthchecks',
    'api-doc.check.0.json',
    ({ checks }) => {
      const [up, down] = checks as Body[];
      return {
        checks: [
          { ...up, status: 'down' },
          { ...down, status: 'up' },
        ],
      };
    },
  ],
];

test.each(halves)('%s: %s and its other half are one alert', (kind, file, other) => {
  const body = JSON.parse(readFileSync(new URL(`../fixtures/sources/${kind}/${file}`, import.meta.url), 'utf8'));
  const read = (given: Body) =>
    readAlerts(sourceOf(kind)!, given, { source: kind, receivedAt: noon }).alerts.map(({ fingerprint, status }) => [
      fingerprint,
      status,
    ]);
  const turned = { firing: 'resolved', resolved: 'firing' } as Record<string, string>;
  expect(read(body).length).toBeGreaterThan(0);
  expect(read(other(body))).toEqual(read(body).map(([fingerprint, status]) => [fingerprint, turned[status as string]]));
});
