import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { verbs } from '../../src/commands/verbs.js';

const page = readFileSync(new URL('../../docs/commands.md', import.meta.url), 'utf8');
/** The rows of the tables by verb, cells without their backslashes. */
const rows = new Map(
  page
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll('\\|', '|')))
    .map((cells) => [cells[1]?.replaceAll('`', '') ?? '', cells] as const),
);

describe('docs/commands.md', () => {
  it('has a row for every verb and for nothing else', () => {
    expect([...rows.keys()].sort()).toEqual(verbs.map(({ name }) => name).sort());
  });

  it.each(verbs.map((verb) => [verb.name, verb] as const))('tells all there is to %s', (name, verb) => {
    const [, , usage, example, help, also] = rows.get(name) ?? [];
    expect(usage).toBe(`\`${verb.usage}\``);
    expect(verb.examples.map((each) => `\`${each}\``)).toContain(example);
    expect(help).toBe(verb.help);
    const words = [...verb.aliases, ...Object.keys(verb.presets ?? {})];
    const told = [...(also ?? '').matchAll(/`([^`]+)`/g)].map(([, word]) => word);
    expect(told).toEqual(words);
  });
});
