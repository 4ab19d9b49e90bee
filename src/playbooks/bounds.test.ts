import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LARGEST_TEXT } from './limits.js';
import { parsePlaybook } from './parse.js';
import { presentStep } from './present.js';

const parse = (text: string) => parsePlaybook({ id: 'p', file: 'p.md', text });
const SOUND = `---
title: T
matches: { service: registry, labels: { a: b } }
needs: ["x: y"]
---
## A
- [ ] one \`two\` **three** {host}
  \`\`\`sh
  ls {host}
  \`\`\`
  - Expect: a
  - If not: [b](#b)
  - Ask: host
  - [ ] sub

## B
- [ ] two {host}

  > quoted | text

  | a | b |
  | - | - |
  | c | d |
`;

/** Pieces that mean something to Markdown, YAML or the format itself. */
const piece = fc.constantFrom(
  ...[
    '---\n',
    '- [ ] ',
    '- ',
    '  - ',
    '## ',
    '# A\n',
    '\n',
    '  ',
    '\t',
    '> ',
    '`',
    '```\n',
    '**',
    '_',
    '~~',
    '[',
    '](',
    ')',
  ],
  ...[
    '](#a)',
    '[x]: #a\n',
    '![',
    '<',
    '<!--',
    '-->',
    '|',
    '&#0;',
    '\\',
    '\0',
    '\r',
    '\u2028',
    '\u{1f600}',
    '\ud800',
    '{host}',
    '{',
  ],
  ...[
    'Ask: host',
    'If not: ',
    'Expect:',
    'Role: x',
    'title: ',
    '&a ',
    '*a',
    '!!int ',
    '? ',
    ': ',
    '%YAML 9\n',
    '__proto__: ',
  ],
);
const soup = fc
  .array(fc.oneof(piece, fc.string({ maxLength: 8, unit: 'binary' })), { maxLength: 200 })
  .map((all) => all.join(''));
const mutation = fc
  .array(fc.tuple(fc.nat(SOUND.length), fc.nat(12), fc.oneof(piece, fc.string({ maxLength: 4 }))), { maxLength: 8 })
  .map((cuts) => cuts.reduce((text, [at, length, put]) => text.slice(0, at) + put + text.slice(at + length), SOUND));

describe('any text', () => {
  it('is answered with a playbook that can be walked, or with an error in a line of the file', () => {
    let walked = 0;
    fc.assert(
      fc.property(fc.oneof(mutation, soup), (text) => {
        const { playbook, problems } = parse(text);
        const lines = text.split(/\r\n|\n|\r/).length;
        for (const problem of problems) {
          expect(problem.line).toBeGreaterThanOrEqual(1);
          expect(problem.line).toBeLessThanOrEqual(lines);
          expect(problem.column).toBeGreaterThanOrEqual(1);
        }
        expect(playbook === null).toBe(problems.some(({ level }) => level === 'error'));
        if (playbook === null) return;
        walked += 1;
        expect(playbook.steps.length).toBeGreaterThan(0);
        for (const [index, step] of playbook.steps.entries()) {
          expect(step.index).toBe(index);
          const goto = step.ifNot?.goto ?? 0;
          expect(playbook.steps[goto]).toBeDefined();
          expect(presentStep(playbook, index, { host: '<!here>' }).length).toBeGreaterThan(0);
        }
      }),
      { numRuns: 600 },
    );
    expect(walked).toBeGreaterThan(30);
  });

  const whole = (unit: string): string =>
    `---\ntitle: T\n---\n## A\n- [ ] one\n\n${unit.repeat(Math.ceil(250_000 / unit.length))}`;
  it.each([
    ['stars', '*a '],
    ['nested quotes', '>'],
    ['spaced quotes', '> '],
    ['nested lists', '- '],
    ['numbered lists', '1. '],
    ['brackets', '['],
    ['images', '![a]('],
    ['backticks', '`a'],
    ['footnotes', '[^a]'],
    ['strikes', '~~a'],
    ['addresses', 'www.a@b.c '],
    ['emphasis on many lines', '*a **b _c\n'],
    ['links on many lines', '[a](b)\n'],
    ['emphasis in many paragraphs', '*a **b _c *d\n\n'],
    ['steps', '- [ ] a\n'],
    ['tables', '|a|b|\n|-|-|\n'],
    ['definitions', '[a]: /b\n'],
    ['words', 'word '],
    ['lines', 'a\n'],
    ['paragraphs', 'word word word word word word word word word word word word word word\n\n'],
    ['html', '<a\n'],
    ['quotes in quotes on short lines', `${'>'.repeat(1_500)}\n`],
  ])('a file full of %s is answered within 3 s', (_, unit) => {
    const started = performance.now();
    parse(whole(unit));
    expect(performance.now() - started).toBeLessThan(3_000);
  });

  it('with thousands of marks in one paragraph is refused at once', () => {
    const started = performance.now();
    const { problems } = parse(`---\ntitle: T\n---\n## A\n- [ ] one\n\n${`${'*a '.repeat(100)}\n`.repeat(150)}`);
    expect(problems.map(({ line, message }) => [line, message])).toEqual([
      [17, 'there is too much markup in one place'],
    ]);
    expect(performance.now() - started).toBeLessThan(1_000);
  });

  it('that is too large is refused before it is read', () => {
    const { problems } = parse('é'.repeat(LARGEST_TEXT / 2 + 1));
    expect(problems.map(({ message }) => message)).toEqual([
      `the file has ${LARGEST_TEXT + 2} bytes, ${LARGEST_TEXT} are allowed`,
    ]);
  });

  it.each([
    ['brackets', `a: ${'['.repeat(16_000)}`],
    ['closed brackets', `a: ${'['.repeat(8_000)}${']'.repeat(8_000)}`],
    ['maps', '{a: '.repeat(4_000)],
    ['lists', '- '.repeat(1_000)],
    ['questions', '? '.repeat(1_000)],
    ['aliases', `a: &a [x]\n${Array.from({ length: 200 }, (_, n) => `k${n}: [*a, *a]`).join('\n')}`],
  ])('front matter full of %s is refused within 1 s', (_, yaml) => {
    const started = performance.now();
    const { playbook, problems } = parse(`---\n${yaml}\n---\n## A\n- [ ] one\n`);
    expect(playbook).toBeNull();
    expect(problems.length).toBeGreaterThan(0);
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});
