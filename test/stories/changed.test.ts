import { afterEach, expect, it } from 'vitest';
import { makeAlert } from '../../src/alerts/make.js';
import type { EventBodies } from '../../src/incident/events.js';
import { machine } from '../../src/people/viewer.js';
import { type Story, story } from './story.js';

let told: Story;
afterEach(() => told.end());

const file = `open-on-loopback: true
people:
  ada: { name: Ada }
services:
  registry: { tier: 2, owner: ada, second-owner: ada, aliases: [harbor] }
  web: { tier: 2, owner: ada, second-owner: ada, depends-on: [registry] }
  mail: { tier: 2, owner: ada, second-owner: ada }
`;
const change = (service: string, summary: string, href = 'https://ci.example.com/jobs/77') =>
  told.alerts('pagerduty-events-v2', {
    payload: { summary, source: 'ci', custom_details: { service } },
    links: [{ href, text: '@all click' }],
  });
const fire = (service: string) =>
  told.alerts('generic', { alerts: [{ title: `${service} fails`, service, severity: 'critical' }] });
async function card(name: string) {
  await told.forward({ seconds: 2 });
  const found = (await told.channel(name)).find(({ pinned }) => pinned);
  const fields = found?.card.blocks.flatMap((block) => (block.kind === 'fields' ? block.fields : [])) ?? [];
  return { text: found?.text ?? '', value: fields.find(({ label }) => label === 'Changed before')?.value ?? null };
}

it('what was changed on a service, or on what it depends on, stands on the card of what begins within two hours', async () => {
  told = await story({ file });
  await change('harbor', 'Too long ago');
  await told.forward({ minutes: 115 });
  await change('harbor', 'v2.3 of <!channel> **rolled out**');
  await change('mail', 'Another queue');
  await told.forward({ minutes: 12 });
  await told.alerts('github', {
    action: 'created',
    repository: { full_name: 'acme/web', name: 'web', default_branch: 'main' },
    deployment: { id: 1, ref: 'v7', environment: 'production', task: 'deploy' },
    deployment_status: { id: 2, state: 'success', environment: 'production' },
  });
  await told.forward({ minutes: 1 });
  await fire('web');
  const { text, value } = await card('inc-1');
  expect(text).toContain('web: deployed v7 to production (1 min before');
  expect(text).toContain('web → registry: v2.3 of <!channel> **rolled out** (13 min before, ci.example.com');
  expect(text).not.toMatch(/Too long ago|Another queue|click/);
  // Whatever its words are, they are words; only the address leads somewhere.
  expect(value?.map(({ kind }) => kind)).toEqual(['text', 'text', 'text', 'text', 'link', 'text']);

  const { id } = await told.incident(1);
  const noted = async () =>
    (await told.bot.store.timeline(machine, id)).flatMap(({ type, body }) =>
      type === 'changesNoted' ? (body as EventBodies['changesNoted']).changes.map(({ text }) => text) : [],
    );
  expect(await noted()).toEqual(['deployed v7 to production', 'v2.3 of <!channel> **rolled out**']);
  expect((await told.get('/incidents/1/timeline')).text).toContain('Changed before it began');
  const posts = (await told.channel('inc-1')).length;
  await told.restart();
  await fire('web');
  expect(await noted()).toHaveLength(2);
  expect((await told.channel('inc-1')).length).toBe(posts);
});

it('also of what a person declares, and of what waits in the triage queue; one in the same moment counts', async () => {
  told = await story({ file });
  const { engine, store } = told.bot;
  const at = { source: 'ci', receivedAt: told.now() };
  const tells = { text: 'x', of: { service: 'mail' }, change: { text: 'Another queue', link: null } };
  const changed = { ...at, alerts: [], passedOver: { name: 'change', why: 'no alert', tells } };
  const mail = makeAlert(at, {
    key: ['mail'],
    firing: true,
    name: 'mail fails',
    service: 'mail',
    severity: 'critical',
  });
  // While the first is written the others wait, and are taken together.
  await Promise.all([
    engine.intake({ ...at, alerts: [] }),
    engine.intake(changed),
    engine.intake({ ...at, alerts: [mail] }),
  ]);
  expect(await store.changesSince(0, 10)).toHaveLength(1);
  expect((await card('inc-1')).text).toContain('mail: Another queue (less than a minute before)');
  await change('registry', 'v2.4');
  await told.say('Ada', '/incident declare Pulls hang --service registry');
  expect((await card('inc-2')).text).toContain('registry: v2.4 (less than a minute before, ci.example.com');
  await change('docs', 'v1.1');
  await told.alerts('generic', { alerts: [{ title: 'docs is slow', service: 'docs' }] });
  await told.forward({ seconds: 2 });
  const entry = (await told.channel('triage')).find(({ text }) => text.includes('docs'));
  expect(entry?.text).toContain('docs: v1.1 (less than a minute before, ci.example.com');
});
