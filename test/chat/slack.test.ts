import { beforeAll, describe, expect, it } from 'vitest';
import type { Known } from '../../src/chat/slack/inline.js';
import { renderCard } from '../../src/chat/slack/render.js';
import { anatomy, doings } from '../../src/chat/slack/testing-payload.js';
import { slackProblems } from '../../src/chat/slack/validate.js';
import { verbs } from '../../src/commands/verbs.js';
import type { Inline } from '../../src/messages/card.js';
import { type Block, type Card, paragraph, text } from '../../src/messages/card.js';
import { fallback } from '../../src/messages/fallback.js';
import { literal } from '../../src/messages/literal.js';
import { compileTemplates } from '../../src/messages/render.js';
import { sampleMessages } from '../../src/messages/sample-messages.js';
import { samples, templateNames } from '../../src/messages/samples.js';
import { situationCard } from '../../src/messages/situation.js';
import { triageCard } from '../../src/messages/triage-card.js';
import { opened, people, playbook, Room } from '../commands/room.js';

const templates = compileTemplates('templates');
const known: Known = { user: (personId) => `U${personId.replace(/\W/g, '').toUpperCase()}`, channel: () => 'C42' };

/** Everything that can be said: templates and their built-in forms, all cards, and the answer to every verb, typed well and badly, in and outside of a channel. */
async function everyCard(title: string): Promise<[string, Card][]> {
  const said: [string, Card][] = [
    ...sampleMessages(templates).map(({ title: name, card }): [string, Card] => [name, card]),
    ...templateNames.map((name): [string, Card] => [
      `${name}, built in`,
      { tone: 'neutral', summary: name, blocks: fallback(name, samples[name]) },
    ]),
  ];
  const rooms = () => [
    opened('sev1', false, title),
    opened('sev3', false, title),
    opened('sev1', true, title),
    new Room(),
  ];
  for (const verb of verbs) {
    const lines = [verb.name, `${verb.name} ${title}`, ...verb.examples, `help ${verb.name}`];
    for (const line of lines)
      for (const [where, room] of rooms().entries()) {
        if (where === 1) await room.type('next');
        const { reply } = await room.type(line);
        const card = reply.card ?? { tone: 'neutral', summary: reply.text, blocks: [paragraph(text(reply.text))] };
        said.push([`${line}, room ${where}`, card]);
      }
  }
  for (const line of ['', 'help', 'reslove', 'reslove now', title]) {
    const room = opened('sev1', false, title);
    const { reply } = await room.type(line);
    if (reply.card) said.push([`/incident ${line}`, reply.card]);
  }
  for (const severity of ['sev1', 'sev2', 'sev3'] as const) {
    const room = opened(severity, false, title);
    const about = {
      names: new Map(people.map(({ personId }) => [personId, title])),
      now: room.now,
      publicUrl: 'http://127.0.0.1:7370',
      playbook,
    };
    await room.type('take');
    await room.type(`impact ${title}`);
    said.push([`situation ${severity}`, situationCard(room.incident('i1'), about)]);
    const triage = triageCard(room.incident('i1'), about);
    if (triage) said.push([`triage ${severity}`, triage]);
  }
  const seen = new Map(said.map(([name, card]) => [JSON.stringify(card), [name, card] as [string, Card]]));
  return [...seen.values()];
}

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
  let all: [string, Card][];
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
