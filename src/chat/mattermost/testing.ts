import fc from 'fast-check';
import type { Block, Button, Card, Inline } from '../../messages/card.js';
import { literal, literalLines } from '../../messages/literal.js';
import { BREAK } from './escape.js';
import type { Surroundings } from './pieces.js';
import type { Post } from './post.js';
import { markdownOf, plainOf, type Read, readMarkdown } from './read.js';

export const around: Surroundings = {
  actionUrl: 'https://muster.example.com/chat/mattermost/actions',
  context: () => ({ signature: 'f'.repeat(64) }),
  username: (personId) => (personId === 'ada' ? 'ada.l' : personId === 'evil' ? 'all' : null),
  channelName: () => null,
};

/** What a reader sees of a post's Markdown, without white space and unseen characters. */
export const squeezed = (text: string): string => text.replace(/[\s\u2028\u2029\x85]/g, '').replaceAll(BREAK, '');

const reading = (node: Read): string => node.value ?? (node.children ?? []).map(reading).join('');

const MARKS = /^\*continued, \d+ of \d+\*(\n\n|$)|(^|\n\n)\*continues below\*$/g;

/** Everything a card's posts show, squeezed, without the marks that it goes on. */
export const shownBy = (posts: readonly Post[]): string =>
  posts
    .flatMap((post) => [
      ...markdownOf({ ...post, message: post.message.replace(MARKS, '') }).map((markdown) =>
        reading(readMarkdown(markdown)),
      ),
      ...plainOf(post),
    ])
    .map(squeezed)
    .join('');

/** Every literal text of the card that a reader must find, squeezed. */
export function textsOf(card: Card): string[] {
  const found: string[] = [];
  const one = (value: string): void => {
    found.push(literal(value, Number.MAX_SAFE_INTEGER));
  };
  const inline = (node: Inline): void => {
    if ('children' in node) node.children.forEach(inline);
    else if (node.kind === 'person') {
      if (!node.notify || around.username(node.personId) !== 'ada.l') one(node.name);
    } else if (node.kind === 'channel') one(node.label);
    else if (node.kind !== 'time') one(node.text);
  };
  for (const block of card.blocks) {
    if (block.kind === 'code') found.push(literalLines(block.text, Number.MAX_SAFE_INTEGER));
    else if (block.kind === 'list') block.items.flat().forEach(inline);
    else if (block.kind === 'fields')
      for (const { label, value } of block.fields) {
        one(label);
        value.forEach(inline);
      }
    else if (block.kind === 'buttons')
      for (const { label } of block.buttons) found.push(literal(label, 80).slice(0, 70));
    else if (block.kind !== 'divider') block.content.forEach(inline);
  }
  return found.map(squeezed).filter((text) => text !== '');
}

const markup = fc.string({
  unit: fc.constantFrom(
    ...'*_`[]()<>#-|\n @~:$&!\\./+=;'.split(''),
    'a',
    '1',
    'all',
    'www',
    'https',
    'x',
    '\u200b',
    'é',
  ),
  maxLength: 60,
});
const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 80 }),
  markup,
  markup,
  fc.tuple(markup, fc.integer({ min: 1, max: 60 })).map(([text, times]) => text.repeat(times)),
);

const leaf: fc.Arbitrary<Inline> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('text' as const), text: anyText }) },
  fc.record({ kind: fc.constant('code' as const), text: anyText }),
  fc.record({ kind: fc.constant('link' as const), text: anyText, href: fc.webUrl({ withQueryParameters: true }) }),
  fc.record({
    kind: fc.constant('time' as const),
    at: fc.integer({ min: 0, max: 4e12 }),
    style: fc.constantFrom('clock' as const, 'date' as const, 'relative' as const),
  }),
  fc.record({
    kind: fc.constant('person' as const),
    personId: fc.constantFrom('ada', 'bob', 'evil'),
    name: anyText,
    notify: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant('channel' as const),
    channel: fc.constant({ to: 'named' as const, name: 'triage' as const }),
    label: anyText,
  }),
);
const marked = fc.record({
  kind: fc.constantFrom('strong' as const, 'emphasis' as const),
  children: fc.array(leaf, { maxLength: 4 }),
});
const content = fc.array(fc.oneof({ weight: 3, arbitrary: leaf }, marked), { maxLength: 6 });
const button: fc.Arbitrary<Button> = fc.record(
  {
    label: anyText,
    command: anyText.map((text) => `/incident ${text}`),
    style: fc.constantFrom('primary' as const, 'danger' as const),
    input: fc.record({ label: anyText, required: fc.boolean() }),
  },
  { requiredKeys: ['label', 'command'] },
);
const block: fc.Arbitrary<Block> = fc.oneof(
  fc.record({
    kind: fc.constantFrom('heading' as const, 'paragraph' as const, 'quote' as const, 'note' as const),
    content,
  }),
  fc.record({ kind: fc.constant('list' as const), ordered: fc.boolean(), items: fc.array(content, { maxLength: 8 }) }),
  fc.record({
    kind: fc.constant('code' as const),
    text: anyText,
    language: fc.constantFrom('sh', 'latex', 'a b', '```'),
  }),
  fc.record({
    kind: fc.constant('fields' as const),
    fields: fc.array(fc.record({ label: anyText, value: content }), { maxLength: 6 }),
  }),
  fc.record({ kind: fc.constant('buttons' as const), buttons: fc.array(button, { maxLength: 12 }) }),
  fc.record({ kind: fc.constant('divider' as const) }),
);
export const anyCard: fc.Arbitrary<Card> = fc.record({
  tone: fc.constantFrom('neutral', 'sev1', 'sev2', 'sev3', 'good', 'warning'),
  summary: anyText,
  blocks: fc.array(block, { maxLength: 10 }),
});

/** Calls that the card means: its links, and whom it tells. */
export function meantBy(card: Card): (call: string) => boolean {
  const hrefs: string[] = [];
  let tells = false;
  JSON.stringify(card.blocks, (_, value) => {
    if (value?.kind === 'link') hrefs.push(value.href);
    if (value?.kind === 'person' && value.notify && value.personId === 'ada') tells = true;
    return value;
  });
  const same = (call: string): boolean => hrefs.some((href) => decoded(href) === decoded(call));
  return (call) => same(call) || (tells && call === '@ada.l');
}
const decoded = (href: string): string =>
  href.replace(/%[0-9A-F]{2}/gi, (each) => String.fromCharCode(Number.parseInt(each.slice(1), 16)));
