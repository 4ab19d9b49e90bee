import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createProgram } from '../../src/cli/program.js';

const main = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

describe('the muster command, asked in a way it cannot follow', () => {
  const folder = mkdtempSync(join(tmpdir(), 'muster-cli-'));
  let other: Server;
  let otherUrl: string;
  let answer: { status: number; body: string };
  beforeAll(async () => {
    other = createServer((_request, response) => response.writeHead(answer.status).end(answer.body)).listen(
      0,
      '127.0.0.1',
    );
    await new Promise((resolve) => other.once('listening', resolve));
    otherUrl = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    other.close();
    rmSync(folder, { recursive: true });
  });

  const muster = (
    words: string[],
    more: Record<string, string> = {},
  ): Promise<{ code: number; said: string; out: string }> =>
    new Promise((resolve) => {
      const env = { ...process.env, MUSTER_DATA: join(folder, 'data'), MUSTER_PORT: '0', ...more };
      execFile(process.execPath, [main, ...words], { cwd: folder, env, timeout: 15_000 }, (error, out, said) =>
        resolve({ code: typeof error?.code === 'number' ? error.code : 0, said, out }),
      );
    });

  it.each([
    ['an unknown command', ['bogus'], 'unknown command'],
    ['an unknown option', ['check', '--bogus'], 'unknown option'],
    ['a missing argument', ['plan'], 'missing required argument'],
    ['a log level there is not', ['serve', '--log-level', 'bogus'], 'Known: trace'],
    ['an incident that is no number', ['incident', '--in', 'abc', 'ack'], '--in takes the number'],
  ])('says what is wrong and exits with 2: %s', async (_, words, told) => {
    const { code, said } = await muster(words);
    expect(said).toContain(told);
    expect(said).not.toContain('    at ');
    expect(code).toBe(2);
  });

  it('says so when something else answers in the place of Muster', async () => {
    answer = { status: 200, body: '<html>' };
    const { code, said } = await muster(['incident', '--url', otherUrl, 'list']);
    expect(said).toContain('is not Muster (200)');
    expect(code).toBe(2);
  });

  it.each([
    [404, { error: 'There is no incident 9.', hint: 'See the list.' }, 1],
    [403, { error: 'Not from there.', hint: 'Ask at home.' }, 1],
    [503, { error: 'Muster is stopping.', hint: 'Try again.' }, 2],
  ])('takes %i for an answer, and says it to people and machines', async (status, told, expected) => {
    answer = { status, body: JSON.stringify(told) };
    const { code, said, out } = await muster(['incident', '--json', '--url', otherUrl, 'status']);
    expect(said).toContain(`muster: ${told.error}\n  ${told.hint}`);
    expect(JSON.parse(out)).toEqual(told);
    expect(code).toBe(expected);
  });

  it.concurrent.each([
    ['nobody answers', ['incident', '--url', 'http://127.0.0.1:1', 'list'], 'no answer from'],
    ['there is no such option', ['plan', '--bogus', 'x'], "unknown option '--bogus'"],
    ['there is no such file', ['plan', 'missing.json'], 'ENOENT'],
    ['there is no database', ['audit', 'verify'], 'there is no database'],
    ['a database is none', ['migrate'], 'not a database'],
    ['a folder is missing', ['init', 'no/muster.yaml'], 'there is no folder'],
  ])('tells a machine in one JSON object that %s', async (_, words, told) => {
    const [command = '', ...rest] = words;
    const broken = join(folder, 'broken');
    mkdirSync(broken, { recursive: true });
    writeFileSync(join(broken, 'chat.db'), 'this is no database'.repeat(100));
    const env: Record<string, string> = command === 'migrate' ? { MUSTER_DATA: broken } : {};
    const { code, out } = await muster([command, ...rest, '--json'], env);
    expect(JSON.parse(out)).toEqual({ error: expect.stringContaining(told), hint: expect.toSatisfy(isHint) });
    expect(code).toBe(2);
  });

  it('answers in words alone to who has not asked for JSON, even where a note speaks of it', async () => {
    const { out } = await muster(['incident', '--url', 'http://127.0.0.1:1', '--', 'note', '--json']);
    expect(out).toBe('');
  });

  it('migrates the ledger and the web chat', async () => {
    const data = join(folder, 'new');
    expect((await muster(['migrate'], { MUSTER_DATA: data })).code).toBe(0);
    expect(['muster.db', 'chat.db'].filter((file) => existsSync(join(data, file)))).toEqual(['muster.db', 'chat.db']);
  });

  it.concurrent.each(['', 'serve', 'audit verify', 'token issue'])(
    'gives its help with 0: muster %s',
    async (command) => {
      const { code, out } = await muster([...command.split(' ').filter(Boolean), '--help']);
      expect(out).toContain('Exit codes: 0');
      expect(code).toBe(0);
    },
  );

  it('has the exit codes in the help of every command', () => {
    const silent: string[] = [];
    let seen = 0;
    const look = (command: Command, name: string): void => {
      let help = '';
      command.configureOutput({
        writeOut: (text) => {
          help += text;
        },
      });
      command.outputHelp();
      seen++;
      if (!help.includes('Exit codes: 0')) silent.push(name);
      for (const below of command.commands) look(below, `${name} ${below.name()}`);
    };
    look(createProgram(), 'muster');
    expect(seen).toBeGreaterThan(30);
    expect(silent).toEqual([]);
  });
});

const isHint = (hint: unknown): boolean => hint === null || typeof hint === 'string';
