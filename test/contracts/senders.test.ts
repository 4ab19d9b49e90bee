import { execFile } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type FastifyInstance, fastify } from 'fastify';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Alert } from '../../src/alerts/alert.js';
import type { Intake } from '../../src/alerts/intake.js';
import { alertRoutes } from '../../src/http/alerts.js';
import { headersIn } from '../../src/http/recorded.js';
import { noon } from '../alerts/world.js';

/*
 * What senders post, over the real routes: recorded requests byte for byte, and what the scripts and templates of the
 * pages come to.
 */
const token = 'a-token-of-forty-characters-long-enough!';
const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), 'muster-senders-'));
const tokenFile = join(folder, 'token');
writeFileSync(tokenFile, token);

let app: FastifyInstance;
let url: string;
const taken: { source: string; alerts: Alert[] }[] = [];

beforeAll(async () => {
  const engine: Intake = {
    async intake({ source, alerts }) {
      taken.push({ source, alerts });
      return { accepted: alerts.length, receipt: `r${taken.length}`, outcomes: [] };
    },
    queueDepth: () => 0,
  };
  const store = {
    incident: async () => null,
    receipt: async () => null,
    sourceFigures: async () => null,
    addToSource: async () => {},
  };
  app = fastify({ bodyLimit: 1024 * 1024 });
  await app.register(alertRoutes, { engine, store, config: { alertsToken: token }, clock: { now: () => noon } });
  url = await app.listen({ host: '127.0.0.1', port: 0 });
});
afterAll(() => app.close());
beforeEach(() => {
  taken.length = 0;
});

const fixture = (name: string) => readFileSync(new URL(`../fixtures/sources/${name}`, import.meta.url));
const alerts = () => taken.flatMap((each) => each.alerts);
const bearer = { authorization: `Bearer ${token}` };

describe('Uptime Kuma', () => {
  const down = { source: 'uptime-kuma', fingerprint: 'monitor/1', status: 'firing', service: 'Checkout API' };

  test('posts JSON or a form, or gets: it is the same alert', async () => {
    const form = headersIn(fixture('uptime-kuma/captured-2.5.3.form-data.down.headers').toString());
    const line = fixture('uptime-kuma/captured-2.5.3.GET.down.headers').toString().split('\n')[0] as string;
    const answers = [
      await fetch(`${url}/alerts/uptime-kuma`, {
        method: 'POST',
        headers: { ...bearer, 'content-type': 'application/json' },
        body: fixture('uptime-kuma/captured-2.5.3.json.down.json'),
      }),
      await fetch(`${url}/alerts/uptime-kuma`, {
        method: 'POST',
        headers: { ...bearer, 'content-type': form.headers['content-type'] as string },
        body: fixture('uptime-kuma/captured-2.5.3.form-data.down.multipart'),
      }),
      await fetch(`${url}/alerts/uptime-kuma?${line.split(' ')[1]?.split('?')[1]}`, { headers: bearer }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202]);
    expect(alerts()).toMatchObject([down, down, down]);
    expect(new Set(alerts().map((alert) => JSON.stringify(alert))).size).toBe(1);
  });
});

describe('Grafana', () => {
  const body = fixture('grafana/zulip-main.alert-9.json');
  const sign = (signed: string | Buffer) => createHmac('sha256', token).update(signed).digest('hex');
  const send = async (headers: Record<string, string>, method = 'POST') =>
    (
      await fetch(`${url}/alerts/grafana`, {
        method,
        headers: { 'content-type': 'application/json', ...headers },
        body,
      })
    ).status;
  const at = (time: number) => {
    const seconds = String(Math.floor(time / 1_000));
    return {
      'x-grafana-alerting-timestamp': seconds,
      'x-grafana-alerting-signature': sign(Buffer.concat([Buffer.from(`${seconds}:`), body])),
    };
  };

  test('signs the body, with or without the time', async () => {
    expect(await send({ 'x-grafana-alerting-signature': sign(body) })).toBe(202);
    expect(await send(at(noon - 60_000), 'PUT')).toBe(202);
    expect(alerts()).toHaveLength(2);
  });

  test('a signature that does not fit, or is old, is refused, whatever else comes with it', async () => {
    expect(await send({ ...bearer, 'x-grafana-alerting-signature': sign('another body') })).toBe(401);
    expect(await send(at(noon - 301_000))).toBe(401);
    const { 'x-grafana-alerting-signature': fits } = at(noon);
    expect(await send({ 'x-grafana-alerting-timestamp': '1795262000', 'x-grafana-alerting-signature': fits })).toBe(
      401,
    );
    expect(await send({})).toBe(401);
    expect(taken).toEqual([]);
  });
});

