import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addPlaybook } from '../../src/cli/playbook.js';
import { runCommand } from './run.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'muster-playbook-'));
  mkdirSync(join(folder, 'books'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const playbook = (args: string[], env: Record<string, string> = {}) =>
  runCommand(addPlaybook, ['playbook', ...args], { folder, env });
const own = () => ({ MUSTER_PLAYBOOKS: join(folder, 'books') });
const put = (name: string, text: string) => writeFileSync(join(folder, 'books', name), text);

describe('muster playbook', () => {
  it('lists and shows what ships, with a broken muster.yaml and no database', async () => {
    writeFileSync(join(folder, 'muster.yaml'), 'zonse: [');
    const { out, exitCode } = await playbook(['list'], { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' });
    expect(out).toMatch(/^registry-outage +sev1 {2}20 steps {2}Registry outage$/m);
    expect(out).toMatch(/^muster-bot-token-deleted /m);
    expect(exitCode).toBe(0);
    const shown = await playbook(['show', 'muster-bot-token-deleted']);
    expect(shown.out).toMatch(/^Muster's chat token is gone\n=+\nsev2/);
    expect(shown.out).toMatch(/^ 1\. \[ \] Ask the chat with Muster's own token$/m);
    expect(shown.exitCode).toBe(0);
  });

  it('puts your own first, says which ones only ship, and has all of it as JSON', async () => {
    put('registry-outage.md', '---\ntitle: Ours\n---\n## A\n- [ ] one\n');
    const { out } = await playbook(['list', '--json'], own());
    const { playbooks } = JSON.parse(out) as { playbooks: { id: string; title: string; shippedOnly: boolean }[] };
    expect(playbooks.find(({ id }) => id === 'registry-outage')).toMatchObject({ title: 'Ours', shippedOnly: false });
    expect(playbooks.find(({ id }) => id === 'ci-outage')).toMatchObject({ title: 'CI outage', shippedOnly: true });
    expect((await playbook(['list'], own())).out).toMatch(/^ci-outage .*\(ships with Muster, not in your folder\)$/m);
    expect((await playbook(['show', 'registry-outage.md'], own())).out).toMatch(/^Ours\n/);
    const shown = JSON.parse((await playbook(['show', 'ci-outage', '--json'], own())).out) as { steps: unknown[] };
    expect(shown.steps.length).toBeGreaterThan(10);
  });

  it('shows one with errors all the same, and says them on the other stream', async () => {
    put('half.md', '## A\n- [ ] one\n  - Rolle: x\n');
    const { out, err, exitCode } = await playbook(['show', 'half'], own());
    expect(out).toContain(' 1. [ ] one');
    expect(err).toMatch(/half\.md:1:1 error there is no front matter/);
    expect(exitCode).toBe(0);
  });

  it('says what there is instead of one that is not there, and lists the shipped ones without a folder', async () => {
    const { err, out, exitCode } = await playbook(['show', 'registry-outtage']);
    expect(err).toContain('there is no playbook registry-outtage');
    expect(err).toContain('did you mean "registry-outage"?');
    expect([out, exitCode]).toEqual(['', 2]);
    expect((await playbook(['show', '../../etc/passwd'])).exitCode).toBe(2);
    const lost = await playbook(['list'], { MUSTER_PLAYBOOKS: join(folder, 'none') });
    expect(lost.err).toMatch(/none:1:1 error it cannot be read: ENOENT/);
    expect(lost.out).toMatch(/^registry-outage /m);
    expect(lost.exitCode).toBe(0);
  });
});

describe('muster playbook import and export', () => {
  const sample = fileURLToPath(new URL('../fixtures/mattermost-playbook.json', import.meta.url));

  it('make a page of an export of Mattermost Playbooks, say what is lost, and overwrite nothing', async () => {
    const page = join(folder, 'books', 'deployments.md');
    const made = await playbook(['import', sample, '--to', page], own());
    expect(made.out).toContain(`${page}: 4 steps. Read it, then: muster check`);
    expect(made.err).toContain('lost: 1 task with a slash command of Mattermost');
    expect(made.exitCode).toBe(0);
    expect((await playbook(['show', 'deployments'], own())).out).toMatch(/ 2\. \[ \] Freeze deployments/);
    const again = await playbook(['import', sample, '--to', page], own());
    expect(again.err).toContain('cannot be written: EEXIST');
    expect(again.exitCode).toBe(2);
  });

  it('refuse what is no such export, and print what Mattermost imports', async () => {
    writeFileSync(join(folder, 'x.json'), '{"a":1}');
    const refused = await playbook(['import', join(folder, 'x.json')]);
    expect(refused.err).toContain('It has no checklists.');
    expect(refused.exitCode).toBe(1);
    expect((await playbook(['import', join(folder, 'none.json')])).exitCode).toBe(2);
    const exported = await playbook(['export', 'muster-disk-full']);
    const json = JSON.parse(exported.out) as { version: number; checklists: { items: unknown[] }[] };
    expect(json.version).toBe(1);
    expect(json.checklists.flatMap(({ items }) => items)).toHaveLength(10);
    expect(exported.err).toContain('lost: ');
    expect((await playbook(['export', 'nothing'])).exitCode).toBe(2);
  });
});
