import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Incident } from '../incident/state.js';
import type { Suggestion } from '../incident/suggesting.js';
import { parsePlaybook } from '../playbooks/parse.js';
import type { Playbook } from '../playbooks/playbook.js';
import { suggestedPatch } from './suggested.js';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function read(id: string, text = readFileSync(`playbooks/${id}.md`, 'utf8')): Playbook {
  const { playbook, problems } = parsePlaybook({ id, file: `${id}.md`, text });
  if (!playbook) throw new Error(JSON.stringify(problems));
  return playbook;
}
const suggestion = (seq: number, playbook: Playbook, step: number | null, text: string): Suggestion => ({
  ...{ seq, hash: playbook.hash, step, text, by: 'ada', at: Date.UTC(2026, 10, 21, 3) },
});
const patch = (suggestions: Suggestion[], ...playbooks: Playbook[]) =>
  suggestedPatch({ number: 42, suggestions } as Incident, {
    names: new Map([['ada', 'Ada']]),
    playbookOf: (hash) => playbooks.find((each) => each.hash === hash) ?? null,
  });

/** What git makes of the folder of playbooks. */
function applied(text: string, ...playbooks: Playbook[]): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'muster-patch-'));
  folders.push(folder);
  for (const each of playbooks) writeFileSync(join(folder, `${each.id}.md`), each.text);
  writeFileSync(join(folder, 'it.patch'), text);
  execFileSync('git', ['apply', '--whitespace=error', 'it.patch'], { cwd: folder });
  return playbooks.map(({ id }) => readFileSync(join(folder, `${id}.md`), 'utf8'));
}

describe('what was suggested for a playbook', () => {
  it('is a patch that git applies; the page lints as before, and each suggestion stands in its step', () => {
    const registry = read('registry-outage');
    const disk = read('muster-disk-full');
    const made = patch(
      [
        suggestion(9, registry, 2, 'say which mail list'),
        suggestion(7, registry, 0, 'use --retry\n- [ ] and wait'),
        suggestion(8, registry, 0, 'say from which host'),
        suggestion(10, registry, null, 'it needs a step for the mirror'),
        suggestion(11, disk, disk.steps.length - 1, 'the last one'),
      ],
      registry,
      disk,
    );
    const [ours = '', theirs = ''] = applied(made as string, registry, disk);
    const after = read('registry-outage', ours);
    const titles = ({ steps }: Playbook) => steps.map(({ title, expect, substeps }) => ({ title, expect, substeps }));
    expect(titles(after)).toEqual(titles(registry));
    const said = (index: number) => after.steps[index]?.body.map(({ text }) => text).join('\n') ?? '';
    expect(said(0)).toMatch(/Suggested by Ada in incident 42, 2026-11-21:\n> use --retry[\s\S]*say from which host/);
    expect(said(2)).toContain('say which mail list');
    expect(said(1)).not.toContain('Suggested');
    expect(ours.trimEnd().split('\n').at(-1)).toBe('> it needs a step for the mirror');
    expect(theirs).toContain('> the last one');
  });

  it('applies to a page without an end of line, and to one with those of Windows', () => {
    const bare = read('bare', '---\ntitle: Bare\n---\n## A\n\n- [ ] One');
    expect(applied(patch([suggestion(1, bare, 0, 'more')], bare) as string, bare)[0]).toContain('  > more');
    const windows = read('windows', '---\r\ntitle: W\r\n---\r\n## A\r\n\r\n- [ ] One\r\n- [ ] Two\r\n');
    const made = patch([suggestion(1, windows, 0, 'more')], windows) as string;
    const folder = mkdtempSync(join(tmpdir(), 'muster-patch-'));
    folders.push(folder);
    writeFileSync(join(folder, 'windows.md'), windows.text);
    writeFileSync(join(folder, 'it.patch'), made);
    execFileSync('git', ['apply', 'it.patch'], { cwd: folder });
    expect(read('windows', readFileSync(join(folder, 'windows.md'), 'utf8')).steps).toHaveLength(2);
  });

  it('is nothing where nobody suggested anything, or the text is lost', () => {
    const bare = read('bare', '---\ntitle: Bare\n---\n## A\n\n- [ ] One\n');
    expect(patch([], bare)).toBeNull();
    expect(patch([suggestion(1, bare, 0, 'more')])).toBeNull();
  });
});
