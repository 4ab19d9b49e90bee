import { afterEach, expect, it } from 'vitest';
import type { EventBodies } from '../../src/incident/events.js';
import { machine } from '../../src/people/viewer.js';
import { type Story, story } from './story.js';

let told: Story;
afterEach(() => told.end());

const file = `open-on-loopback: true
people:
  ada: { name: Ada }
  bob: { name: Bob }
  lea: { name: Lea }
services:
  registry: { tier: 3, owner: lea, second-owner: bob, symptoms: Pulls hang, first-check: The disk of the blob store }
  api: { tier: 2, depends-on: [registry] }
  web: { tier: 1, owner: bob, second-owner: lea, depends-on: [api] }
  docs: { tier: 3, depends-on: [registry] }
  wiki: { tier: 3, depends-on: [registry] }
dependencies: { settle: 10m }
escalations:
  - levels: [{ page: [ada] }]
    severities: [sev2]
  - levels: [{ page: [owners] }]
    severities: [sev1]
`;
const fire = (service: string, severity: string | null, more: object = {}) =>
  told.alerts('generic', {
    alerts: [{ title: `${service} fails`, service, severity: severity ?? undefined, ...more }],
  });
const clear = (service: string) =>
  told.alerts('generic', { alerts: [{ title: `${service} fails`, service, status: 'resolved' }] });
async function card(name: string): Promise<string> {
  await told.forward({ seconds: 2 });
  return (await told.channel(name)).find(({ pinned }) => pinned)?.text ?? '';
}
async function calls(number: number): Promise<string[]> {
  const { id } = await told.incident(number);
  return (await told.bot.store.timeline(machine, id)).flatMap(({ type, body }) => {
    if (type !== 'paged') return [];
    const { why, people } = body as EventBodies['paged'];
    return `${why}: ${people.map(({ because }) => because).join(', ')}`;
  });
}
const incidents = async () =>
  (await told.bot.store.incidents(machine, { limit: 50, offset: 0 })).incidents
    .map(({ number, services, status, severity }) => `#${number} ${services.join('+')} ${severity} ${status}`)
    .sort();
const queue = async () =>
  (await told.bot.store.incidents(machine, { triage: true, limit: 50, offset: 0 })).incidents.map(
    ({ services, status }) => `${services.join('+')} ${status}`,
  );

