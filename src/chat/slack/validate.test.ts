import { describe, expect, it } from 'vitest';
import { paragraph, text } from '../../messages/card.js';
import { renderCard } from './render.js';
import { slackProblems } from './validate.js';

const nobody = { user: () => null, channel: () => null };
const [good] = renderCard({ tone: 'neutral', summary: 's', blocks: [paragraph(text('x'))] }, nobody);
const problems = (block: unknown, more: object = {}): string[] => slackProblems({ ...good, blocks: [block], ...more });
const plain = (length: number) => ({ type: 'plain_text', text: 'x'.repeat(length), emoji: false });
const button = { type: 'button', action_id: 'a', text: plain(3), value: 'v' };
const actions = (...elements: object[]) => ({ type: 'actions', elements });
const rich = (...elements: object[]) => ({ type: 'rich_text', elements });
const section = (...elements: object[]) => rich({ type: 'rich_text_section', elements });

describe('the limits of Slack', () => {
  it('let through what keeps them', () => {
    expect(slackProblems(good)).toEqual([]);
    expect(problems({ type: 'header', text: plain(150) })).toEqual([]);
    expect(problems({ type: 'section', fields: [plain(2_000)] })).toEqual([]);
  });

  it.each<[string, unknown, string]>([
    ['a long heading', { type: 'header', text: plain(151) }, 'blocks[0].text.text: 151 characters, at most 150'],
    [
      'a heading without words',
      { type: 'header', text: { type: 'plain_text', text: ' ' } },
      'blocks[0].text.text: 0 characters, at least 1',
    ],
    [
      'a heading with markup',
      { type: 'header', text: { type: 'mrkdwn', text: 'x' } },
      'blocks[0].text: no "mrkdwn" can stand here',
    ],
    [
      '26 buttons',
      actions(...Array.from({ length: 26 }, (_, at) => ({ ...button, action_id: `${at}` }))),
      'blocks[0].elements: 26 elements, at most 25',
    ],
    [
      'a long label',
      actions({ ...button, text: plain(76) }),
      'blocks[0].elements[0].text.text: 76 characters, at most 75',
    ],
    [
      'a long value',
      actions({ ...button, value: 'v'.repeat(2_001) }),
      'blocks[0].elements[0].value: 2001 characters, at most 2000',
    ],
    ['two buttons of one id', actions(button, button), 'action_id: "a" stands twice in the message'],
    [
      'a style of ours',
      actions({ ...button, style: 'calm' }),
      'blocks[0].elements[0].style: must be primary or danger',
    ],
    [
      '11 elements of small print',
      { type: 'context', elements: Array.from({ length: 11 }, () => plain(1)) },
      'blocks[0].elements: 11 elements, at most 10',
    ],
    [
      'an empty text',
      section({ type: 'text', text: '' }),
      'blocks[0].elements[0].elements[0].text: 0 characters, at least 1',
    ],
    ['an empty line', section(), 'blocks[0].elements[0].elements: 0 elements, at least 1'],
    [
      'half a character',
      section({ type: 'text', text: 'x\ud83d' }),
      'blocks[0].elements[0].elements[0].text: half a character',
    ],
    [
      'a part of a second',
      section({ type: 'date', timestamp: 1.5, format: '{time}' }),
      'blocks[0].elements[0].elements[0].timestamp: must be a whole number',
    ],
    [
      'a crowd',
      section({ type: 'broadcast', range: 'here' }),
      'blocks[0].elements[0].elements[0]: no "broadcast" can stand here',
    ],
    [
      'a script',
      section({ type: 'link', url: 'javascript:1', text: 'x' }),
      'blocks[0].elements[0].elements[0].url: not of the form it must have',
    ],
    [
      '11 fields',
      { type: 'section', fields: Array.from({ length: 11 }, () => plain(1)) },
      'blocks[0].fields: 11 elements, at most 10',
    ],
    ['a field nobody knows', { type: 'divider', colour: 'red' }, 'blocks[0].colour: Slack knows no such field'],
    ['a block nobody knows', { type: 'constructor' }, 'blocks[0]: no "constructor" can stand here'],
    ['no block', null, 'blocks[0]: no "" can stand here'],
  ])('refuse %s', (_, block, problem) => {
    expect(problems(block)).toEqual([problem]);
  });

  it('refuse what is too much together', () => {
    expect(slackProblems({ ...good, blocks: Array.from({ length: 51 }, () => ({ type: 'divider' })) })).toEqual([
      'blocks: 51 elements, at most 50',
    ]);
    const line = section({ type: 'text', text: 'x'.repeat(2_500) });
    expect(slackProblems({ ...good, blocks: [line, line, line, line, line, line] })[0]).toMatch(
      /^blocks: \d+ characters of JSON, at most 13200$/,
    );
  });

  it('refuse a message whose text could find names, and one that is none', () => {
    expect(slackProblems({ ...good, parse: 'full' })[0]).toContain('must say none, false, false');
    expect(slackProblems({ ...good, link_names: true })).toHaveLength(1);
    expect(slackProblems(undefined)).toContain('blocks: must be a list');
  });
});
