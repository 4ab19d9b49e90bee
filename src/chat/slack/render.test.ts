import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Block, type Button, type Card, type Inline, paragraph, text } from '../../messages/card.js';
import { literal, literalLines } from '../../messages/literal.js';
import { formatTime } from '../../messages/zones.js';
import type { ButtonElement, SlackBlock, SlackMessage } from './blocks.js';
import { pressed } from './buttons.js';
import type { Known } from './inline.js';
import { renderCard } from './render.js';
import { doings, shownWords } from './testing-payload.js';
import { slackProblems } from './validate.js';

const at = Date.UTC(2026, 10, 21, 2, 41);
const known: Known = {
  user: (personId) => (personId === 'ada' ? 'U1ADA' : null),
  channel: ({ to }) => (to === 'incident' ? 'C42' : null),
};
const card = (blocks: Block[], tone: Card['tone'] = 'neutral'): Card => ({
  tone,
  summary: 'Registry: pushes fail',
  blocks,
});
const render = (blocks: Block[], tone?: Card['tone']): SlackMessage[] => renderCard(card(blocks, tone), known);
const blocksOf = (messages: readonly SlackMessage[]): SlackBlock[] => messages.flatMap(({ blocks }) => blocks);
const richOf = (messages: readonly SlackMessage[]) =>
  blocksOf(messages).flatMap((block) => (block.type === 'rich_text' ? block.elements : []));
const buttonsOf = (messages: readonly SlackMessage[]): ButtonElement[] =>
  blocksOf(messages).flatMap((block) => (block.type === 'actions' ? block.elements : []));
const button = (label: string, more: Partial<Button> = {}): Button => ({ label, command: '/incident ack', ...more });
const problemsIn = (messages: readonly SlackMessage[]): string[] => messages.flatMap(slackProblems);

describe('a card on Slack', () => {
  it('is one message with its summary as the notification', () => {
    const [message, ...more] = render([paragraph(text('Three alerts fire.'))]);
    expect(more).toEqual([]);
    expect(message).toEqual({
      text: 'Registry: pushes fail',
      blocks: [
        {
          type: 'rich_text',
          elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: 'Three alerts fire.' }] }],
        },
      ],
      ...{ parse: 'none', link_names: false, mrkdwn: false, unfurl_links: false, unfurl_media: false },
    });
  });

  it('has the colour of its tone before its first line', () => {
    expect(blocksOf(render([{ kind: 'heading', content: [text('#42')] }], 'sev1'))[0]).toMatchObject({
      type: 'header',
      text: { text: '🔴 #42' },
    });
    expect(shownWords(render([paragraph(text('x'))], 'good'))).toBe('🟢x');
    expect(shownWords(render([paragraph(text('x'))], 'neutral'))).toBe('x');
  });

  it('shows a time in the zone of whoever reads it, and in UTC where that fails', () => {
    const time = (style: 'clock' | 'date' | 'relative'): Inline => ({ kind: 'time', at, style });
    expect(richOf(render([paragraph(time('clock'), time('date'), time('relative'))]))).toMatchObject([
      {
        elements: [
          { type: 'date', timestamp: at / 1_000, format: '{time}', fallback: '02:41 UTC' },
          { type: 'date', format: '{date_short} {time}', fallback: '21 Nov 02:41 UTC' },
          { type: 'date', format: '{date_short_pretty} {time}', fallback: '21 Nov 02:41 UTC' },
        ],
      },
    ]);
    expect(blocksOf(render([{ kind: 'note', content: [text('as of '), time('clock')] }]))).toEqual([
      {
        type: 'context',
        elements: [
          { type: 'plain_text', text: 'as of ', emoji: false },
          { type: 'mrkdwn', text: `<!date^${at / 1_000}^{time}|02:41 UTC>`, verbatim: true },
        ],
      },
    ]);
    for (const odd of [Number.NaN, -1, 8.64e15, Number.POSITIVE_INFINITY])
      expect(problemsIn(render([paragraph({ kind: 'time', at: odd, style: 'date' })]))).toEqual([]);
  });

  it('calls a person only when it should, and only one it knows', () => {
    const person = (personId: string, notify: boolean): Inline => ({ kind: 'person', personId, name: 'Ada', notify });
    expect(doings(render([paragraph(person('ada', true))])[0] as never)).toEqual(['user U1ADA']);
    for (const silent of [person('ada', false), person('bob', true)]) {
      const messages = render([paragraph(silent), { kind: 'note', content: [silent] }]);
      expect(doings(messages[0] as never)).toEqual([]);
      expect(shownWords(messages)).toBe('AdaAda');
    }
  });

  it('links to the web, and to a channel it knows', () => {
    const link = (href: string): Inline => ({ kind: 'link', text: 'the page', href });
    expect(doings(render([paragraph(link('https://example.com/a?b=c&d'))])[0] as never)).toEqual([
      'link https://example.com/a?b=c&d',
    ]);
    for (const href of ['javascript:alert(1)', 'not one', '', `https://example.com/${'x'.repeat(3_000)}`]) {
      const messages = render([paragraph(link(href))]);
      expect(doings(messages[0] as never)).toEqual([]);
      expect(shownWords(messages)).toContain('thepage');
    }
    const channel = (to: 'incident' | 'named'): Inline => ({
      ...{ kind: 'channel', label: '#inc-42' },
      channel: to === 'incident' ? { to, incidentId: 'i' } : { to, name: 'triage' },
    });
    expect(shownWords(render([paragraph(channel('incident'), channel('named'))]))).toBe('C42#inc-42');
  });

  it('counts an ordered list on where it goes over, and past an item without words', () => {
    const items = Array.from({ length: 300 }, (_, index) =>
      index === 3 ? [text(' ')] : [text(`step ${index + 1} of many`)],
    );
    const lists = richOf(render([{ kind: 'list', ordered: true, items }])).flatMap((each) =>
      each.type === 'rich_text_list' ? each : [],
    );
    expect(lists.length).toBeGreaterThan(2);
    for (const { offset = 0, elements } of lists)
      expect(elements[0]?.elements).toEqual([{ type: 'text', text: `step ${offset + 1} of many` }]);
  });
});

