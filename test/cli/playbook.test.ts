import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
