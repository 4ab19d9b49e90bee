import { readdirSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { renderCard as renderMattermost } from '../../src/chat/mattermost/render.js';
import { around, meantBy } from '../../src/chat/mattermost/testing.js';
import { callsOf, crowdsOf, problemsOf } from '../../src/chat/mattermost/validate.js';
import type { Known } from '../../src/chat/slack/inline.js';
import { renderCard as renderSlack } from '../../src/chat/slack/render.js';
import { doings } from '../../src/chat/slack/testing-payload.js';
import { slackProblems } from '../../src/chat/slack/validate.js';
import type { Card, Inline } from '../../src/messages/card.js';
import { everyCard, everySaying, type Named } from './every-card.js';

/** What calls a crowd or somebody, or leads away, on either platform. */
const hostile: [string, string][] = [
  ['calls as Slack reads them', '<!channel> <!here> <!everyone> <!subteam^S012AB|@ops> <@U012AB> <#C012AB|x>'],
  ['calls as Mattermost reads them', '@all @channel @here (@all) @ada.l @muster.ann ~town-square #tag :smile:'],
  ['links and what is written round', '[x](https://evil.example) <https://evil.example|@x> &lt;!channel&gt; \\@here'],
];

const slack: Known = { user: (personId) => `U${personId.replace(/\W/g, '').toUpperCase()}`, channel: () => 'C42' };
const mattermost = { ...around, username: (personId: string) => `muster.${personId.toLowerCase().replace(/\W/g, '')}` };

/** The nodes of a card that may do something. */
function nodesOf(card: Card): Inline[] {
  const found: Inline[] = [];
  JSON.stringify(card.blocks, (_, value) => {
    if (['person', 'link', 'channel'].includes(value?.kind)) found.push(value);
    return value;
  });
  return found;
}
const told = (card: Card): string[] =>
  nodesOf(card).flatMap((node) => (node.kind === 'person' && node.notify ? [node.personId] : []));

/** Whom and what a card calls on Slack beside whom it tells, and what Slack would refuse. */
function onSlack(card: Card): string[] {
  const means = new Set([
    ...told(card).map((personId) => `user ${slack.user(personId)}`),
    ...nodesOf(card).flatMap((node) =>
      node.kind === 'link' ? [`link ${new URL(node.href).href}`] : node.kind === 'channel' ? ['channel C42'] : [],
    ),
  ]);
  const messages = renderSlack(card, slack);
  const does = messages.flatMap((message) => doings({ ...message }));
  return [...does.filter((doing) => !means.has(doing)), ...messages.flatMap(slackProblems)];
}

function onMattermost(card: Card): string[] {
  const means = meantBy(card);
  const people = told(card).map((personId) => `@${mattermost.username(personId)}`);
  const posts = renderMattermost(card, mattermost);
  return [...callsOf(posts).filter((call) => !means(call) && !people.includes(call)), ...problemsOf(posts)];
}

describe.each(hostile)('with %s in all that came from outside', (_, words) => {
  let said: Named[];
  let missing: string[];
  beforeAll(async () => {
    const sayings = everySaying(words);
    missing = sayings.missing;
    said = [...(await everyCard(words)), ...sayings.cards];
  }, 60_000);

  it('everything Muster can say is among what is looked at', () => {
    expect(missing).toEqual([]);
    process.stdout.write(
      `hostile payloads: ${said.length} cards on Slack and Mattermost with ${words.slice(0, 24)}…\n`,
    );
    expect(said.filter(([, card]) => told(card).length > 0).length).toBeGreaterThan(20);
    const situations = said.filter(([name]) => name.startsWith('situation')).map(([, { blocks }]) => blocks);
    const fields = situations.flat().flatMap((block) => (block.kind === 'fields' ? block.fields : []));
    const shown = new Set(fields.map(({ label }) => label));
    for (const label of [
      'Alert storm',
      'Comes and goes',
      'Symptoms',
      'Reach',
      'Changed before',
      'Probable cause',
      'Look first',
      'Runbook',
    ])
      expect(shown, label).toContain(label);
  });

  it('no payload for Slack calls or leads anywhere but what Muster itself put there', () => {
    for (const [name, card] of said) {
      expect(onSlack(card), name).toEqual([]);
      for (const node of nodesOf(card)) if (node.kind === 'link') expect(node.href, name).not.toContain('evil');
    }
  });

  it('no post for Mattermost calls or leads anywhere but what Muster itself put there', () => {
    for (const [name, card] of said) expect(onMattermost(card), name).toEqual([]);
  });
});

describe('what the looking would see', () => {
  it.each([
    ['a text that is passed on as markup', { kind: 'person', personId: 'x', name: 'X', notify: true } as const],
    ['a link that leads away', { kind: 'link', text: 'x', href: 'https://evil.example' } as const],
  ])('%s is seen when nothing says that it is meant', (_, node) => {
    const card: Card = { tone: 'neutral', summary: 's', blocks: [{ kind: 'paragraph', content: [node] }] };
    const [message] = renderSlack(card, slack);
    expect(doings({ ...message })).toHaveLength(1);
    expect(callsOf(renderMattermost(card, mattermost))).not.toEqual([]);
  });

  it('a crowd in a fallback text is seen', () => {
    const [message] = renderSlack({ tone: 'neutral', summary: 's', blocks: [] }, slack);
    expect(doings({ ...message, text: 'now <!channel>' })).not.toEqual([]);
    const [post] = renderMattermost({ tone: 'sev1', summary: 's', blocks: [] }, mattermost);
    expect(crowdsOf([{ message: 'x', props: { ...post?.props, attachments: [{ fallback: 'now @all' }] } }])).toContain(
      '@all',
    );
  });
});

/**
 * Only these make nodes that call somebody or lead somewhere, and each is in what is looked at here. Whatever else makes
 * a card makes it of words, and of those the renderers' own tests hold for any card at all.
 */
const makers: Record<string, string> = {
  'src/audiences/way-in.ts': 'names people without calling them; test/stories/way-in.test.ts',
  'src/commands/verbs/declare.ts': 'every verb',
  'src/commands/verbs/split.ts': 'every verb',
  'src/commands/verbs/web.ts': 'every verb',
  'src/messages/approvals.ts': 'every saying',
  'src/messages/briefing.ts': 'every saying',
  'src/messages/catch-up.ts': 'what was missed',
  'src/messages/escalation-cards.ts': 'every saying',
  'src/messages/fallback-updates.ts': 'built in',
  'src/messages/fill.ts': 'every template',
  'src/messages/gate-cards.ts': 'every saying',
  'src/messages/home-card.ts': 'home',
  'src/messages/link-cards.ts': 'every saying',
  'src/messages/mirrored.ts': 'every saying, mirrored',
  'src/messages/outage-cards.ts': 'every saying',
  'src/messages/page-cards.ts': 'every saying, the roster of a page that nobody answers',
  'src/messages/situation-changed.ts': 'situation card',
  'src/messages/situation-symptoms.ts': 'situation card',
  'src/messages/situation-walk.ts': 'situation card',
  'src/messages/situation-crew.ts': 'situation card',
  'src/messages/situation.ts': 'situation card',
  'src/messages/step-card.ts': 'step card',
  'src/messages/markdown.ts': 'every template',
  'src/messages/triage-card.ts': 'triage card',
  'src/messages/words.ts': 'every template',
  'src/reports/on-call-report.ts': 'every verb',
};
const makesNodes = /kind: 'person',[^}]*\bname\b|kind: '(link|channel)',(?! ?children)|kind: '(link|channel)' as const/;

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((each) => {
    const path = `${folder}/${each.name}`;
    if (each.isDirectory()) return path === 'src/chat' ? [] : sources(path);
    return each.name.endsWith('.ts') && !/test/.test(each.name) ? [path] : [];
  });
}

it('a new place where a card may call somebody or lead somewhere is looked at too', () => {
  const made = sources('src').filter((file) => makesNodes.test(readFileSync(file, 'utf8')));
  expect(made.sort()).toEqual(Object.keys(makers).sort());
});
