import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { readAlerts, sourceOf } from '../../src/alerts/sources.js';

const file = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const checker = 'amtool';
const amtool = spawnSync(checker, ['--version']).status === 0;

test.runIf(amtool)('Alertmanager accepts the example configuration', () => {
  const checked = spawnSync(checker, ['check-config', file('examples/alertmanager.yml')], { encoding: 'utf8' });
  expect([checked.status, checked.stdout]).toEqual([0, expect.stringContaining('SUCCESS')]);
});

test('the example configuration sends ends too, to the address Muster has by itself', () => {
  const config = parse(readFileSync(file('examples/alertmanager.yml'), 'utf8'));
  expect(config.receivers[0].webhook_configs[0]).toEqual({
    url: 'http://127.0.0.1:7370/alerts/alertmanager',
    send_resolved: true,
  });
});

const got: { url: string | undefined; headers: IncomingHttpHeaders; body: string }[] = [];
let status = 202;
const server = createServer(async (request, response) => {
  let body = '';
  for await (const chunk of request) body += chunk;
  got.push({ url: request.url, headers: request.headers, body });
  response.writeHead(status, { 'content-type': 'application/json' }).end('{"accepted":1,"receipt":"r1"}');
});
let url = '';
let home = '';
beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'muster-send-alert-'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.close();
  rmSync(home, { recursive: true });
});

const send = (args: string[], env: Record<string, string> = {}) =>
  new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    const settings = { env: { PATH: process.env.PATH, HOME: home, MUSTER_URL: url, ...env } };
    execFile(file('examples/send-alert.sh'), args, settings, (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr }),
    );
  });

test('the script sends an alert of our own contract and prints the receipt', async () => {
  expect(await send([])).toMatchObject({ code: 0, stdout: '{"accepted":1,"receipt":"r1"}\n' });
  await send(['--resolve']);
  const [firing, resolved] = got.splice(0).map(({ url, headers, body }) => {
    expect([url, headers['content-type'], headers.authorization]).toEqual([
      '/alerts/generic',
      'application/json',
      undefined,
    ]);
    return readAlerts(sourceOf('generic')!, JSON.parse(body), { source: 'generic', receivedAt: 0 }).alerts[0];
  });
  expect(firing).toMatchObject({ name: 'push fails', service: 'registry', severity: 'critical', status: 'firing' });
  expect(resolved).toMatchObject({ status: 'resolved', fingerprint: firing?.fingerprint });
});

test('the script takes any text and sends the token, which the list of processes does not show', async () => {
  const title = 'a "quoted" \\ back\nslash $(touch x) `id` ünï';
  await send(['--title', title, '--service', 'wiki', '--severity', 'warning'], { MUSTER_ALERTS_TOKEN: 'secret-token' });
  const [{ headers, body } = { headers: {}, body: '' }] = got.splice(0);
  expect(JSON.parse(body)).toEqual({
    title: title.replace('\n', ' '),
    service: 'wiki',
    severity: 'warning',
    status: 'firing',
  });
  expect(headers).toMatchObject({ authorization: 'Bearer secret-token' });
});

test('the script fails when it was not taken, and shows how it is used', async () => {
  status = 503;
  expect((await send([])).code).not.toBe(0);
  got.splice(0);
  const wrong = await send(['--nonsense']);
  expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('--resolve')]);
  expect((await send(['--title'])).code).toBe(2);
  expect(got).toEqual([]);
});
