import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { plainText } from './plain.js';
import { compileTemplates, templatesFrom } from './render.js';
import { samples, templateNames } from './samples.js';
import { safeUrl } from './values.js';

const shipped = compileTemplates('templates');
const noteOf = (source: string, values: Partial<(typeof samples)['note']> = {}) =>
  templatesFrom(new Map([['note', source]])).render('note', { ...samples.note, ...values });
const problemsOf = (source: string): string[] =>
  templatesFrom(new Map([['note', source]]))
    .problems.filter(({ template, message }) => template === 'note' && message !== 'is missing')
    .map(({ line, message }) => `${line}: ${message}`);
const closedOf = (source: string, count: number) =>
  templatesFrom(new Map([['closed', source]])).render('closed', {
    ...samples.closed,
    openSteps: Array.from({ length: count }, (_, index) => `s${index}`),
  });

describe('a template', () => {
  it('makes the nodes of the Markdown subset and of Muster’s own words', () => {
    const source = '## {{title}}\n\n{{person by notify=true}} *at* {{time at "date"}}, `{{text}}`\n\n###### small';
    expect(noteOf(source, { text: 'a`b\nc' }).card).toEqual({
      tone: 'neutral',
      summary: 'Registry: pushes fail',
      blocks: [
        { kind: 'heading', content: [{ kind: 'text', text: 'Registry: pushes fail' }] },
        {
          kind: 'paragraph',
          content: [
            { kind: 'person', personId: 'ada', name: 'Ada', notify: true },
            { kind: 'text', text: ' ' },
            { kind: 'emphasis', children: [{ kind: 'text', text: 'at' }] },
            { kind: 'text', text: ' ' },
            { kind: 'time', at: samples.note.at, style: 'date' },
            { kind: 'text', text: ', ' },
            { kind: 'code', text: 'a`b c' },
          ],
        },
        { kind: 'note', content: [{ kind: 'text', text: 'small' }] },
      ],
    });
  });

  it('keeps the lines of a value in a code block, whatever fences it holds', () => {
    const { card } = noteOf('```sh\n{{text}}\n```', { text: 'a\n```\n# b' });
    expect(card.blocks).toEqual([{ kind: 'code', language: 'sh', text: 'a\n```\n# b' }]);
  });

  it('links only a safe URL: text in the place of an address stays text', () => {
    const evil = noteOf('[read]({{text}}) [more](https://example.com/{{text}}) [js](javascript:alert)', {
      text: 'https://evil.example',
    });
    expect(plainText(evil.card)).toBe(
      '[read](https://evil.example) [more](https://example.com/https://evil.example) [js](javascript:alert)',
    );
    expect(JSON.stringify(evil.card)).not.toContain('"link"');
    const draft = (source: string) =>
      templatesFrom(new Map([['postmortem', source]])).render('postmortem', samples.postmortem).card.blocks[0];
    const link = { kind: 'link', text: 'read', href: 'https://muster.example.com/incidents/42/postmortem' };
    expect(draft('[read]({{url}})')).toEqual({ kind: 'paragraph', content: [link] });
    expect(draft('{{link url "read"}}')).toEqual({ kind: 'paragraph', content: [link] });
  });

  it('takes no address with another scheme or a password as safe', () => {
    for (const bad of [
      'javascript:alert(1)',
      'data:text/html,x',
      'https://a:b@evil.example',
      'evil',
      '//evil.example',
      'https://',
    ]) {
      expect(safeUrl(bad)).toBeNull();
    }
    expect(safeUrl('HTTPS://Example.com/a b')).not.toBeNull();
  });

  it('cuts lists and says how many are left out', () => {
    const rows = closedOf('{{#each openSteps limit=2}}\n- {{this}}\n{{/each}}', 5).card.blocks[0];
    expect(rows).toMatchObject({ items: [[{ text: 's0' }], [{ text: 's1' }], [{ text: 'and 3 more' }]] });
    expect(closedOf('{{#each openSteps}}\n- {{this}}\n{{/each}}', 10_000).card.blocks[0]).toMatchObject({
      items: { length: 201, 200: [{ text: 'and 9800 more' }] },
    });
    expect(plainText(closedOf('{{join openSteps limit=3}}', 5).card)).toBe('s0, s1, s2 and 2 more');
    expect(plainText(closedOf('{{join openSteps}}', 2).card)).toBe('s0 and s1');
  });

  it('finds the values around a list, whatever its items read', () => {
    const source = '{{#each openSteps}}{{#with this}}{{this}} {{../../title}} {{/with}}{{/each}}';
    const render = (openSteps: string[]) =>
      templatesFrom(new Map([['closed', source]])).render('closed', { ...samples.closed, title: 'T', openSteps });
    expect(plainText(render(['a', 'a']).card)).toBe('a T a T');
    expect(plainText(render(['[object Object]']).card)).toBe('[object Object] T');
  });

  it('reads "unknown" where a value is blank', () => {
    expect(plainText(noteOf('{{text}} {{by.name}} {{person by}}', { text: ' \u200b', by: null }).card)).toBe(
      'unknown unknown unknown',
    );
  });

  it('takes blank text as nothing in a condition', () => {
    expect(plainText(noteOf('{{#if text}}yes{{else}}no{{/if}}', { text: '\u202e \ue000' }).card)).toBe('no');
  });
});

