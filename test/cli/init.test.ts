import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addCheck } from '../../src/cli/check.js';
import { addInit } from '../../src/cli/init.js';
import { applied } from '../../src/config/apply.js';
import { builtInLadder } from '../../src/config/defaults.js';
import { fileSchema, readFileText } from '../../src/config/file.js';
import { readConfig } from '../../src/config/read.js';
import { runCommand } from './run.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'muster-init-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const file = (): string => join(folder, 'muster.yaml');
/** Takes the `# ` away from everything that is a key or an entry, and leaves the prose. */
const uncommented = (text: string): string =>
  text
    .split('\n')
    .slice(1)
    .map((line) => line.replace(/^(\s*)# ?((?: *- \{.*)|(?: *[a-z0-9-]+:( .*)?))$/, '$1$2'))
    .join('\n');

describe('muster init', () => {
  it('writes a file that muster check takes as it is, and says what to do next', async () => {
    const { out, exitCode } = await runCommand(addInit, ['init'], { folder });
    expect(exitCode).toBe(0);
    expect(out).toContain(`${file()} is written. Next:`);
    const checked = await runCommand(addCheck, ['check'], { folder });
    expect(checked.out).toContain('0 errors, 0 warnings');
    expect(checked.exitCode).toBe(0);
  });

  it('writes what is built in, so that nothing changes until somebody changes it', async () => {
    const before = readConfig({}, folder);
    await runCommand(addInit, ['init'], { folder });
    const after = readConfig({}, folder);
    expect({ ...after, file: null }).toEqual(before);
  });

  it('has examples that hold when their # is taken away', async () => {
    await runCommand(addInit, ['init'], { folder });
    writeFileSync(file(), uncommented(readFileSync(file(), 'utf8')));
    const secret = 'x'.repeat(20);
    writeFileSync(join(folder, 'next'), secret);
    const text = readFileSync(file(), 'utf8').replace('/run/secrets/prometheus-eu-next', 'next');
    writeFileSync(file(), text);
    const audiences = { MUSTER_SMTP_PASSWORD: secret, STATUS_PAGE_SECRET: `whsec_${'x'.repeat(32)}` };
    const chat = { SLACK_BOT_TOKEN: 'xoxb-1', SLACK_APP_TOKEN: 'xapp-1', MATTERMOST_TOKEN: secret };
    const config = readConfig({ PROMETHEUS_EU_TOKEN: secret, ...audiences, ...chat }, folder);
    expect(config).toMatchObject({
      publicUrl: 'https://muster.example.com',
      warnings: [],
      groups: { platform: ['ada', 'bob'] },
      policy: {
        severities: { sev1: { invite: ['ada', 'bob'], page: ['ada'] } },
        platforms: ['slack'],
        mirrors: [{ platform: 'mattermost', hears: 'updates' }],
      },
      mattermost: { url: 'https://chat.example.com', team: 'ops' },
      services: [{ name: 'registry', owners: ['ada', 'bob'] }, { name: 'object-storage' }],
      sources: [{ name: 'prometheus-eu', tokens: [{ fromAt: null }, { fromAt: Date.UTC(2026, 11, 1) }] }],
    });
  });

  it('names a schema that is there', async () => {
    await runCommand(addInit, ['init'], { folder });
    const [, schema = ''] = /\$schema=(\S+)/.exec(readFileSync(file(), 'utf8')) ?? [];
    expect(existsSync(resolve(dirname(file()), schema))).toBe(true);
    const [, ofExample = ''] = /\$schema=(\S+)/.exec(readFileSync('examples/muster.yaml', 'utf8')) ?? [];
    expect(existsSync(resolve('examples', ofExample))).toBe(true);
  });

  it('never replaces a file unless told to', async () => {
    writeFileSync(file(), 'mine');
    const refused = await runCommand(addInit, ['init'], { folder });
    expect(refused).toMatchObject({ exitCode: 2, err: expect.stringContaining('Give --force to replace it.') });
    expect(readFileSync(file(), 'utf8')).toBe('mine');
    expect((await runCommand(addInit, ['init', '--force'], { folder })).exitCode).toBe(0);
    expect(readFileSync(file(), 'utf8')).toContain('open-on-loopback: true');
  });

  it('says that a folder is missing', async () => {
    const { err, exitCode } = await runCommand(addInit, ['init', join(folder, 'no', 'muster.yaml')], { folder });
    expect({ err, exitCode }).toEqual({ err: expect.stringContaining('there is no folder'), exitCode: 2 });
  });
});

describe('docs/configuration.md', () => {
  const page = readFileSync('docs/configuration.md', 'utf8');

  it('has every key of the schema', () => {
    const keys = [
      ...new Set(
        [...JSON.stringify(fileSchema()).matchAll(/"([a-z0-9-]+)":\{"(?:\$|type|default|description|pattern)/g)].map(
          ([, key]) => key,
        ),
      ),
    ];
    const own = keys.filter((key) => !['propertyNames', 'items', 'additionalProperties'].includes(key as string));
    expect(own.length).toBeGreaterThan(40);
    expect(own.filter((key) => !new RegExp(`[\`.{\\s]${key}[\`:.]`).test(page))).toEqual([]);
  });

  it('has examples that hold', () => {
    const examples = [...page.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text]) => text as string);
    expect(examples.length).toBeGreaterThan(3);
    const whole = readFileText('docs', examples.join(''));
    expect(whole.problems.filter(({ level }) => level !== 'warning')).toEqual([]);
    expect(
      applied(readFileText('docs', examples.find((text) => text.includes('triggers:')) as string).file!, []).ladder,
    ).toEqual(builtInLadder());
  });
});