it('what depends on the registry shows as symptoms of it, raises it, is detached, and comes back after settling', async () => {
  told = await story({ file });
  await fire('registry', 'critical', { labels: { probable_cause: 'The disk is full *now*', impact: 'high' } });
  expect(await calls(1)).toEqual(['declared: named to be called']);
  await told.say('Ada', '/incident ack', 1);
  expect(await card('inc-1')).toContain('Local: only registry shows alerts; what depends on it is quiet.');
  expect(await card('inc-1')).toContain('Likely symptom: Pulls hang · says the catalogue');
  expect(await card('inc-1')).toContain('Probable cause: The disk is full *now* · says the alert');
  expect(await card('inc-1')).toContain('Look first: The disk of the blob store · says the catalogue');

  const posts = async () => (await told.channel('inc-1')).length;
  const before = await posts();
  const { receipt } = await fire('api', 'warning');
  expect((await told.get(`/api/receipts/${receipt}`)).text).toContain(
    'a symptom of what it depends on, by api → registry',
  );
  expect(await posts()).toBe(before);
  expect(await card('inc-1')).toContain('Symptoms: api → registry');

  // Somebody has it in hand, and is called all the same: it is graver now than what they came for.
  await fire('web', 'critical');
  expect(await incidents()).toEqual(['#1 registry+api+web sev1 investigating']);
  expect((await told.incident(1)).severityReason).toMatch(/^web \(tier 1\) shows symptoms: /);
  expect(await calls(1)).toEqual([
    'declared: named to be called',
    expect.stringMatching(/^raised: owner of registry, owner of registry/),
  ]);
  const timeline = (await told.get('/incidents/1/timeline')).text;
  expect(timeline).toContain('web → api → registry');
  expect(await card('inc-1')).toContain('Systemic: registry and 2 of the 4 services that depend on it fire.');

  const picture = await told.get('/incidents/1/dependencies.svg');
  expect(picture.status).toBe(200);
  expect(picture.text).toContain(
    '<title id="t">Systemic: registry and 2 of the 4 services that depend on it fire.</title>',
  );
  expect((await told.get('/incidents/1/dependencies')).text).toContain('docs is quiet');

  // A compromise is never a symptom.
  await fire('wiki', 'warning', { labels: { compromise: 'true' }, fingerprint: 'leak' });
  expect(await incidents()).toEqual(['#1 registry+api+web sev1 investigating', '#2 wiki sev1 investigating']);
  await told.say('Ada', '/incident resolve', 2);

  // One button, and what else comes of it stays away.
  const detached = await told.press('Ada', 'inc-1', 'web is its own');
  expect(detached.text).toMatch(/^#3 is open for web, with 1 alert of #1/);
  expect(await incidents()).toContain('#3 web sev1 investigating');
  await fire('web', 'critical', { fingerprint: 'another' });
  expect((await told.incident(3)).alerts).toMatchObject({ firing: 2 });
  expect((await told.incident(1)).dependencies?.symptoms.map(({ service }) => service)).toEqual(['api']);
  await told.say('Ada', '/incident resolve', 3);
  await fire('web', 'critical', { fingerprint: 'a third' });
  expect((await told.incident(1)).alerts).toMatchObject({ total: 2 });

  // Mended: what still fires has ten minutes, also over a restart; what clears is never heard of.
  await fire('docs', null);
  await told.say('Ada', '/incident resolve', 1);
  const openThen = (await incidents()).length;
  const waits = await fire('docs', null, { fingerprint: 'new one' });
  expect((await told.get(`/api/receipts/${waits.receipt}`)).text).toMatch(
    /suppressed.*#1 has just ended, and docs depends on it \(docs → registry\): looked at again at 21 Nov 12:10/,
  );
  await clear('docs');
  await told.restart();
  await told.forward({ minutes: 9, seconds: 50 });
  expect(await incidents()).toHaveLength(openThen);
  expect(await queue()).toEqual([]);
  await told.forward({ seconds: 20 });
  await told.bot.episodes.look();
  await told.bot.runner.untilIdle();
  expect((await queue()).sort()).toEqual(['api triage', 'docs triage']);
}, 30_000);

it('symptoms that came first are offered to merge, on both cards and once', async () => {
  told = await story({ file });
  await fire('web', 'critical');
  await fire('registry', 'critical');
  expect(await incidents()).toEqual(['#1 web sev1 investigating', '#2 registry sev2 investigating']);
  expect(await card('inc-1')).toContain('web depends on registry (web → api → registry), and #2 is open too.');
  expect(await card('inc-2')).toContain('web depends on registry (web → api → registry), and #1 is open too.');
  await told.press('Ada', 'inc-1', 'Merge into #2');
  expect(await incidents()).toEqual(['#1 web sev1 closed', '#2 registry+web sev2 investigating']);
  expect(await card('inc-2')).not.toContain('is open too');
});

it('what a person declared for a service takes its alerts and its symptoms, and nothing that is private', async () => {
  told = await story({ file });
  await told.say('Ada', '/incident declare --sev 2 --service registry Pulls are slow');
  expect((await told.incident(1)).services).toEqual(['registry']);
  await fire('registry', 'warning');
  await fire('api', 'warning');
  expect(await incidents()).toEqual(['#1 registry+api sev2 investigating']);
  expect((await told.incident(1)).dependencies?.symptoms.map(({ path }) => path)).toEqual([['api', 'registry']]);
  await told.say('Ada', '/incident resolve', 1);
  await told.say('Ada', '/incident declare --private --sev 2 --service registry Somebody reads along');
  await fire('web', 'critical', { fingerprint: 'new' });
  expect((await incidents()).at(-1)).toBe('#3 web sev1 investigating');
});
