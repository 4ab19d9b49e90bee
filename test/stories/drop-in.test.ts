import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { type Bot, openBot } from '../../src/bot.js';
import { readConfig } from '../../src/config/read.js';
import { createLog } from '../../src/http/log.js';
import { noAlertmanager, startAlertmanagerWith } from '../fakes/alertmanager.js';
import { noPrometheus, startPrometheus } from '../fakes/prometheus.js';

const within = { timeout: 15_000, interval: 20 };
const token = 'drop-in-token-for-this-test';
const [key, genie] = ['R0123456789ABCDEF0123456789ABCDE', 'genie-key-for-this-test'];
const why = noPrometheus ?? noAlertmanager;

/** Senders that are set up for another product, of which nothing is changed but the address and the key. */
describe.skipIf(why !== null)(`real senders${why ? ` (${why})` : ''}`, { concurrent: true }, () => {
  let folder: string;
  let bot: Bot;
  const senders: { stop(): Promise<void> }[] = [];
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'muster-drop-in-'));
    writeFileSync(
      join(folder, 'muster.yaml'),
      `sources:
  pd: { kind: pagerduty-events-v2, default-service: from-pagerduty, tokens: [{ env: PD }] }
  og: { kind: opsgenie-api, tokens: [{ env: OG }] }
`,
    );
    const env = {
      MUSTER_DATA: join(folder, 'data'),
      MUSTER_PORT: '0',
      MUSTER_ALERTS_TOKEN: token,
      MUSTER_API_TOKEN: 'api-token-for-this-test',
      PD: key,
      OG: genie,
    };
    const config = readConfig(env, folder);
    if (Array.isArray(config)) throw new Error(JSON.stringify(config));
    bot = await openBot(config, { log: createLog('error') });
  });
  afterAll(async () => {
    for (const sender of senders) await sender.stop();
    await bot.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const episodes = async (name: string) =>
    (await bot.store.episodesSince(0, 50))
      .filter((each) => each.name === name)
      .map(({ source, name, state, service, severity, summary }) => ({
        source,
        name,
        state,
        service,
        severity,
        summary,
      }));

  it('Prometheus: its rule fires and resolves', async ({ expect }) => {
    const prometheus = await startPrometheus({ url: bot.url, token, alert: 'PullFails' });
    senders.push(prometheus);
    const pullFails = () => episodes('PullFails');
    const ofPrometheus = async () =>
      (await bot.store.episodesSince(0, 50)).find(({ source }) => source === 'prometheus');
    const alert = { source: 'prometheus', name: 'PullFails', service: 'registry', severity: 'critical' };
    await expect.poll(pullFails, within).toEqual([{ ...alert, state: 'firing', summary: 'Pushes fail' }]);
    expect((await ofPrometheus())?.expiresAt).toBeGreaterThan(Date.now() - 5_000);
    const before = Date.now();
    prometheus.end();
    await expect.poll(pullFails, within).toMatchObject([{ ...alert, state: 'resolved' }]);
    const over = await ofPrometheus();
    expect(over?.endedAt).toBeGreaterThan(before - 2_000);
    expect(over?.endedAt).toBeLessThanOrEqual(Date.now());
  });

  it('Alertmanager: its receivers for PagerDuty, Opsgenie and webhooks', async ({ expect }) => {
    const receiver = (name: string, configs: object) => ({ name, ...configs });
    const config = {
      route: {
        receiver: 'webhook',
        group_by: ['alertname'],
        group_wait: '10ms',
        group_interval: '1s',
        routes: ['pagerduty', 'opsgenie', 'webhook'].map((each) => ({ receiver: each, continue: true })),
      },
      receivers: [
        receiver('pagerduty', { pagerduty_configs: [{ routing_key: key, url: `${bot.url}/v2/enqueue` }] }),
        receiver('opsgenie', { opsgenie_configs: [{ api_key: genie, api_url: `${bot.url}/` }] }),
        receiver('webhook', {
          webhook_configs: [
            { url: `${bot.url}/alerts/alertmanager`, http_config: { authorization: { credentials: token } } },
          ],
        }),
      ],
    };
    const alertmanager = await startAlertmanagerWith(JSON.stringify(config));
    senders.push(alertmanager);
    const startsAt = Date.now() - 60_000;
    const pushFails = {
      labels: { alertname: 'PushFails', service: 'registry', severity: 'critical' },
      annotations: { summary: 'Pushes fail' },
      startsAt,
    };
    const bySource = async () =>
      (await episodes('PushFails'))
        .sort((a, b) => a.source.localeCompare(b.source))
        .map(({ source, name, state, service }) => [source, name, state, service].join(' '));
    await alertmanager.send([pushFails]);
    await expect
      .poll(bySource, within)
      .toEqual(['alertmanager', 'og', 'pd'].map((source) => `${source} PushFails firing registry`));
    await alertmanager.send([{ ...pushFails, endsAt: Date.now() }]);
    await expect
      .poll(bySource, within)
      .toEqual(['alertmanager', 'og', 'pd'].map((source) => `${source} PushFails resolved registry`));
    const failed = await alertmanager.metric(
      /^alertmanager_notification_requests_failed_total\{integration="(pagerduty|opsgenie|webhook)"\} [1-9]/,
    );
    expect(failed).toBe(0);
  });
});