test('NetBox signs with SHA-512, and a token will do where it does not', async () => {
  const body = JSON.stringify({ event: 'job_failed', data: { id: 1, name: 'Backup check' } });
  const sent = (headers: Record<string, string>) =>
    fetch(`${url}/alerts/netbox`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
    });
  const right = createHmac('sha512', token).update(body).digest('hex');
  expect((await sent({ 'x-hook-signature': right })).status).toBe(202);
  expect((await sent({ 'x-hook-signature': right.replace(/^./, (c) => (c === '0' ? '1' : '0')) })).status).toBe(401);
  expect((await sent(bearer)).status).toBe(202);
});

test('what is sent to Alerta and to GoAlert gets their answers', async () => {
  const json = { 'content-type': 'application/json' };
  const alerta = (headers: Record<string, string>, query = '') =>
    fetch(`${url}/alerts/alerta-api${query}`, {
      method: 'POST',
      headers: { ...json, ...headers },
      body: fixture('alerta-api/captured-uptime-kuma-2.5.3.down.json'),
    });
  const answer = await alerta({ authorization: `Key ${token}` });
  expect(answer.status).toBe(201);
  expect(await answer.json()).toEqual({ status: 'ok', id: 'r1' });
  expect((await alerta({}, `?api-key=${token}`)).status).toBe(201);
  expect((await alerta({ 'x-api-key': 'another' })).status).toBe(401);
  const { headers } = headersIn(fixture('goalert-generic/captured-uptime-kuma-2.5.3.up.headers').toString());
  const goalert = await fetch(`${url}/alerts/goalert-generic?token=${encodeURIComponent(token)}`, {
    method: 'POST',
    headers: { 'content-type': headers['content-type'] as string },
    body: fixture('goalert-generic/captured-uptime-kuma-2.5.3.up.multipart'),
  });
  expect(goalert.status).toBe(204);
  expect(alerts().at(-1)).toMatchObject({ status: 'resolved', fingerprint: 'Checkout API' });
});

test('Harbor has one field for the header: the token alone will do', async () => {
  const sent = (authorization: string) =>
    fetch(`${url}/alerts/harbor`, {
      method: 'POST',
      headers: { 'content-type': 'application/cloudevents+json', authorization },
      body: fixture('harbor/docs.scanning-failed.cloudevents.json'),
    });
  expect((await sent(token)).status).toBe(202);
  expect((await sent(`Bearer ${token}`)).status).toBe(202);
  expect((await sent(`${token}x`)).status).toBe(401);
  expect(alerts()).toHaveLength(2);
});

test('LibreNMS gets, and its lines are read', async () => {
  const query = new URLSearchParams({
    state: '1',
    severity: 'critical',
    title: 'db1 "down"\nnow',
    rule_id: '13',
    device_id: '2',
    hostname: 'db1',
  });
  expect((await fetch(`${url}/alerts/librenms?${query}`, { headers: bearer })).status).toBe(202);
  expect(alerts()).toMatchObject([{ fingerprint: 'rule/13/device/2', summary: 'db1 "down" now' }]);
});