describe('a broken template', () => {
  const broken: [string, string][] = [
    ['a\n{{#if text}}{{/each}}', '2: {{#if}} is not closed'],
    ['{{#if text}}', '1: {{#if}} is not closed (write {{/if}} where it ends)'],
    ['{{text', 'Parse error'],
    ['{{titel}}', 'did you mean "title"?'],
    ['a\n{{txet}}', '2: there is no value "txet" here'],
    ['{{constructor}}', 'no value "constructor"'],
    ['{{by.__proto__}}', 'no value "by.__proto__"'],
    ['{{text.constructor}}', 'no value "text.constructor"'],
    ['{{lookup this "text"}}', 'no word "lookup"'],
    ['{{log text}}', 'no word "log"'],
    ['{{show text}}', 'no word "show"'],
    ['{{text "x"}}', 'no word "text"'],
    ['{{#text}}x{{/text}}', 'no block "text"'],
    ['{{> other}}', 'partials and decorators'],
    ['{{#*inline "x"}}{{/inline}}', 'partials and decorators'],
    ['{{#each this as |x|}}{{/each}}', 'block parameters'],
    ['{{@root.text}}', 'no value "@root.text"'],
    ['{{../text}}', 'no value "../text"'],
    ['{{time}}', 'takes 1 to 2 values'],
    ['{{person by loud=true}}', 'no option "loud"'],
    ['{{#if (lookup this "text")}}{{/if}}', 'inside another word'],
    ['', 'the message is empty'],
    ['x'.repeat(20_001), 'longer than'],
  ];
  it.each(broken)('%j is reported and the built-in text tells the essentials', (source, message) => {
    expect(problemsOf(source).join('\n')).toContain(message);
    const { card, problem } = noteOf(source);
    expect(problem).toMatch(/^note\.hbs/);
    expect(plainText(card)).toMatchInlineSnapshot(`
      "Drill: Incident 42 · sev1 · Registry: pushes fail

      Note by Ada at 02:11 UTC: The disk filled up at 02:05.

      Built-in text, because the template note.hbs has a problem. Run muster check."
    `);
  });

  it('that turns too often or writes too much stops, and the message is told all the same', () => {
    const loops = '{{#each openSteps}}{{#each ../openSteps}}{{#each ../../openSteps}}x{{/each}}{{/each}}{{/each}}';
    const started = performance.now();
    expect(closedOf(loops, 200).problem).toContain('turns');
    expect(closedOf(`{{#each openSteps}}${'word '.repeat(200)}{{/each}}`, 200).problem).toContain('characters');
    expect(performance.now() - started).toBeLessThan(1_000);
    expect(plainText(closedOf(loops, 200).card)).toContain('Closed by Muster');
  });

  it('does not keep the others from being used, and a later folder replaces one file only', () => {
    const own = mkdtempSync(join(tmpdir(), 'muster-templates-'));
    onTestFinished(() => rmSync(own, { recursive: true }));
    writeFileSync(join(own, 'note.hbs'), 'Ours: {{text}}');
    writeFileSync(join(own, 'declared.hbs'), '{{nothing}}');
    writeFileSync(join(own, 'typo.hbs'), 'x');
    const both = compileTemplates('templates', own);
    expect(both.problems.map(({ template }) => template).sort()).toEqual(['declared', 'typo']);
    expect(plainText(both.render('note', samples.note).card)).toBe('Ours: The disk filled up at 02:05.');
    expect(both.render('declared', samples.declared).problem).toContain('declared.hbs:1');
    expect(both.render('closed', samples.closed)).toEqual(shipped.render('closed', samples.closed));
  });

  it('or a folder that is not there leaves the built-in text for every message', () => {
    const none = compileTemplates('/nowhere/templates');
    expect(none.problems[0]?.message).toContain('cannot be read');
    for (const name of templateNames) {
      const { card, problem } = none.render(name, samples[name]);
      expect(problem).toBe(`${name}.hbs: is missing`);
      expect(plainText(card)).not.toMatch(/undefined|null|NaN|object|unknown/);
    }
  });
});

describe('docs/templates.md', () => {
  it('names every template with every value of its own', () => {
    const rows = readFileSync('docs/templates.md', 'utf8').split('\n');
    for (const name of templateNames) {
      const row = rows.find((each) => each.split('|')[1]?.includes(`\`${name}\``));
      const own = Object.keys(samples[name]).filter((key) => !['number', 'title', 'severity', 'drill'].includes(key));
      for (const key of own) expect(row, `${key} of ${name}`).toMatch(new RegExp(`\\b${key}\\b`));
    }
  });
});
