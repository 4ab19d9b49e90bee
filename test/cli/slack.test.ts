import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { parse } from 'yaml';
import { slackManifest } from '../../src/chat/slack/manifest.js';
import { addSlack } from '../../src/cli/slack.js';
import { runCommand } from './run.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'muster-slack-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const manifest = (args: string[] = [], env: Record<string, string> = {}) =>
  runCommand(addSlack, ['slack', 'manifest', ...args], { folder, env });

it('the manifest comes before any token: it needs no settings that hold', async () => {
  writeFileSync(join(folder, 'muster.yaml'), 'slack: {}\n');
  const { out, exitCode } = await manifest();
  expect(exitCode).toBe(0);
  expect(parse(out)).toEqual(slackManifest({ publicUrl: null }));
  expect(out).toContain('# At https://api.slack.com/apps:');
  expect(JSON.parse((await manifest(['--json'])).out)).toEqual(slackManifest({ publicUrl: null }));
});

it('for HTTP it has the public address, of the file, the environment or the line', async () => {
  writeFileSync(join(folder, 'muster.yaml'), 'public-url: https://file.example.com/\n');
  const addressed = async (args: string[], env = {}) =>
    parse((await manifest(args, env)).out).settings.interactivity.request_url;
  expect(await addressed(['--http'])).toBe('https://file.example.com/chat/slack/events');
  const env = { MUSTER_PUBLIC_URL: 'https://env.example.com' };
  expect(await addressed(['--http'], env)).toBe('https://env.example.com/chat/slack/events');
  const line = ['--public-url', 'https://line.example.com'];
  expect(await addressed(line, env)).toBe('https://line.example.com/chat/slack/events');
});

it.each([
  [['--http'], 'there is no public address'],
  [['--public-url', 'http://muster.example.com'], 'Slack cannot call http://muster.example.com'],
  [['--public-url', 'https://127.0.0.1:7370'], 'Slack cannot call'],
])('an address that Slack could not call is refused: %s', async (args, said) => {
  expect(await manifest(args)).toMatchObject({ exitCode: 2, out: '', err: expect.stringContaining(said) });
});
