import fc from 'fast-check';
import { toString as wordsOf } from 'mdast-util-to-string';
import remarkGfm from 'remark-gfm';
import remarkParse from 'remark-parse';
import { unified } from 'unified';
import { describe, expect, it } from 'vitest';
import type { Block, Inline } from './card.js';
import { literal } from './literal.js';
import { cellMarkdown, codeBlock, escapeMarkdown, inlineMarkdown, markdown, plainText } from './plain.js';

const gfm = unified().use(remarkParse).use(remarkGfm);
const kindsOf = (source: string): string[] => {
  const kinds: string[] = [];
  JSON.stringify(gfm.parse(source), (key, value) => {
    if (key === 'type') kinds.push(value);
    return value;
  });
  return kinds;
};
const text = (value: string): Inline => ({ kind: 'text', text: value });

const blocks: Block[] = [
  { kind: 'heading', content: [text('Title #')] },
  {
    kind: 'paragraph',
    content: [
      { kind: 'strong', children: [text('Now: ')] },
      { kind: 'time', at: Date.UTC(2026, 10, 21, 2, 41), style: 'clock' },
      text(', '),
      { kind: 'person', personId: 'ada', name: 'Ada', notify: true },
      text(' in '),
      { kind: 'channel', channel: { to: 'named', name: 'stakeholders' }, label: 'updates' },
      text(', next '),
      { kind: 'time', at: Date.UTC(2026, 10, 21, 3, 0), style: 'relative' },
    ],
  },
  {
    kind: 'list',
    ordered: true,
    items: [[text('a')], [{ kind: 'link', text: 'b|c', href: 'https://example.com/a(b)' }]],
  },
  { kind: 'code', text: 'x\n```\ny', language: 'sh' },
  { kind: 'quote', content: [text('# said')] },
  { kind: 'fields', fields: [{ label: 'Owner', value: [text('@ada')] }] },
  {
    kind: 'buttons',
    buttons: [{ label: 'Done', command: '/incident done', input: { label: 'Evidence', required: true } }],
  },
  { kind: 'divider' },
  { kind: 'note', content: [text('small')] },
];

describe('a card as plain text', () => {
  it('says an address once where it is its own words', () => {
    const href = 'https://meet.example.com/registry';
    expect(plainText([{ kind: 'paragraph', content: [{ kind: 'link', text: href, href }] }])).toBe(href);
  });

  it('reads as it would be said', () => {
    expect(plainText(blocks, { now: Date.UTC(2026, 10, 21, 2, 50) })).toMatchInlineSnapshot(`
      "Title #

      Now: 02:41 UTC, Ada in updates, next in 10 min

      1. a
      2. b|c (https://example.com/a(b))

          x
          \`\`\`
          y

      > # said

      Owner: @ada

      [Done] /incident done <Evidence>

      ---

      small"
    `);
  });
  it('carries no terminal controls', () => {
    expect(plainText([{ kind: 'paragraph', content: [text('a\x1b[31mb\rc\u202ed')] }])).toBe('a[31mb cd');
  });
});

describe('a card as Markdown', () => {
  it('reads as it would be said', () => {
    expect(markdown(blocks)).toMatchInlineSnapshot(`
      "## Title \\#

      **Now:** 02:41 UTC, Ada in updates, next 21 Nov 03:00 UTC

      1. a
      2. [b\\|c](<https://example.com/a(b)>)

      \`\`\`\`sh
      x
      \`\`\`
      y
      \`\`\`\`

      > \\# said

      - **Owner:** \`@ada\`

      - Done: \`/incident done\`

      ---

      small"
    `);
  });

  it.each([
    ['# h', '\\# h'],
    ['- item', '\\- item'],
    ['+ item', '\\+ item'],
    ['12. one', '12\\. one'],
    ['1) one', '1\\) one'],
    ['a | b', 'a \\| b'],
    ['<script>', '\\<script\\>'],
    ['snake_case _it_ **b**', 'snake_case \\_it\\_ \\*\\*b\\*\\*'],
    ['a\n# b', 'a # b'],
    ['mail @channel, now', 'mail `@channel`, now'],
    ['see https://evil.example/x_y_z.', 'see `https://evil.example/x_y_z`.'],
    ['look (www.evil.example)', 'look (`www.evil.example`)'],
    ['[x](https://evil.example)', '\\[x\\](`https://evil.example`)'],
  ])('writes %j as %j', (value, expected) => {
    expect(escapeMarkdown(value)).toBe(expected);
  });

  it('finds mentions and addresses that only join across nodes', () => {
    expect(inlineMarkdown([text('@'), { kind: 'person', personId: 'x', name: 'channel', notify: false }])).toBe(
      '`@channel`',
    );
    expect(inlineMarkdown([text('https:'), text('//evil.example')])).toBe('`https://evil.example`');
    expect(
      kindsOf(inlineMarkdown([text('look!'), { kind: 'link', text: 'x', href: 'https://example.com/' }])),
    ).not.toContain('image');
  });

  it('keeps neighbouring code apart and code whole', () => {
    const content: Inline[] = [{ kind: 'code', text: 'a`b' }, { kind: 'code', text: '`c' }, text('@d')];
    expect(gfm.parse(inlineMarkdown(content)).children[0]).toMatchObject({
      children: [{ value: 'a`b' }, { type: 'html' }, { value: '`c' }, { type: 'html' }, { value: '@d' }],
    });
  });

  it('stays within one cell of a table', () => {
    for (const value of ['a|b', 'a\\|b', '`a|b`', '@a|b', 'x\n|y|', '\\']) {
      const table = gfm.parse(
        `| h | i |\n|---|---|\n| ${cellMarkdown(value)} | ${cellMarkdown([{ kind: 'code', text: value }])} |`,
      );
      const row = (table.children[0] as { children: { children: unknown[] }[] }).children[1];
      expect(row?.children.map((cell) => wordsOf(cell, { includeHtml: false }))).toEqual([
        literal(value),
        literal(value),
      ]);
    }
  });

  it('keeps a code block closed whatever it holds', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('`', '~', '\n', ' ', 'a', '>') }), (value) => {
        const tree = gfm.parse(`${codeBlock(value)}\n\nafter`);
        expect(tree.children.map((node) => node.type)).toEqual(['code', 'paragraph']);
      }),
    );
  });

  it('shows any text as exactly these words, in nothing but text and code', () => {
    const markup = fc.string({
      unit: fc.constantFrom(
        ...'*_`[]()<>#+-=|~\n\t @:/.!\\&$w1a^"\''.split(''),
        'www.',
        'https://',
        'a@b.co',
        '&lt;',
        '[^1]',
        ': ',
      ),
    });
    fc.assert(
      fc.property(fc.oneof(markup, fc.string({ unit: 'binary' })), (value) => {
        const source = escapeMarkdown(value);
        const tree = gfm.parse(source);
        expect(wordsOf(tree, { includeHtml: false })).toBe(literal(value));
        for (const kind of kindsOf(source)) expect(['root', 'paragraph', 'text', 'inlineCode', 'html']).toContain(kind);
      }),
      { numRuns: 3_000 },
    );
  });
});
