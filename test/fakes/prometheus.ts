import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const places = [process.env.PROMETHEUS, '/usr/bin/prometheus', '/usr/local/bin/prometheus'];
const binary = places.find((place) => place !== undefined && place !== '' && existsSync(place));

/** Why there is no Prometheus for tests here, or null. In CI a missing one is a failure and never skipped. */
export const noPrometheus: string | null =
  binary === undefined && !process.env.CI
    ? 'no Prometheus here: apt-get install prometheus, or set PROMETHEUS to its path'
    : null;

/** A real Prometheus that posts to `url` as to an Alertmanager: one alert, which fires until `end`. */
export async function startPrometheus(about: {
  url: string;
  token: string;
  alert: string;
}): Promise<{ end(): void; stop(): Promise<void> }> {
  if (binary === undefined) throw new Error('no Prometheus: install prometheus or set PROMETHEUS');
  const { url, token, alert } = about;
  const folder = mkdtempSync(join(tmpdir(), 'muster-prometheus-'));
  const target = new URL(url).host;
  let fires = 1;
  // A new configuration would cost it 5 s until it knows its Alertmanagers again; what it measures may change at once.
  const measured = createServer((_request, response) => response.end(`fires ${fires}\n`)).listen(0, '127.0.0.1');
  await once(measured, 'listening');
  const { port } = measured.address() as AddressInfo;
  const rules = {
    groups: [
      {
        name: 'registry',
        rules: [
          {
            alert,
            expr: 'fires > 0',
            labels: { severity: 'critical', service: 'registry' },
            annotations: { summary: 'Pushes fail' },
          },
        ],
      },
    ],
  };
  const config = {
    global: { evaluation_interval: '1s', scrape_interval: '1s' },
    scrape_configs: [{ job_name: 'registry', static_configs: [{ targets: [`127.0.0.1:${port}`] }] }],
    rule_files: ['rules.json'],
    alerting: {
      alertmanagers: [
        { api_version: 'v2', authorization: { credentials: token }, static_configs: [{ targets: [target] }] },
      ],
    },
  };
  // JSON is YAML.
  writeFileSync(join(folder, 'rules.json'), JSON.stringify(rules));
  writeFileSync(join(folder, 'prometheus.yml'), JSON.stringify(config));
  const child = spawn(
    binary,
    [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      '--web.listen-address=127.0.0.1:0',
      '--rules.alert.resend-delay=1s',
    ],
    { stdio: 'ignore' },
  );
  const dead = once(child, 'exit');
  return {
    end() {
      fires = 0;
    },
    async stop() {
      child.kill('SIGKILL');
      await dead;
      measured.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
