import { describe, expect, it } from 'vitest';
import type { Block, Inline } from '../messages/card.js';
import { fill } from './fill.js';
import { parsePlaybook } from './parse.js';
import type { Playbook } from './playbook.js';
import { presentStep } from './present.js';

const parsed = (steps: string): Playbook => {
  const { playbook } = parsePlaybook({ id: 'p', file: 'p.md', text: `---\ntitle: T\n---\n## A\n${steps}` });
  if (playbook === null) throw new Error('the example has errors');
  return playbook;
};
const inlines = (blocks: readonly Block[]): Inline[] => {
  const deep = (node: Inline): Inline[] => ('children' in node ? [node, ...node.children.flatMap(deep)] : [node]);
  return blocks
    .flatMap((block): Inline[] => {
      if ('content' in block) return block.content;
      if (block.kind === 'list') return block.items.flat();
      return block.kind === 'fields' ? block.fields.flatMap((field) => field.value) : [];
    })
    .flatMap(deep);
};

describe('a step on a card', () => {
  it('has its place, commands, prose, sub-steps and notes in order', () => {
    const playbook = parsed(
      [
        '- [ ] Look `here`',
        '  ```sh',
        "  docker inspect -f '{{.State}}' x",
        '  ```',
        '  Then **see** [the page](https://example.org/a).',
        '  - [ ] one',
        '  - Expect: a `200`',
        '  - If not: [Go on](#next), at once',
        '  - Then: [Next](#next)',
        '  - Role: scribe',
        '  - Within: 90 min',
        '  - Approve: commander',
        '  - Ask: host',
        '- [ ] Next',
        '',
        '  with {host}',
      ].join('\n'),
    );
    expect(presentStep(playbook, 0, {})).toEqual([
      { kind: 'heading', content: [{ kind: 'text', text: 'Step 1 of 2 · A · Look here' }] },
      { kind: 'code', text: "docker inspect -f '{{.State}}' x", language: 'sh' },
      {
        kind: 'paragraph',
        content: [
          { kind: 'text', text: 'Then ' },
          { kind: 'strong', children: [{ kind: 'text', text: 'see' }] },
          { kind: 'text', text: ' ' },
          { kind: 'link', text: 'the page', href: 'https://example.org/a' },
          { kind: 'text', text: '.' },
        ],
      },
      { kind: 'list', ordered: true, items: [[{ kind: 'text', text: '☐ one' }]] },
      {
        kind: 'fields',
        fields: [
          {
            label: 'Expect',
            value: [
              { kind: 'text', text: 'a ' },
              { kind: 'code', text: '200' },
            ],
          },
          {
            label: 'If not',
            value: [
              { kind: 'text', text: 'Go on, at once' },
              { kind: 'text', text: ' (step 2)' },
            ],
          },
          { label: 'Then', value: [{ kind: 'text', text: 'Next (step 2)' }] },
          { label: 'Role', value: [{ kind: 'text', text: 'scribe' }] },
          { label: 'Within', value: [{ kind: 'text', text: '90 min' }] },
          { label: 'Approve', value: [{ kind: 'text', text: 'commander' }] },
          { label: 'Ask', value: [{ kind: 'text', text: 'host' }] },
        ],
      },
    ]);
    expect(JSON.stringify(presentStep(playbook, 0, {}, [0]))).toContain('☑ one');
    expect(presentStep(playbook, 2, {})).toEqual([]);
    expect(presentStep(playbook, -1, {})).toEqual([]);
  });

  it('keeps hostile words of the playbook literal', () => {
    const hostile = '@channel <!here> <@U1> [x](javascript:alert(1)) <b>b</b> {{.State}} [y](//evil.example)';
    const playbook = parsed(
      `- [ ] ${hostile}\n\n  ${hostile}\n\n  - [ ] ${hostile}\n  - Expect: ${hostile}\n  - If not: ${hostile}\n`,
    );
    const blocks = presentStep(playbook, 0, {});
    const nodes = inlines(blocks);
    expect(new Set(nodes.map(({ kind }) => kind))).toEqual(new Set(['text']));
    const all = nodes.map((node) => ('text' in node ? node.text : '')).join('\n');
    for (const part of ['@channel', '<!here>', '<@U1>', '[x](javascript:alert(1))', '<b>b</b>', '{{.State}}']) {
      expect(all.split(part).length, part).toBeGreaterThan(3);
    }
  });

  it('puts answers in as literal text on one line, in prose, code, notes and sub-steps', () => {
    const playbook = parsed(
      [
        '- [ ] a',
        '  - Ask: host',
        '- [ ] b',
        '  ```sh',
        `  ping {host} {other} \${host} {{host}}`,
        '  ```',
        '  *On* {host} and `{host}`',
        '  - [ ] sub {host}',
        '  - Expect: {host}',
      ].join('\n'),
    );
    const answer = '**x** [y](https://evil.example) @all\n\u202erm';
    const shown = '**x** [y](https://evil.example) @all rm';
    const blocks = presentStep(playbook, 1, { host: answer, other: 'not asked for', constructor: 'no' });
    expect(blocks[1]).toEqual({ kind: 'code', text: `ping '${shown}' {other} \${host} {{host}}`, language: 'sh' });
    const nodes = inlines(blocks);
    expect(nodes.filter(({ kind }) => kind === 'link' || kind === 'strong')).toEqual([]);
    expect(nodes).toContainEqual({ kind: 'text', text: ` ${shown} and ` });
    expect(nodes).toContainEqual({ kind: 'code', text: `'${shown}'` });
    expect(nodes).toContainEqual({ kind: 'text', text: `☐ sub ${shown}` });
    expect(nodes).toContainEqual({ kind: 'text', text: shown });
  });

  it('lets an answer into the path of a link, never into its host', () => {
    const playbook = parsed(
      '- [ ] a\n  - Ask: x\n- [ ] b\n\n  [graph](https://example.org/d/{x}) [host](https://{x}/) [user](https://{x}@example.org/)\n',
    );
    const hosts = inlines(presentStep(playbook, 1, { x: 'evil.example' })).filter(({ kind }) => kind === 'link');
    expect(hosts).toEqual([{ kind: 'link', text: 'graph', href: 'https://example.org/d/evil.example' }]);
    const nodes = inlines(presentStep(playbook, 1, { x: 'evil.example/@\ud800' }));
    expect(nodes.filter(({ kind }) => kind === 'link')).toEqual([
      { kind: 'link', text: 'graph', href: 'https://example.org/d/evil.example%2F%40%EF%BF%BD' },
    ]);
    expect(nodes.map((node) => ('text' in node ? node.text : '')).join('')).toContain('[host](https://evil.example');
  });
});

describe('fill', () => {
  it('replaces only names it has answers for, and never looks at an answer again', () => {
    expect(fill('{a} {b} {c}', { a: '{b}', b: 'B' })).toBe('{b} B {c}');
    expect(fill('{a}{a}', { a: 'x' })).toBe('xx');
    expect(fill('{toString} {__proto__}', {})).toBe('{toString} {__proto__}');
  });

  it('leaves the braces of shells, templates and curl', () => {
    const other = `\${a} {{a}} {{ a }} %{a} { a } {a b} {} {a}} { {a`;
    expect(fill(other, { a: 'x', 'a b': 'y', '': 'z' })).toBe(other);
    expect(fill('user@{a}:/b', { a: 'x' })).toBe('user@x:/b');
  });
});
