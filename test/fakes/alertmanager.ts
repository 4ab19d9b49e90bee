import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const places = [process.env.ALERTMANAGER, '/usr/bin/prometheus-alertmanager', '/usr/local/bin/alertmanager'];
const binary = places.find((place) => place !== undefined && place !== '' && existsSync(place));
const example = new URL('../../examples/alertmanager.yml', import.meta.url);
const startsWithinMs = 20_000;

/** Why there is no Alertmanager for tests here, or null. In CI a missing one is a failure and never skipped. */
export const noAlertmanager: string | null =
  binary === undefined && !process.env.CI
    ? 'no Alertmanager here: apt-get install prometheus-alertmanager, or set ALERTMANAGER to its path'
    : null;

/** A real Alertmanager on a port of the system's choice. */
export interface Alertmanager {
  url: string;
  /** What Prometheus would send; `endsAt` in the past resolves. */
  send(
    alerts: { labels: Record<string, string>; annotations?: object; startsAt: number; endsAt?: number }[],
  ): Promise<void>;
  /** What it says of itself, as Prometheus' text format. */
  metric(line: RegExp): Promise<number>;
  stop(): Promise<void>;
}

/** Runs our own example configuration, sending to `musterUrl`, with its waits shortened to seconds. */
export const startAlertmanager = (musterUrl: string): Promise<Alertmanager> =>
  startAlertmanagerWith(
    replaced(readFileSync(example, 'utf8'), {
      'http://127.0.0.1:7370': musterUrl,
      'group_wait: 10s': 'group_wait: 1s',
      'group_interval: 1m': 'group_interval: 2s',
    }),
  );

/** Runs this configuration. */
export async function startAlertmanagerWith(config: string): Promise<Alertmanager> {
  if (binary === undefined) throw new Error('no Alertmanager: install prometheus-alertmanager or set ALERTMANAGER');
  const folder = mkdtempSync(join(tmpdir(), 'muster-alertmanager-'));
  writeFileSync(join(folder, 'alertmanager.yml'), config);
  const child = spawn(
    binary,
    [
      `--config.file=${join(folder, 'alertmanager.yml')}`,
      `--storage.path=${join(folder, 'storage')}`,
      '--web.listen-address=127.0.0.1:0',
      '--cluster.listen-address=',
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const dead = once(child, 'exit');
  let said = '';
  const url = await new Promise<string>((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`Alertmanager did not start:\n${said}`)), startsWithinMs);
    child.stderr.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-20_000);
      const [, address] = /"Listening on" address=(\S+)/.exec(said) ?? [];
      if (address === undefined) return;
      clearTimeout(late);
      resolve(`http://${address}`);
    });
    child.once('exit', (code) => reject(new Error(`Alertmanager exited with ${code}:\n${said}`)));
  });

  return {
    url,
    async send(alerts) {
      const iso = (at: number) => new Date(at).toISOString();
      const answer = await fetch(`${url}/api/v2/alerts`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(
          alerts.map(({ startsAt, endsAt, ...alert }) => ({
            ...alert,
            startsAt: iso(startsAt),
            ...(endsAt !== undefined && { endsAt: iso(endsAt) }),
          })),
        ),
      });
      if (!answer.ok) throw new Error(`Alertmanager answered ${answer.status}: ${await answer.text()}`);
    },
    async metric(line) {
      const text = await (await fetch(`${url}/metrics`)).text();
      const found = text.split('\n').find((each) => line.test(each));
      return found === undefined ? 0 : Number(found.split(' ').at(-1));
    },
    async stop() {
      child.kill('SIGKILL');
      await dead;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Every key must be there once: an example that changed is noticed. */
function replaced(text: string, by: Record<string, string>): string {
  return Object.entries(by).reduce((whole, [from, to]) => {
    if (whole.split(from).length !== 2) throw new Error(`The example does not have ${from} exactly once.`);
    return whole.replace(from, to);
  }, text);
}