describe('a button on Slack', () => {
  it('carries its command, whom it is for, and what to ask first', () => {
    const input = { label: 'Why?', placeholder: 'a reason', value: 'because', required: true };
    const [run, ask] = buttonsOf(
      render([
        {
          kind: 'buttons',
          buttons: [button('Acknowledge', { incidentId: 'i1', style: 'primary' }), button('Skip', { input })],
        },
      ]),
    );
    expect(run).toMatchObject({ action_id: 'run-1', style: 'primary', text: { text: 'Acknowledge' } });
    expect(pressed(run?.value ?? '')).toEqual({ command: '/incident ack', incidentId: 'i1' });
    expect(ask).toMatchObject({ action_id: 'ask-2', text: { text: 'Skip…' } });
    expect(pressed(ask?.value ?? '')).toEqual({ command: '/incident ack', input });
    expect(pressed('x')).toBeNull();
    expect(pressed('{"a":1}')).toBeNull();
  });

  it('leaves out what only helps with typing before it leaves out the command', () => {
    const input = { label: 'The update', placeholder: 'p', value: 'v'.repeat(3_000), required: true };
    const [one] = buttonsOf(render([{ kind: 'buttons', buttons: [button('Post…', { input })] }]));
    expect(pressed(one?.value ?? '')).toEqual({
      command: '/incident ack',
      input: { label: 'The update', placeholder: 'p', required: true },
    });
    const [two] = buttonsOf(
      render([{ kind: 'buttons', buttons: [button('Post…', { input: { ...input, label: 'l'.repeat(3_000) } })] }]),
    );
    expect(pressed(two?.value ?? '')?.input).toMatchObject({ required: true });
  });

  it('whose command no button takes is written out, to be typed', () => {
    const command = `/incident note ${'x'.repeat(2_500)}`;
    const messages = render([{ kind: 'buttons', buttons: [button('Say it', { command })] }]);
    expect(buttonsOf(messages)).toEqual([]);
    expect(shownWords(messages)).toBe(`Sayit:${command}`.replaceAll(' ', ''));
  });

  it('whose label is too long has it in full above', () => {
    const label = 'Declare an incident '.repeat(6).trim();
    const messages = render([{ kind: 'buttons', buttons: [button(label)] }]);
    expect(shownWords(messages)).toBe(label.replaceAll(' ', ''));
    expect(buttonsOf(messages)[0]?.text.text).toMatch(/…$/);
  });
});

