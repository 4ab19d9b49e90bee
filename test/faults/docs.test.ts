import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const read = (path: string): string => readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), 'utf8');
const rows = read('docs/failure.md')
  .split('\n')
  .filter((line) => line.startsWith('| ') && !/^\| (---|What happens \|)/.test(line))
  .map((line) => line.slice(2, -2).split(' | '));

describe('the page of failures', () => {
  it('has its rows', () => expect(rows.length).toBeGreaterThan(25));

  it.each(rows.map((cells) => [cells[0] ?? '', cells]))('%s: names a test that is there', (_, cells) => {
    expect(cells).toHaveLength(5);
    const [, file = '', words = ''] = /^`([^`]+)` (.+)$/.exec(cells[4] ?? '') ?? [];
    // The first argument of a call, which in a test is its name.
    const names = [...read(file).matchAll(/\(\s*(['"`])(.*?)\1,/g)].map(([, , name]) => name);
    expect(names.some((name) => name?.includes(words))).toBe(true);
  });
});
