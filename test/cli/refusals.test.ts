import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const main = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

describe('the muster command, asked in a way it cannot follow', () => {
  const folder = mkdtempSync(join(tmpdir(), 'muster-cli-'));
  let other: Server;
  let otherUrl: string;
  beforeAll(async () => {
    other = createServer((_request, response) => response.end('<html>')).listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    otherUrl = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    other.close();
    rmSync(folder, { recursive: true });
  });

  const muster = (...words: string[]): Promise<{ code: number; said: string }> =>
    new Promise((resolve) => {
      const env = { ...process.env, MUSTER_DATA: join(folder, 'data'), MUSTER_PORT: '0' };
      execFile(process.execPath, [main, ...words], { cwd: folder, env, timeout: 15_000 }, (error, _out, said) =>
        resolve({ code: typeof error?.code === 'number' ? error.code : 0, said }),
      );
    });

  it.each([
    ['an unknown command', ['bogus'], 'unknown command'],
    ['an unknown option', ['check', '--bogus'], 'unknown option'],
    ['a missing argument', ['plan'], 'missing required argument'],
    ['a log level there is not', ['serve', '--log-level', 'bogus'], 'Known: trace'],
    ['an incident that is no number', ['incident', '--in', 'abc', 'ack'], '--in takes the number'],
  ])('says what is wrong and exits with 2: %s', async (_, words, told) => {
    const { code, said } = await muster(...words);
    expect(said).toContain(told);
    expect(said).not.toContain('    at ');
    expect(code).toBe(2);
  });

  it('says so when something else answers in the place of Muster', async () => {
    const { code, said } = await muster('incident', '--url', otherUrl, 'list');
    expect(said).toContain('is not Muster (200)');
    expect(code).toBe(2);
  });

  it('gives its help with 0', async () => {
    expect((await muster('--help')).code).toBe(0);
    expect((await muster('audit', 'verify', '--help')).code).toBe(0);
  });
});