describe('a card over the limits', () => {
  const log = Array.from({ length: 400 }, (_, line) =>
    `${line} error: "push" of <layer> & retry @here `.padEnd(50, '.'),
  ).join('\n');
  const words = (count: number) => Array.from({ length: count }, (_, index) => `word${index}`).join(' ');
  const big: [string, Block[], string][] = [
    ['of 60 parts', Array.from({ length: 60 }, (_, index) => paragraph(text(`part ${index}`))), 'part 59'],
    ['with a log of 20,000 characters', [{ kind: 'code', text: log }], '399 error:'],
    ['with a log in one line', [{ kind: 'code', text: '"'.repeat(20_000) }], '"'.repeat(500)],
    [
      'with 100 alerts',
      [
        {
          kind: 'list',
          ordered: false,
          items: Array.from({ length: 100 }, (_, index) => [text(`alert ${index} ${'on a host '.repeat(12)}`)]),
        },
      ],
      'alert 99',
    ],
    [
      'with 40 buttons',
      [{ kind: 'buttons', buttons: Array.from({ length: 40 }, (_, index) => button(`Button ${index}`)) }],
      '',
    ],
    [
      'with labels of 80 characters',
      [
        {
          kind: 'fields',
          fields: Array.from({ length: 30 }, (_, index) => ({
            label: `${index}`.padEnd(80, 'l'),
            value: [text(words(200))],
          })),
        },
      ],
      '29lll',
    ],
    ['with a heading of 2,000 characters', [{ kind: 'heading', content: [text(words(300))] }], 'word299'],
    ['with a note of 20,000 characters', [{ kind: 'note', content: [text(words(2_500))] }], 'word2499'],
    [
      'with an item of 20,000 characters',
      [{ kind: 'list', ordered: true, items: [[text('a')], [text(words(2_500))], [text('z')]] }],
      'word2499',
    ],
    [
      'with a quote of 20,000 characters',
      [{ kind: 'quote', content: [{ kind: 'strong', children: [text(words(2_500))] }] }],
      'word2499',
    ],
  ];

  it.each(big)('%s goes over several messages, each valid, and loses nothing', (_, blocks, last) => {
    const messages = render(blocks);
    expect(problemsIn(messages)).toEqual([]);
    expect(messages.flatMap((message) => doings(message as never))).toEqual([]);
    expect(shownWords(messages)).toBe(expectedWords(card(blocks)));
    expect(shownWords(messages)).toContain(last.replaceAll(' ', ''));
  });

  it('says on each part which it is, and that more is below', () => {
    const messages = render((big[0] as (typeof big)[0])[1]);
    expect(messages.map((message) => message.text)).toEqual([
      'Registry: pushes fail (part 1 of 2)',
      'Registry: pushes fail (part 2 of 2)',
    ]);
    expect(messages[0]?.blocks.at(-1)).toMatchObject({
      type: 'context',
      elements: [{ text: 'Part 1 of 2, more below' }],
    });
    expect(messages[1]?.blocks[0]).toMatchObject({ type: 'context', elements: [{ text: 'Part 2 of 2, continued' }] });
  });

  it('keeps all 40 buttons, at most 25 in a row, each with an id of its own', () => {
    const messages = render((big[4] as (typeof big)[0])[1]);
    expect(buttonsOf(messages).map((each) => each.text.text)).toEqual(
      Array.from({ length: 40 }, (_, index) => `Button ${index}`),
    );
    expect(new Set(buttonsOf(messages).map((each) => each.action_id)).size).toBe(40);
  });

  it('breaks a log between lines', () => {
    const blocks = richOf(render([{ kind: 'code', text: log }]));
    expect(blocks.length).toBeGreaterThan(3);
    for (const { elements } of blocks) expect((elements[0] as { text: string }).text).toMatch(/^\d+ error/);
  });

  it('never ends a part with a heading', () => {
    const parts = render(
      Array.from(
        { length: 100 },
        (_, index): Block =>
          index % 2 === 0 ? { kind: 'heading', content: [text(`h${index}`)] } : paragraph(text('x')),
      ),
    );
    expect(parts.length).toBeGreaterThan(2);
    for (const { blocks } of parts.slice(0, -1)) expect(blocks.at(-2)?.type).toBe('rich_text');
  });
});

/** What must be read of a card, in order, without white space; buttons are counted apart. */
function expectedWords({ summary, blocks }: Card): string {
  const line = (content: readonly Inline[]): string =>
    content
      .map((node) => {
        if (node.kind === 'strong' || node.kind === 'emphasis') return line(node.children);
        if (node.kind === 'time') return formatTime(node.at, 'UTC', node.style === 'clock' ? 'clock' : 'date');
        if (node.kind === 'person') return (node.notify && known.user(node.personId)) || clean(node.name);
        if (node.kind === 'channel') return known.channel(node.channel) ?? clean(node.label);
        if (node.kind === 'link' && clean(node.text) === '' && /^https?:/.test(node.href)) return clean(node.href);
        return clean(node.text);
      })
      .join('');
  const shown = blocks
    .map((block) => {
      if (block.kind === 'code') return literalLines(block.text, Number.MAX_SAFE_INTEGER);
      if (block.kind === 'list') return block.items.map(line).join('');
      if (block.kind === 'fields')
        return block.fields
          .map(({ label, value }) => `${clean(label)}${clean(label) === '' ? '' : ':'}${line(value)}`)
          .join('');
      return 'content' in block ? line(block.content) : '';
    })
    .join('')
    .replace(/\s+/g, '');
  const empty = blocks.every(({ kind }) => kind !== 'buttons' && kind !== 'divider') && shown === '';
  return empty ? (clean(summary) || 'Muster has a message.').replace(/\s+/g, '') : shown;
}
const clean = (value: string): string => literal(value, Number.MAX_SAFE_INTEGER);

