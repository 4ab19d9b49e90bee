import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Block, Inline } from './card.js';
import { fallback } from './fallback.js';
import { literal } from './literal.js';
import { plainText } from './plain.js';
import { compileTemplates } from './render.js';
import { samples, templateNames } from './samples.js';
import { SafeUrl, type TemplateName, type TemplateValues } from './values.js';

const templates = compileTemplates('templates');
/** Words of Muster's own, which outside text never sets. */
const OURS = ['severity', 'status', 'role', 'outcome', 'from', 'to', 'proposed', 'zones', 'personId', 'incidentId'];

/** The template's sample with every string that may come from outside replaced. */
const withText = <N extends TemplateName>(name: N, value: string): TemplateValues[N] => {
  const replace = (part: unknown, key: string): unknown => {
    if (OURS.includes(key) || part instanceof SafeUrl) return part;
    if (typeof part === 'string') return value;
    if (Array.isArray(part)) return part.map((each) => replace(each, ''));
    if (typeof part !== 'object' || part === null) return part;
    return Object.fromEntries(Object.entries(part).map(([inner, each]) => [inner, replace(each, inner)]));
  };
  return replace(samples[name], '') as TemplateValues[N];
};

/** The card without its literal texts: what it can do. Names in person and channel nodes are literal too. */
const shape = (blocks: readonly (Block | Inline)[]): string =>
  JSON.stringify(blocks, (key, value) =>
    typeof value === 'string' && ['text', 'name', 'label'].includes(key) ? '' : value,
  );

const texts = (blocks: readonly Block[]): string[] => {
  const found: string[] = [];
  JSON.stringify(blocks, (key, value) => {
    if (typeof value === 'string' && ['text', 'name', 'label'].includes(key)) found.push(value);
    return value;
  });
  return found;
};

const HOSTILE = [
  '<!channel> <@U123> <https://evil.example|click>',
  '@all @here @channel @ada',
  '[x](https://evil.example) ![i](https://evil.example/i.png) <https://evil.example>',
  '**b** __b__ _i_ ~~s~~',
  '`a` ``b`` ```\ncode\n```',
  'line\n# heading\n- item\n1. one\n> quote\n---\n',
  '| a | b |\n|---|---|\n| c | d |',
  '<script>alert(1)</script><img src=x onerror=alert(1)>',
  'safe\u202Egnp.exe\u2066x\u200b',
  '\ue0000\ue001 \ue0001\ue001 \ue000',
  '{{person by}} {{{title}}} {{> other}} {{#each',
  '\0\x1b[31mred\x07',
  'constructor __proto__ toString',
  '&#64;channel &lt;b&gt; \\*x\\*',
  `${'@all '.repeat(20_000)}`,
];

describe.each(templateNames)('%s, whatever its values contain', (name) => {
  it('is the shipped template, without a problem', () => {
    expect(templates.problems).toEqual([]);
    expect(templates.render(name, samples[name]).problem).toBeNull();
  });

  it.each(HOSTILE)('has the nodes the template alone makes for %j', (hostile) => {
    const { card, problem } = templates.render(name, withText(name, hostile));
    expect(problem).toBeNull();
    expect(shape(card.blocks)).toBe(shape(templates.render(name, withText(name, 'x')).card.blocks));
    expect(texts(card.blocks).join('\n')).toContain(literal(hostile).slice(0, 500));
    expect(JSON.stringify(card)).not.toMatch(/[\ue000-\uf8ff\u202e\u2066]/);
    expect(JSON.stringify(card).length).toBeLessThan(80_000);
    expect(card.summary.length).toBeLessThanOrEqual(300);
  });

  it.each(HOSTILE)('is as safe in its built-in form for %j', (hostile) => {
    const blocks = fallback(name, withText(name, hostile));
    expect(shape(blocks)).toBe(shape(fallback(name, withText(name, 'x'))));
    expect(JSON.stringify(blocks)).not.toMatch(/[\ue000-\uf8ff\u202e\u2066]/);
    expect(plainText(blocks)).toContain('Built-in text');
  });
});

describe('any text at all', () => {
  const markup = fc.string({
    unit: fc.constantFrom(
      '*',
      '_',
      '`',
      '[',
      ']',
      '(',
      ')',
      '<',
      '>',
      '#',
      '-',
      '|',
      '\n',
      ' ',
      '@',
      'a',
      '1',
      '\\',
      '{',
      '}',
      '\ue000',
      '\ue001',
      '0',
    ),
  });
  const anything = fc.oneof(fc.string({ unit: 'binary', maxLength: 200 }), markup);
  const stands = (value: string): string => (literal(value) === '' ? '' : 'x');

  it('leaves a status update the structure it has for "x", and no link', () => {
    fc.assert(
      fc.property(anything, (value) => {
        const { card, problem } = templates.render('status-update', {
          ...withText('status-update', value),
          page: null,
        });
        const benign = templates.render('status-update', {
          ...withText('status-update', stands(value)),
          page: null,
        }).card;
        expect(problem).toBeNull();
        expect(shape(card.blocks)).toBe(shape(benign.blocks));
        expect(JSON.stringify(card.blocks)).not.toContain('"kind":"link"');
      }),
      { numRuns: 500 },
    );
  });

  it('leaves every other template its structure too', () => {
    fc.assert(
      fc.property(anything, fc.constantFrom(...templateNames), (value, name) => {
        const { card } = templates.render(name, withText(name, value));
        expect(shape(card.blocks)).toBe(shape(templates.render(name, withText(name, stands(value))).card.blocks));
      }),
      { numRuns: 500 },
    );
  });
});
