import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { groups, type Verb } from '../../src/commands/verb.js';
import { verbs } from '../../src/commands/verbs.js';

const file = new URL('../../docs/commands.md', import.meta.url);
/** The rows of the tables by verb, cells without their backslashes. */
const rowsOf = (page: string) =>
  new Map(
    page
      .split('\n')
      .filter((line) => line.startsWith('| `'))
      .map((line) => line.split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll('\\|', '|')))
      .map((cells) => [cells[1]?.replaceAll('`', '') ?? '', cells] as const),
  );
if (process.env.MUSTER_WRITE_DOCS === '1') writeFileSync(file, written(readFileSync(file, 'utf8')));
const rows = rowsOf(readFileSync(file, 'utf8'));

/** The page with the tables of today; an example that is on it and still holds stays. */
function written(page: string): string {
  const before = rowsOf(page);
  const cell = (words: string): string => words.replaceAll('|', '\\|');
  const row = (verb: Verb): string => {
    const shown = before.get(verb.name)?.[3]?.replaceAll('`', '') ?? '';
    const example = verb.examples.includes(shown) ? shown : verb.examples[0];
    const also = [
      ...verb.aliases.map((each) => `\`${each}\``),
      ...Object.entries(verb.presets ?? {}).map(([word, rest]) =>
        word.startsWith('who') ? `\`${word}\`` : `\`${word}\` (${verb.name} ${rest})`,
      ),
    ].join(', ');
    return `| \`${verb.name}\` | \`${cell(verb.usage)}\` | \`${cell(example ?? '')}\` | ${cell(verb.help)} | ${also} |`;
  };
  return groups.reduce((text, group) => {
    const table = ['| Verb | Usage | Example | What it does | Also |', '| --- | --- | --- | --- | --- |'];
    const all = [...table, ...verbs.filter((verb) => verb.group === group).map(row)].join('\n');
    const heading = new RegExp(`(## ${group}\\n\\n)(?:\\|.*\\n)*`);
    return heading.test(text)
      ? text.replace(heading, (_, head) => `${head}${all}\n`)
      : `${text}\n## ${group}\n\n${all}\n`;
  }, page);
}

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
