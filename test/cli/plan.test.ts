import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { addPlan } from '../../src/cli/plan.js';
import { runCommand } from './run.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'muster-plan-'));
  mkdirSync(join(folder, 'bodies', 'generic'), { recursive: true });
  write('bodies/generic/push.json', { title: 'push fails', service: 'registry', severity: 'critical' });
  write('bodies/generic/push-over.json', { title: 'push fails', service: 'registry', status: 'resolved' });
  write('bodies/generic/wiki.json', { title: 'slow', service: 'wiki', severity: 'warning' });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (name: string, text: unknown) =>
  writeFileSync(join(folder, name), typeof text === 'string' ? text : JSON.stringify(text));
const plan = (args: string[], env: Record<string, string> = {}) =>
  runCommand(addPlan, ['plan', ...args], { folder, env });
const at = (name: string) => join(folder, name);

const registry = (tier: number) =>
  `open-on-loopback: true\npeople: { ada: { name: Ada }, bob: { name: Bob } }\nservices:\n  registry: { tier: ${tier}, owner: ada, second-owner: bob }\n`;

describe('one body', () => {
  test('who sent it, what it was read as, what it would do', async () => {
    const { out, exitCode } = await plan([at('bodies/generic/push.json'), '--source', 'generic']);
    expect(out).toMatch(/^From generic\n {2}Sender {2}let in: nobody is asked who they are\n {2}Body {4}what Your own/);
    expect(out).toMatch(/Opens an incident: registry: push fails/);
    expect(out).toMatch(/Channel +inc-<number>-registry-push-fails/);
    expect(exitCode).toBe(0);
  });

  test('is let in, refused, or not known, by the headers that lie beside it', async () => {
    const secret = 'a-token-of-forty-characters-long-enough!';
    write(
      'muster.yaml',
      `sources: { ci: { kind: generic, tokens: [{ env: CI_TOKEN }] } }\n${registry(1).replace('open-on-loopback: true\n', '')}`,
    );
    const env = { MUSTER_API_TOKEN: `api-${secret}`, MUSTER_ALERTS_TOKEN: secret, CI_TOKEN: `${secret}${secret}` };
    const sender = async (headers: string | null, given: Record<string, string> = env) => {
      if (headers === null) rmSync(at('bodies/generic/push.headers'), { force: true });
      else
        write('bodies/generic/push.headers', `POST /alerts/ci HTTP/1.1\nContent-Type: application/json\n${headers}\n`);
      const { out, err } = await plan([at('bodies/generic/push.json'), '--source', 'ci', '--json'], given);
      if (err) throw new Error(err);
      return JSON.parse(out).request;
    };
    expect(await sender(`Authorization: Bearer ${secret}${secret}`)).toMatchObject({
      kind: 'generic',
      admitted: 'yes',
    });
    expect(await sender(`Authorization: Bearer ${secret}`)).toMatchObject({
      admitted: 'no',
      how: 'its token is missing or wrong',
    });
    expect(await sender(null)).toMatchObject({ admitted: 'unknown', how: 'no headers were recorded with it' });
    const without = { MUSTER_API_TOKEN: `api-${secret}`, MUSTER_ALERTS_TOKEN: secret };
    expect(await sender('Authorization: Bearer x', without)).toMatchObject({
      admitted: 'unknown',
      how: 'the secrets the configuration refers to are not here',
    });
  });

  test('what would be refused, and what is not there, ends with 2', async () => {
    write('bodies/bad.json', '{"title": ');
    expect(await plan([at('bodies/bad.json'), '--source', 'generic'])).toMatchObject({
      exitCode: 2,
      err: expect.stringMatching(/bad\.json: It is refused with 400: The body is not JSON\./),
    });
    expect(await plan([at('bodies/gone.json')])).toMatchObject({ exitCode: 2 });
    expect(await plan([at('bodies/generic/push.json'), '--source', 'nobody'])).toMatchObject({
      exitCode: 2,
      err: expect.stringContaining('There is no source nobody.'),
    });
  });
});

describe('a folder', () => {
  test('is a table, each body under the source its folder names', async () => {
    const { out, exitCode } = await plan([at('bodies')]);
    const lines = out.trimEnd().split('\n');
    expect(lines).toHaveLength(4);
    expect(lines[0]).toMatch(/^body +sender +alerts +becomes +severity +title/);
    expect(lines[1]).toMatch(/^generic\/push-over\.json +generic \(let in\) +resolved-unseen 1 +nothing/);
    expect(lines[2]).toMatch(
      /^generic\/push\.json +generic \(let in\) +opened 1 +incident +sev1 +registry: push fails/,
    );
    expect(lines[3]).toMatch(/^generic\/wiki\.json .* triage +sev3/);
    expect(exitCode).toBe(0);
  });

  test('says which bodies another configuration treats otherwise, and ends with 1', async () => {
    write('muster.yaml', registry(3));
    write('new.yaml', registry(1));
    const { out, exitCode } = await plan([at('bodies'), '--against', at('new.yaml')]);
    expect(out).toBe('generic/push.json\n  severity: sev2 -> sev1\n1 of 3 differ.\n');
    expect(exitCode).toBe(1);
    expect(await plan([at('bodies'), '--against', at('muster.yaml')])).toMatchObject({
      out: '0 of 3 differ.\n',
      exitCode: 0,
    });
  });

  test('is compared with what its owners expect', async () => {
    write(
      'bodies/expected.yaml',
      '- body: generic/push.json\n  expect: { becomes: incident, severity: sev1, outcomes: [opened], admitted: yes }\n- body: generic/push-over.json\n  expect: { becomes: nothing }\n',
    );
    expect(await plan([at('bodies')])).toMatchObject({ out: '2 of 2 as expected.\n', exitCode: 0 });
    write(
      'bodies/expected.yaml',
      '- body: generic/push.json\n  expect: { becomes: triage, severity: sev3, title: wiki, paged: [Ada], playbook: null, why: moon }\n',
    );
    const { out, exitCode } = await plan([at('bodies')]);
    expect(exitCode).toBe(1);
    expect(out.split('\n')).toEqual([
      'generic/push.json',
      '  becomes: expected triage, it is incident',
      '  severity: expected sev3, it is sev1',
      expect.stringMatching(/^ {2}title: expected something with "wiki", it is registry: push fails$/),
      expect.stringMatching(/^ {2}why: expected something with "moon", it is opens an incident/),
      expect.stringMatching(/^ {2}playbook: expected null, it is /),
      expect.stringMatching(/^ {2}paged: expected something with "Ada", it is /),
      '0 of 1 as expected.',
      '',
    ]);
    write('bodies/expected.yaml', '- body: generic/push.json\n  expect: { becums: triage }\n');
    expect(await plan([at('bodies')])).toMatchObject({
      exitCode: 2,
      err: expect.stringMatching(/expected\.yaml:2:\d+.*becums/),
    });
  });
});
