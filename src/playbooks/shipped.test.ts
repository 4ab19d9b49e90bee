import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { formatProblems, lintPlaybooks } from './lint.js';
import { looksLikeSecret } from './secret-shape.js';
import { slugOf } from './slug.js';

const folder = join(import.meta.dirname, '../../playbooks');
// A day after they were written: an overdue review is for `muster check` to say, not for this test.
const shipped = await lintPlaybooks(folder, Date.UTC(2026, 10, 22));

it('the playbooks that ship have no problem of any kind, and every part that one should have', () => {
  expect(formatProblems(shipped.problems)).toBe('');
  expect(shipped.playbooks.length).toBeGreaterThan(0);
});

describe.each(shipped.playbooks)('$id', (playbook) => {
  const { steps, text } = playbook;
  const code = (language: string) =>
    steps.flatMap(({ title, body }) =>
      body.flatMap((part) => (part.kind === 'code' && part.language === language ? [{ title, text: part.text }] : [])),
    );

  it('gives every step a role, something to expect, and a way out where something can go wrong', () => {
    for (const { title, role, expect: seen, ifNot } of steps)
      expect([title, role !== null, seen !== null, ifNot !== null || role === 'communications']).toEqual([
        title,
        true,
        true,
        true,
      ]);
  });

  it('has commands that a shell can read', () => {
    const commands = code('sh');
    expect(commands.length).toBeGreaterThan(5);
    for (const { title, text: command } of commands) {
      const { status, stderr } = spawnSync('bash', ['-n'], { input: command, encoding: 'utf8' });
      expect([title, status, stderr]).toEqual([title, 0, '']);
    }
  });

  it('has no line too wide for a chat or a terminal in words to post', () => {
    for (const { text: words } of code('text'))
      for (const line of words.split('\n')) expect(line.length).toBeLessThanOrEqual(130);
  });

  it('says where credentials are and holds none', () => {
    expect(playbook.needs.length).toBeGreaterThan(0);
    for (const line of text.split('\n')) expect([line, looksLikeSecret(line)]).toEqual([line, false]);
    expect(text).not.toMatch(/(?:password|token|secret)[=:]\s*[A-Za-z0-9]{8}|-u [\w-]+:\S/i);
  });

  it('reads without Muster: every link leads to a heading of the page, or to an address', () => {
    const raw = readFileSync(join(folder, `${playbook.id}.md`), 'utf8');
    const headings = [...raw.replace(/```[\s\S]*?```/g, '').matchAll(/^#+ (.*)$/gm)].map(([, words]) => slugOf(words!));
    const links = [...raw.matchAll(/\]\(([^)]+)\)/g)].map(([, href]) => href!);
    expect(links.length).toBeGreaterThan(3);
    for (const href of links)
      if (href.startsWith('#')) expect(headings).toContain(href.slice(1));
      else expect(href).toMatch(/^https?:\/\//);
  });
});
