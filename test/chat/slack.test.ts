import { beforeAll, describe, expect, it } from 'vitest';
import type { Known } from '../../src/chat/slack/inline.js';
import { renderCard } from '../../src/chat/slack/render.js';
import { anatomy, doings } from '../../src/chat/slack/testing-payload.js';
import { slackProblems } from '../../src/chat/slack/validate.js';
import type { Block, Card, Inline } from '../../src/messages/card.js';
import { literal } from '../../src/messages/literal.js';
import { compileTemplates } from '../../src/messages/render.js';
import { sampleMessages } from '../../src/messages/sample-messages.js';
import { everyCard, type Named } from './every-card.js';

const templates = compileTemplates('templates');
const known: Known = { user: (personId) => `U${personId.replace(/\W/g, '').toUpperCase()}`, channel: () => 'C42' };

const HOSTILE = [
  '<!channel> <!here> <!everyone> <@U123> <#C1|x> <!subteam^S1> <https://evil.example|click>',
  '@all @here @channel @everyone @ada',
  'https://evil.example www.evil.example mailto:a@evil.example [x](https://evil.example)',
  '*b* _i_ ~s~ `c` ```code``` > quote',
  ':skull: :red_circle: &lt;!here&gt; &amp;lt;!channel&amp;gt;',
  '@\u200bchannel <\u2060!here> \u202e@ereh',
  '<!date^1^{time}|x> |>|<',
  '"}],"type":"broadcast","range":"channel',
];

/** The card with every literal text of it replaced; numbers, times, addresses and ids stay. */
const spoiled = (card: Card, value: string): Card => {
  const replace = (key: string, part: unknown): unknown =>
    typeof part === 'string' && ['text', 'name', 'label', 'command', 'placeholder', 'summary'].includes(key)
      ? value
      : part;
  return JSON.parse(JSON.stringify(card, replace)) as Card;
};

/** What the card may do: only the nodes Muster made. */
function allowed(card: Card): string[] {
  const inline = (node: Inline): string[] => {
    if (node.kind === 'strong' || node.kind === 'emphasis') return node.children.flatMap(inline);
    if (node.kind === 'person') return node.notify ? [`user ${known.user(node.personId)}`] : [];
    if (node.kind === 'channel') return ['channel C42'];
    return node.kind === 'link' ? [`link ${new URL(node.href).href}`] : [];
  };
  const block = (each: Block): string[] => {
    if (each.kind === 'list') return each.items.flat().flatMap(inline);
    if (each.kind === 'fields') return each.fields.flatMap((field) => field.value.flatMap(inline));
    return 'content' in each ? each.content.flatMap(inline) : [];
  };
  return card.blocks.flatMap(block);
}

const sent = (card: Card) => renderCard(card, known);
const doingsOf = (card: Card): string[] => sent(card).flatMap((message) => doings({ ...message }));

describe('everything Muster says, on Slack', () => {
  let all: Named[];
  beforeAll(async () => {
    all = await everyCard('Registry: pushes fail');
  });

  it('is within the limits', () => {
    expect(all.length).toBeGreaterThan(300);
    for (const [name, card] of all) {
      expect(sent(card).flatMap(slackProblems), name).toEqual([]);
    }
  });

  it('fits one message for every template and every card of an incident', () => {
    for (const { title, card } of sampleMessages(templates)) expect(sent(card), title).toHaveLength(1);
  });

  it('calls and links only what Muster itself put there', () => {
    for (const [name, card] of all) expect(doingsOf(card), name).toEqual(allowed(card));
  });

  it.each(HOSTILE)('is as harmless with %j for each of its texts', (hostile) => {
    const harmless = literal(hostile).replace(/\S/g, 'x');
    for (const [name, card] of all) {
      const bad = spoiled(card, hostile);
      expect(doingsOf(bad), name).toEqual(allowed(card));
      expect(sent(bad).flatMap(slackProblems), name).toEqual([]);
      expect(anatomy(sent(bad)), name).toBe(anatomy(sent(spoiled(card, harmless))));
    }
  });

  it.each(HOSTILE)('is as harmless with %j typed, titled and named', async (hostile) => {
    for (const [name, card] of await everyCard(hostile)) {
      expect(doingsOf(card), name).toEqual(allowed(card));
      expect(allowed(card).join(), name).not.toContain('evil');
      expect(sent(card).flatMap(slackProblems), name).toEqual([]);
    }
  });
});
