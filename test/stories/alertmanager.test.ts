import { type ChildProcess, spawn } from 'node:child_process';
import diagnostics from 'node:diagnostics_channel';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Bot, openBot } from '../../src/bot.js';
import { readConfig } from '../../src/config/read.js';
import { createLog } from '../../src/http/log.js';
import type { TimelineEvent } from '../../src/incident/events.js';
import type { Incident } from '../../src/incident/state.js';
import { plainText } from '../../src/messages/plain.js';
import { machine } from '../../src/people/viewer.js';
import { type Alertmanager, noAlertmanager, startAlertmanager } from '../fakes/alertmanager.js';

const pushFails = (instance: string) => ({
  labels: { alertname: 'RegistryPushFails', service: 'registry', severity: 'critical', instance },
  annotations: { summary: `Pushes to ${instance} fail` },
});
const minute = 60_000;
const within = { timeout: 15_000, interval: 10 };

describe.skipIf(noAlertmanager !== null)(`a real Alertmanager${noAlertmanager ? ` (${noAlertmanager})` : ''}`, () => {
  let folder: string;
  let alertmanager: Alertmanager | undefined;
  let bot: Bot | undefined;
  let built: ChildProcess | undefined;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'muster-alertmanager-story-'));
  });
  afterEach(async () => {
    await alertmanager?.stop();
    await bot?.close();
    await stopped('SIGKILL');
    diagnostics.unsubscribe('http.server.request.start', note);
    rmSync(folder, { recursive: true, force: true });
    alertmanager = bot = undefined;
  });

  /** When each POST of Alertmanager reached this process. */
  let posts: number[] = [];
  const note = (message: unknown) => {
    const { request } = message as { request: IncomingMessage };
    if (request.url === '/alerts/alertmanager') posts.push(Date.now());
  };

  it('opens a channel within a second of its POST, and clearing only proposes', async () => {
    const config = readConfig({ MUSTER_DATA: join(folder, 'data'), MUSTER_PORT: '0' }, folder);
    if (Array.isArray(config)) throw new Error(JSON.stringify(config));
    const here = await openBot(config, { log: createLog('error') });
    bot = here;
    posts = [];
    diagnostics.subscribe('http.server.request.start', note);
    alertmanager = await startAlertmanager(here.url);
    const startedAt = Date.now() - 2 * minute;

    await alertmanager.send([
      { ...pushFails('r1'), startsAt: startedAt },
      { ...pushFails('r2'), startsAt: startedAt },
    ]);
    const channelNow = async () =>
      (await here.web.channels('ada')).find(({ name, tone }) => name.startsWith('inc-1-') && tone === 'sev1');
    await expect.poll(channelNow, within).toBeDefined();
    const tookMs = Date.now() - (posts[0] ?? 0);
    process.stdout.write(`channel with its pinned card ${tookMs} ms after Alertmanager's POST\n`);
    expect(tookMs).toBeLessThan(1_000);

    const channel = (await channelNow())!.id;
    const [first] = await here.web.messages(channel, 10);
    expect(first).toMatchObject({ pinned: true });
    expect(plainText(first!.card)).toContain('registry is tier 1');
    expect(plainText(first!.card)).toContain('2 firing of 2');
    const incident = async () => (await here.store.incident(machine, { number: 1 })) as Incident;
    expect(await incident()).toMatchObject({ severity: 'sev1', services: ['registry'], impactStartedAt: startedAt });
    const asked = async <T>(path: string) => (await (await fetch(here.url + path)).json()) as T;
    expect(await asked('/api/sources/alertmanager')).toMatchObject({
      requests: 1,
      refused: 0,
      outcomes: { opened: 2 },
    });
    const attached = (await here.store.timeline(machine, (await incident()).id)).find(
      ({ type }) => type === 'alertsAttached',
    ) as Extract<TimelineEvent, { type: 'alertsAttached' }>;
    expect(attached.body.receipts).toHaveLength(1);
    expect(await asked(`/api/receipts/${attached.body.receipts[0]}`)).toMatchObject({
      outcomes: [{ outcome: 'opened', why: expect.stringContaining('registry is tier 1') }, { outcome: 'opened' }],
    });

    const endedAt = Date.now();
    await alertmanager.send([{ ...pushFails('r1'), startsAt: startedAt, endsAt: endedAt }]);
    await expect.poll(async () => (await incident()).alerts, within).toMatchObject({ firing: 1, total: 2 });
    expect((await incident()).statusProposal).toBeNull();
    await alertmanager.send([{ ...pushFails('r2'), startsAt: startedAt, endsAt: endedAt }]);
    await expect.poll(async () => (await incident()).statusProposal?.status, within).toBe('monitoring');
    expect(await incident()).toMatchObject({ status: 'investigating', alerts: { firing: 0, total: 2 } });
    const card = async () => plainText((await here.web.messages(channel, 10))[0]!.card);
    await expect.poll(card, within).toContain('Accept: monitoring');
    const { alerts } = await here.store.alerts(machine, (await incident()).id, { limit: 10, offset: 0 });
    expect(alerts.map(({ state, endedAt: at }) => ({ state, at }))).toEqual([
      { state: 'resolved', at: endedAt },
      { state: 'resolved', at: endedAt },
    ]);
    expect(await here.store.verify()).toMatchObject({ ok: true });
  });

  it('loses nothing when Muster is killed, refuses connections, and comes back', async () => {
    let url = await started(0);
    alertmanager = await startAlertmanager(url);
    const startedAt = Date.now() - minute;
    await alertmanager.send([{ ...pushFails('r1'), startsAt: startedAt }]);
    const open = async () =>
      ((await (await fetch(`${url}/api/incidents`)).json()) as { incidents: Incident[] }).incidents;
    await expect.poll(async () => (await open())[0]?.alerts.firing, within).toBe(1);

    const taken = await fetch(`${url}/api/commands`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ text: '/incident ack', user: 'Ada', incident: 1 }),
    });
    expect(taken.status).toBe(200);

    await stopped('SIGKILL');
    await alertmanager.send([
      { ...pushFails('r2'), startsAt: startedAt },
      { labels: { alertname: 'DiskFull', service: 'build-cache', severity: 'critical' }, startsAt: startedAt },
    ]);
    const refused = () =>
      alertmanager!.metric(/^alertmanager_notification_requests_failed_total\{integration="webhook"\}/);
    await expect.poll(refused, within).toBeGreaterThan(1);
    url = await started(Number(new URL(url).port));

    await expect.poll(async () => (await open()).length, within).toBe(2);
    await expect.poll(async () => (await open()).map(({ alerts }) => alerts.firing).toSorted(), within).toEqual([1, 2]);
    const first = (await open()).find(({ number }) => number === 1);
    expect(first).toMatchObject({ acknowledgedBy: { name: 'Ada' }, alerts: { firing: 2, total: 2 } });
    const channels = async () => await (await fetch(`${url}/`, { headers: { cookie: 'muster_name=Ada' } })).text();
    await expect.poll(channels, within).toMatch(/#inc-2-/);
    expect(await (await fetch(`${url}/`, { headers: { cookie: 'muster_name=Ada' } })).text()).toMatch(/#inc-1-/);
  });

  /** The built Muster as a process of its own. */
  async function started(port: number): Promise<string> {
    const env = { PATH: process.env.PATH, MUSTER_DATA: join(folder, 'data'), MUSTER_PORT: String(port) };
    const child = spawn(process.execPath, ['dist/main.js', 'serve'], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    built = child;
    let said = '';
    return new Promise<string>((resolve, reject) => {
      for (const stream of [child.stdout, child.stderr])
        stream.on('data', (chunk: Buffer) => {
          said += chunk.toString();
          const [, url] = /Muster is up: (http:[^\s"]+)/.exec(said) ?? [];
          if (url !== undefined) resolve(url);
        });
      child.once('exit', (code) => reject(new Error(`Muster exited with ${code}:\n${said}`)));
    });
  }
  async function stopped(signal: NodeJS.Signals): Promise<void> {
    if (built === undefined || built.exitCode !== null || built.signalCode !== null) return;
    const dead = once(built, 'exit');
    built.kill(signal);
    await dead;
  }
});
