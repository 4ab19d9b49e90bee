import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LARGEST_TEXT } from './limits.js';
import { formatProblem, formatProblems, lintReport } from './lint.js';
import { loadPlaybooks } from './load.js';
import type { Problem } from './playbook.js';

const sound = (title: string): string => `---\ntitle: ${title}\n---\n## A\n- [ ] one\n`;
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'muster-playbooks-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));
const put = (name: string, content: string | Uint8Array): Promise<void> => writeFile(join(folder, name), content);

describe('a folder of playbooks', () => {
  it('gives the sound ones by name and reports the others', async () => {
    await put('b.md', sound('B'));
    await put('a.md', sound('A'));
    await put('bad.md', '---\ntitle: T\n---\n## A\n- [ ] one\n  - Rolle: x\n');
    const { playbooks, problems } = await loadPlaybooks(folder);
    expect(playbooks.map(({ id, title }) => [id, title])).toEqual([
      ['a', 'A'],
      ['b', 'B'],
    ]);
    expect(formatProblems(problems)).toBe(`${folder}/bad.md:6:3 error unknown note "Rolle" (did you mean "Role"?)\n`);
  });

  it('is not parsed again where it is as it was, and is where a page or its day has changed', async () => {
    const day = Date.UTC(2030, 0, 15);
    const reviewed = '---\ntitle: A\nreviewed: 2030-01-01\nreview-every: 14d\n---\n## A\n- [ ] one\n';
    await put('a.md', reviewed);
    await put('b.md', sound('B'));
    const first = await loadPlaybooks(folder, day);
    await put('b.md', sound('C'));
    const again = await loadPlaybooks(folder, day + 60_000);
    expect(again.playbooks[0]).toBe(first.playbooks[0]);
    expect(again.playbooks[1]?.title).toBe('C');
    const overdue = ({ problems }: typeof first) => problems.some(({ message }) => message.includes('review'));
    expect([overdue(again), overdue(await loadPlaybooks(folder, day + 30 * 86_400_000))]).toEqual([false, true]);
  });

  it('passes over README.md, hidden files, other files and folders, and follows links', async () => {
    await put('README.md', 'words');
    await put('.hidden.md', 'words');
    await put('notes.txt', 'words');
    await mkdir(join(folder, 'archive'));
    await put('archive/old.md', 'words');
    await put('real.txt', sound('Linked'));
    await symlink(join(folder, 'real.txt'), join(folder, 'linked.md'));
    const { playbooks, problems } = await loadPlaybooks(folder);
    expect(problems).toEqual([]);
    expect(playbooks.map(({ id }) => id)).toEqual(['linked']);
  });

  it('says what cannot be read', async () => {
    await put('bytes.md', Uint8Array.of(0x61, 0xff));
    await put('huge.md', 'a'.repeat(LARGEST_TEXT + 1));
    await mkdir(join(folder, 'folder.md'));
    await symlink('/nowhere/at/all', join(folder, 'gone.md'));
    const { playbooks, problems } = await loadPlaybooks(folder);
    expect(playbooks).toEqual([]);
    expect(problems.map(({ file, message }) => [file.slice(folder.length + 1), message])).toEqual([
      ['bytes.md', 'the file is not UTF-8'],
      ['folder.md', 'this is not a file'],
      ['gone.md', 'it cannot be read: ENOENT'],
      ['huge.md', `the file has more than ${LARGEST_TEXT} bytes`],
    ]);
    expect((await loadPlaybooks(join(folder, 'none'))).problems.map(formatProblem)).toEqual([
      `${folder}/none:1:1 error it cannot be read: ENOENT (name a folder that exists and that Muster may read)`,
    ]);
  });

  it('warns of overdue reviews when it knows the time', async () => {
    await put('a.md', '---\ntitle: A\nreviewed: 2026-01-01\nreview-every: 1d\n---\n## A\n- [ ] one\n');
    expect((await loadPlaybooks(folder)).problems).toEqual([]);
    const { playbooks, problems } = await loadPlaybooks(folder, Date.UTC(2026, 5, 1));
    expect(playbooks).toHaveLength(1);
    expect(problems.map(({ level }) => level)).toEqual(['warning']);
  });
});

describe('a lint report', () => {
  const problem = (file: string, line: number, level: Problem['level'], message = 'm'): Problem => ({
    file,
    line,
    column: 1,
    level,
    message,
    hint: 'h',
  });

  it('is in the order of files and lines, counts, and is fine with warnings', () => {
    const problems = [problem('b.md', 1, 'error'), problem('a.md', 9, 'warning'), problem('a.md', 2, 'error')];
    const report = lintReport(problems);
    expect(report).toEqual({ ok: false, errors: 2, warnings: 1, problems: [problems[2], problems[1], problems[0]] });
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
    expect(lintReport([problem('a.md', 1, 'warning')]).ok).toBe(true);
    expect(formatProblems([])).toBe('');
  });

  it('keeps what is quoted from a file away from the terminal', () => {
    expect(formatProblem(problem('a.md', 1, 'error', 'unknown "\u001b[2J\nx"'))).toBe(
      'a.md:1:1 error unknown "[2J x" (h)',
    );
  });
});