describe('any card at all', () => {
  const words = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.constantFrom('<!here>', '@channel ', '*b* `c`', '<https://x.example|y>', '\u200b', ' ', '', ':skull:', '👩‍🚒'),
    fc.string({ maxLength: 20 }).map((each) => each.repeat(300)),
  );
  const { inline } = fc.letrec<{ inline: Inline }>((tie) => ({
    inline: fc.oneof(
      { maxDepth: 2 },
      fc.record({ kind: fc.constantFrom('text' as const, 'code' as const), text: words }),
      fc.record({
        kind: fc.constantFrom('strong' as const, 'emphasis' as const),
        children: fc.array(tie('inline') as fc.Arbitrary<Inline>, { maxLength: 3 }),
      }),
      fc.record({ kind: fc.constant('link' as const), text: words, href: fc.constant('https://example.com/a') }),
      fc.record({
        kind: fc.constant('time' as const),
        at: fc.oneof(fc.integer({ min: 0, max: 4e12 }), fc.double()),
        style: fc.constantFrom('clock' as const, 'date' as const, 'relative' as const),
      }),
      fc.record({
        kind: fc.constant('person' as const),
        personId: fc.constantFrom('ada', 'bob'),
        name: words,
        notify: fc.boolean(),
      }),
      fc.record({
        kind: fc.constant('channel' as const),
        channel: fc.constantFrom(
          { to: 'incident' as const, incidentId: 'i' },
          { to: 'named' as const, name: 'triage' as const },
        ),
        label: words,
      }),
    ),
  }));
  const content = fc.array(inline, { maxLength: 6 });
  const anyButton = fc.record(
    {
      label: fc.string({ maxLength: 70 }),
      command: fc.string({ maxLength: 1_500 }),
      incidentId: fc.uuid(),
      style: fc.constantFrom('primary' as const, 'danger' as const),
      input: fc.record({ label: words, placeholder: words, value: words, required: fc.boolean() }),
    },
    { requiredKeys: ['label', 'command'] },
  );
  const block: fc.Arbitrary<Block> = fc.oneof(
    fc.record({
      kind: fc.constantFrom('heading' as const, 'paragraph' as const, 'quote' as const, 'note' as const),
      content,
    }),
    fc.record({
      kind: fc.constant('list' as const),
      ordered: fc.boolean(),
      items: fc.array(content, { maxLength: 30 }),
    }),
    fc.record({ kind: fc.constant('code' as const), text: words }),
    fc.record({
      kind: fc.constant('fields' as const),
      fields: fc.array(fc.record({ label: words, value: content }), { maxLength: 8 }),
    }),
    fc.record({ kind: fc.constant('buttons' as const), buttons: fc.array(anyButton, { maxLength: 30 }) }),
    fc.constant({ kind: 'divider' as const }),
  );
  const anyCard: fc.Arbitrary<Card> = fc.record({
    tone: fc.constant('neutral' as const),
    summary: words,
    blocks: fc.array(block, { maxLength: 12, size: '+1' }),
  });

  it('becomes messages Slack takes, which say everything once and in order, and call or link nothing of their own', () => {
    fc.assert(
      fc.property(anyCard, (any) => {
        const messages = renderCard(any, known);
        expect(problemsIn(messages)).toEqual([]);
        const spoken = any.blocks.some(({ kind }) => kind === 'buttons');
        if (!spoken) expect(shownWords(messages)).toBe(expectedWords(any));
        for (const message of messages)
          for (const doing of doings(message as never))
            expect(doing).toMatch(/^(user U1ADA|channel C42|link https:\/\/example\.com\/a)$/);
        const wanted = any.blocks.flatMap((each) => (each.kind === 'buttons' ? each.buttons : []));
        const carried = buttonsOf(messages).map(({ value }) => pressed(value)?.command);
        const written = shownWords(messages);
        for (const { command } of wanted)
          expect(carried.includes(command) || written.includes(clean(command).replace(/\s+/g, ''))).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});
