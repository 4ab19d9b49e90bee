import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addCheck } from '../../src/cli/check.js';
import { readFileText } from '../../src/config/file.js';
import { story } from '../stories/story.js';
import { runCommand } from './run.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'muster-check-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const check = (env: Record<string, string> = {}, args: string[] = []) =>
  runCommand(addCheck, ['check', ...args], { folder, env });

describe('muster check', () => {
  it('tells of the file, the playbooks and the templates together', async () => {
    writeFileSync(join(folder, 'muster.yaml'), 'open-on-loopback: true\nservices:\n  git: { tier: 1 }\n');
    mkdirSync(join(folder, 'books'));
    cpSync('templates', join(folder, 'words'), { recursive: true });
    const front = '---\ntitle: Git is down\nreviewed: 2020-01-01\nreview-every: 90d\n---\n';
    const steps =
      '## Detect\n- [ ] Look\n  - Then: [Fix](#fix)\n  - If not: [Fix](#fix)\n\n- [ ] Never\n\n## Fix\n- [ ] Fix\n';
    writeFileSync(join(folder, 'books', 'git.md'), front + steps);
    writeFileSync(join(folder, 'words', 'note.hbs'), '{{#if');
    const env = { MUSTER_PLAYBOOKS: join(folder, 'books'), MUSTER_TEMPLATES: join(folder, 'words') };
    const { out, exitCode } = await check(env);
    expect(out).toMatch(/muster\.yaml:3:3 warning git is tier 1 and nobody owns it\./);
    expect(out).toMatch(/git\.md:3:\d+ warning the review was due on 2020-03-31/);
    expect(out).toMatch(/git\.md:11:\d+ warning no step leads to this one/);
    expect(out).toMatch(/git\.md:1:1 warning there is no Contain, no Triage, .*no needs, no owner/);
    expect(out).toMatch(/git\.md:14:1 warning the recovery has no commands, no "Expect", no "If not"/);
    expect(out).toMatch(/note\.hbs:\d+:\d+ error/);
    expect(exitCode).toBe(1);
    const { out: json } = await check(env, ['--json']);
    expect(JSON.parse(json)).toMatchObject({
      ok: false,
      settings: [{ level: 'warning', where: expect.stringMatching(/:3:3$/) }],
      problems: expect.arrayContaining([expect.objectContaining({ level: 'warning', line: 14 })]),
      templates: [{ template: 'note' }],
    });
  });

  it('tells when nobody is on call in the next 30 days, as a warning', async () => {
    const people = 'people: { ada: { name: Ada } }\n';
    const layers = '[{ people: [ada], from: 2020-01-01, until: 2020-02-01 }]';
    const schedules = `on-call: { schedules: { primary: { zone: UTC, layers: ${layers} } } }\n`;
    writeFileSync(join(folder, 'muster.yaml'), `open-on-loopback: true\n${people}${schedules}`);
    const { out, exitCode } = await check({}, ['--json']);
    expect(JSON.parse(out)).toMatchObject({ ok: true, onCall: [{ schedule: 'primary', kind: 'gap' }] });
    expect(exitCode).toBe(0);
  });

  it('has nothing to say of the playbooks that ship, but when their review is due', async () => {
    const { out, exitCode } = await check({}, ['--json']);
    const { problems } = JSON.parse(out) as { problems: { message: string }[] };
    expect(problems.filter(({ message }) => !message.startsWith('the review was due'))).toEqual([]);
    expect(exitCode).toBe(0);
  });

  it('still looks at the rest when the file has errors, and tells them from a file that is not there', async () => {
    writeFileSync(join(folder, 'muster.yaml'), 'zonse: []\n');
    const wrong = await check();
    expect(wrong.out).toMatch(/muster\.yaml:1:1 error There is no key "zonse"\. \(Did you mean "zones"\?\)/);
    expect(wrong.out).toMatch(/\d+ playbooks? and the templates checked: 1 error, 0 warnings\./);
    expect(wrong.exitCode).toBe(1);
    expect((await check({ MUSTER_CONFIG: 'other.yaml' })).exitCode).toBe(2);
  });

  it('finds the alerts nobody has prepared for, and offers their services for adoption', async () => {
    const owned = 'people: { ada: { name: Ada } }\nservices: { mail: { owner: ada, aliases: [smtp] } }\n';
    const muster = await story({ file: `open-on-loopback: true\n${owned}`, at: Date.now() });
    const alerts = [
      { title: 'Cart is broken', service: 'Web Shop' },
      { title: 'Cart is slow', service: 'Web Shop' },
      { title: 'Pushes fail', service: 'registry' },
      { title: 'Mail waits', service: 'smtp' },
      { title: 'Something' },
    ];
    await muster.alerts('generic', { alerts });
    await muster.stop();
    const env = { MUSTER_CONFIG: join(muster.folder, 'muster.yaml'), MUSTER_DATA: join(muster.folder, 'data') };
    const { out, exitCode } = await check(env);
    expect(exitCode).toBe(0);
    const told = [...out.matchAll(/^alerts warning (.*), from generic/gm)].map(([, words]) => words).sort();
    expect(told).toEqual(['Cart is broken, of Web Shop', 'Cart is slow, of Web Shop', 'Something, without a service']);
    expect(out).toContain('not in the catalogue: Web Shop (2), registry (1)');
    const pasted = out.slice(out.indexOf('services:\n'), out.lastIndexOf('\n', out.length - 2));
    const { problems, file } = readFileText('pasted', pasted);
    expect(problems.filter(({ level }) => level !== 'warning')).toEqual([]);
    expect(file?.services).toMatchObject({ 'web-shop': { tier: 3, aliases: ['Web Shop'] }, registry: { tier: 1 } });
    await muster.end();
  });
});
