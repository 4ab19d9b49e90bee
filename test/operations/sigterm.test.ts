import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, type ClientRequest, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { openStore } from '../../src/store/open.js';
import { pause, until } from '../faults/process.js';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** The built Muster, as a service manager runs it. */
async function serve(folder: string): Promise<{ child: ChildProcess; url: string; gone: Promise<unknown[]> }> {
  const child = spawn(process.execPath, ['dist/main.js', 'serve'], {
    env: { ...process.env, MUSTER_DATA: folder, MUSTER_PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const gone = once(child, 'exit');
  ends.push(() => child.kill('SIGKILL'));
  let said = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  await until('it is up', () => said.includes('Muster is up'), 20_000);
  return { child, url: /"url":"([^"]+)"/.exec(said)?.[1] ?? '', gone };
}

const agent = new Agent({ keepAlive: true });
interface Sent {
  startedAt: number;
  status: number | null;
  receipt: string | null;
}

function post(url: string, body: string, sent: Sent, onRequest: (request: ClientRequest) => void): Promise<void> {
  return new Promise((resolve) => {
    const asked = request(
      `${url}/alerts/generic`,
      {
        agent,
        method: 'POST',
        headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
      },
      (response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => {
          text += chunk.toString();
        });
        response.on('end', () => {
          sent.status = response.statusCode ?? 0;
          if (sent.status === 202) sent.receipt = JSON.parse(text).receipt;
          resolve();
        });
      },
    );
    asked.on('error', () => resolve());
    onRequest(asked);
  });
}

it('on SIGTERM under load answers everything it has begun, keeps it, and ends with 0', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'muster-sigterm-'));
  ends.push(() => rmSync(folder, { recursive: true, force: true }));
  const { child, url, gone } = await serve(folder);
  const all: Sent[] = [];
  let stopped = false;
  let count = 0;
  const loops = Array.from({ length: 12 }, async () => {
    while (!stopped) {
      const body = JSON.stringify({ title: `Alert ${count}`, service: `s${count % 7}`, fingerprint: `f${count++}` });
      const sent: Sent = { startedAt: performance.now(), status: null, receipt: null };
      all.push(sent);
      await post(url, body, sent, (asked) => asked.end(body));
      if (sent.status === null) await pause(20);
    }
  });
  const stream = new AbortController();
  const listening = fetch(`${url}/chat/web/stream?channel=&after=0`, { signal: stream.signal }).then((answer) =>
    answer.text(),
  );
  await until('it is at work', () => all.filter(({ status }) => status === 202).length > 100, 20_000);

  // One whose body is still on its way.
  const slow: Sent = { startedAt: performance.now(), status: null, receipt: null };
  const body = JSON.stringify({ title: 'Slow', service: 'slow' });
  let finish = (): void => {};
  const slowly = post(url, body, slow, (asked) => {
    asked.write(body.slice(0, 10));
    finish = () => asked.end(body.slice(10));
  });
  await pause(200);

  const begun = all.filter(({ status }) => status === null);
  child.kill('SIGTERM');
  const at = performance.now();
  await pause(300);
  finish();
  const [code, signal] = await gone;
  const took = performance.now() - at;
  stopped = true;
  await Promise.all([...loops, slowly, listening.catch(() => undefined)]);
  agent.destroy();

  expect([code, signal]).toEqual([0, null]);
  expect(took).toBeLessThan(15_000);
  expect(begun.length).toBeGreaterThan(0);
  expect(begun.map(({ status }) => status)).toEqual(begun.map(() => 202));
  expect(slow.status).toBe(202);
  const statuses = new Set(all.map(({ status }) => status));
  expect([...statuses].filter((status) => status !== 202 && status !== 503 && status !== null)).toEqual([]);
  const store = await openStore({ kind: 'sqlite', file: join(folder, 'muster.db') });
  const receipts = [...all, slow].flatMap(({ receipt }) => receipt ?? []);
  for (const receipt of receipts) expect(await store.receipt(receipt)).not.toBeNull();
  expect((await store.verify()).ok).toBe(true);
  await store.close();
}, 60_000);