describe('the scripts and templates of the pages', () => {
  const page = (kind: string) => readFileSync(new URL(`../../docs/sources/${kind}.md`, import.meta.url), 'utf8');
  /** The first block of this language, without the list's indent. */
  const block = (kind: string, language: string): string =>
    (new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(page(kind))?.[1] ?? '').replaceAll(/^ {3}/gm, '');
  const script = (name: string) => new URL(`../../examples/${name}`, import.meta.url).pathname;

  test('Icinga 2: a problem with quotes and line breaks, and its end', async () => {
    const about = {
      PATH: process.env.PATH,
      MUSTER_URL: `${url}/alerts/icinga2`,
      MUSTER_TOKEN_FILE: tokenFile,
      host_name: 'db1',
      service_name: 'disk',
    };
    const bad = {
      notification_type: 'PROBLEM',
      service_state: 'CRITICAL',
      service_output: 'DISK "/var" & more:\n3% left',
    };
    await run(script('icinga2-to-muster.sh'), { env: { ...about, ...bad, last_state_change: '1795249887.25' } });
    await run(script('icinga2-to-muster.sh'), {
      env: { ...about, notification_type: 'RECOVERY', service_state: 'OK' },
    });
    expect(alerts()).toMatchObject([
      {
        fingerprint: 'db1/disk',
        status: 'firing',
        severity: 'critical',
        summary: 'disk on db1 is CRITICAL: DISK "/var" & more: 3% left',
        startsAt: 1795249887250,
      },
      { fingerprint: 'db1/disk', status: 'resolved' },
    ]);
  });

  test('Checkmk: a host and a service', async () => {
    const about = {
      PATH: process.env.PATH,
      NOTIFY_PARAMETER_1: `${url}/alerts/checkmk`,
      NOTIFY_PARAMETER_2: tokenFile,
      NOTIFY_PARAMETER_3: 'https://monitoring.example.com',
      NOTIFY_OMD_SITE: 'cmk',
      NOTIFY_HOSTNAME: 'server1',
      NOTIFY_MICROTIME: '1795249887262000',
    };
    const host = { NOTIFY_WHAT: 'HOST', NOTIFY_HOSTSTATE: 'DOWN', NOTIFY_HOSTURL: '/check_mk/index.py?host=server1' };
    const check = { NOTIFY_WHAT: 'SERVICE', NOTIFY_SERVICEDESC: 'CPU load', NOTIFY_SERVICESHORTSTATE: 'OK' };
    await run(script('checkmk-to-muster.sh'), { env: { ...about, ...host, NOTIFY_NOTIFICATIONTYPE: 'PROBLEM' } });
    await run(script('checkmk-to-muster.sh'), { env: { ...about, ...check, NOTIFY_NOTIFICATIONTYPE: 'RECOVERY' } });
    expect(alerts()).toMatchObject([
      {
        fingerprint: 'cmk/server1',
        status: 'firing',
        severity: 'critical',
        startsAt: 1795249887262,
        links: [{ label: 'Checkmk', href: 'https://monitoring.example.com/check_mk/index.py?host=server1' }],
      },
      { fingerprint: 'cmk/server1/CPU load', status: 'resolved', severity: 'ok', name: 'CPU load' },
    ]);
  });

  test('Netdata: custom_sender', async () => {
    const sender = block('netdata-agent', 'sh')
      .replace('https://muster.example.com', url)
      .replace('/etc/netdata/muster.token', tokenFile);
    const variables = `host=db1 name=disk_space_usage chart=disk_space._var old_status=CLEAR value_string='97 %' when=1795249887`;
    await run('bash', ['-c', `${sender}\n${variables} status=CRITICAL sent=0\ncustom_sender\n[ "$sent" = 1 ]`]);
    await run('bash', ['-c', `${sender}\n${variables} status=CLEAR sent=0\ncustom_sender`]);
    expect(alerts()).toMatchObject([
      { fingerprint: 'db1/disk_space._var/disk_space_usage', status: 'firing', severity: 'critical' },
      { fingerprint: 'db1/disk_space._var/disk_space_usage', status: 'resolved' },
    ]);
  });

  test('Zabbix: the script of the media type', async () => {
    const names = [...page('zabbix').matchAll(/^ {3}\| `(\w+)` \| `([^`]+)`/gm)].map(([, name, macro]) => [
      name,
      macro,
    ]);
    const posted: [string, string[], string][] = [];
    class HttpRequest {
      headers: string[] = [];
      addHeader(line: string) {
        this.headers.push(line);
      }
      post(to: string, body: string) {
        posted.push([to, this.headers, body]);
        return '';
      }
      getStatus = () => 202;
    }
    const script = new Function('value', 'HttpRequest', block('zabbix', 'js'));
    const said = {
      ...Object.fromEntries(names),
      muster_token: token,
      event_id: '10528',
      event_value: '1',
      update_status: '0',
    };
    const filled = { ...said, status: 'PROBLEM', severity: 'High', trigger: 'db1 is down', hostname: 'db1' };
    expect(script(JSON.stringify(filled), HttpRequest)).toBe('OK');
    const over = { ...filled, status: 'RESOLVED', event_value: '0', recovery_timestamp: '1795249887' };
    script(JSON.stringify(over), HttpRequest);
    for (const [to, headers, body] of posted) {
      expect(to).toBe('https://muster.example.com/alerts/zabbix');
      const [type, authorization] = headers.map((line) => line.split(': ')[1] as string);
      await fetch(`${url}/alerts/zabbix`, {
        method: 'POST',
        headers: { 'content-type': type as string, authorization: authorization as string },
        body,
      });
    }
    expect(alerts()).toMatchObject([
      { fingerprint: 'event/10528', status: 'firing', severity: 'high', host: 'db1', startsAt: null },
      { fingerprint: 'event/10528', status: 'resolved', endsAt: 1795249887000 },
    ]);
    expect(posted[0]?.[2]).not.toContain(token);
  });

  test('Healthchecks: the body', async () => {
    const filled = (status: string) =>
      block('healthchecks', 'json')
        .replace('$NAME_JSON', JSON.stringify('Nightly "backup"'))
        .replace('$BODY_JSON', JSON.stringify('tar: exit 2\n'))
        .replace('$STATUS', status)
        .replace('$CODE', '803f680d-e89b-492b-82ef-2be7b774a92d')
        .replace('$TAGS', 'critical service:backup')
        .replace('$NOW', '2026-11-21T08:31:27.262+00:00');
    for (const status of ['down', 'up'])
      await fetch(`${url}/alerts/healthchecks`, { method: 'POST', headers: bearer, body: filled(status) });
    const same = { fingerprint: '803f680d-e89b-492b-82ef-2be7b774a92d', service: 'backup', severity: 'critical' };
    expect(alerts()).toMatchObject([
      { ...same, status: 'firing', startsAt: 1795249887262, name: 'Nightly "backup"' },
      { ...same, status: 'resolved', endsAt: 1795249887262 },
    ]);
  });
});
