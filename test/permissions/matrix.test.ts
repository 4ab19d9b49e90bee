import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { issueToken } from '../../src/access/tokens.js';
import { verbs } from '../../src/commands/verbs.js';
import { type Story, story } from '../stories/story.js';
import { buttonVerbs, formFields } from './entries.js';
import { routesOf } from './routes-of.js';

const file = new URL('../../docs/permissions.md', import.meta.url);
const env = {
  MUSTER_API_TOKEN: 'api-token-api-token-api-token',
  MUSTER_ALERTS_TOKEN: 'alerts-token-alerts-token',
  MUSTER_FEED_TOKEN: 'feed-token-feed-token-feed',
  EU_TOKEN: 'eu-token-eu-token-eu-token',
};
const people = ['ada', 'rita', 'sam', 'gus', 'olga', 'eve', 'ines'];
const config = (rules: string) => `platform-lead: olga
sources:
  prometheus-eu: { kind: alertmanager, tokens: [{ env: EU_TOKEN }] }
people:
${people.map((id) => `  ${id}: { name: ${id.charAt(0).toUpperCase()}${id.slice(1)} }`).join('\n')}
groups: { leads: [gus] }
${rules}`;
/** Every verb under one rule. */
const ruled = `permissions:\n${verbs.map(({ name }) => `  ${name}: [commander, scribe, leads]\n`).join('')}`;

type Caller = string | null;
let told: Story;
/** By column, who asks. */
let callers: Record<string, Caller>;

const bearer = (caller: Caller): Record<string, string> =>
  caller === null ? {} : { authorization: `Bearer ${caller}` };

async function asks(caller: Caller, text: string, incident: number): Promise<'yes' | 'no'> {
  const answer = await told.bot.app.inject({
    method: 'POST',
    url: '/api/commands',
    headers: { ...bearer(caller), accept: 'application/json' },
    payload: { text: `/incident ${text}`, incident },
  });
  if ([401, 403, 404].includes(answer.statusCode)) return 'no';
  expect([answer.statusCode, text]).toEqual([200, text]);
  const { refusal } = answer.json<{ refusal?: { code: string } }>();
  return refusal?.code === 'not-permitted' || refusal?.code === 'unknown-incident' ? 'no' : 'yes';
}

const values: Record<string, string> = { number: '1', seq: '1', name: 'generic', platform: 'x', source: 'generic' };
const pathOf = (route: string, number: string): string =>
  (route.split(' ')[1] as string)
    .replace('/c/:name', `/c/inc-${number}`)
    .replace('/*', '/chat/web/to/incident/none')
    .replace(':number', number)
    .replace(/:(\w+)/g, (_, name: string) => values[name] ?? 'none');

/** Whether whoever asks is let in; what becomes of what they ask is another matter. */
async function opens(caller: Caller, route: string, number = '1'): Promise<'yes' | 'no'> {
  const method = route.split(' ')[0] as 'GET' | 'POST';
  const answer = await told.bot.app.inject({
    method,
    url: pathOf(route, number),
    headers: { ...bearer(caller), accept: 'application/json' },
    payloadAsStream: true,
    ...(method !== 'GET' && { payload: route.endsWith('/api/commands') ? { text: 'status', incident: 2 } : {} }),
  });
  answer.stream().destroy();
  const hidden = number === '2' && answer.statusCode === 404;
  return hidden || [401, 403].includes(answer.statusCode) ? 'no' : 'yes';
}

beforeAll(async () => {
  told = await story({ env, file: config('') });
  const { store } = told.bot;
  const token = async (personId: string, actAs = false): Promise<string> =>
    (
      await issueToken(
        store,
        { personId, name: 'test', actAs, expiresAt: null },
        { actor: { kind: 'machine', name: 'test' }, now: told.now() },
      )
    ).secret;
  const [ada, rita, sam, gus, olga, eve, ines] = await Promise.all(people.map((each) => token(each)));
  callers = {
    stranger: null,
    'signed in': eve!,
    responder: rita!,
    commander: ada!,
    scribe: sam!,
    'in the group': gus!,
    'platform lead': olga!,
    'shared token': env.MUSTER_API_TOKEN,
    'act-as token': await token('ines', true),
    'alerts token': env.MUSTER_ALERTS_TOKEN,
    'source token': env.EU_TOKEN,
    'feed token': env.MUSTER_FEED_TOKEN,
  };
  const say = (caller: string, text: string, incident: number | null) =>
    told.bot.app.inject({
      method: 'POST',
      url: '/api/commands',
      headers: bearer(caller),
      payload: { text: `/incident ${text}`, ...(incident !== null && { incident }) },
    });
  await say(ada!, 'declare --sev 2 Builds are slow', null);
  await say(ines!, 'declare --private --sev 1 Signing key in a public log', null);
  await say(ada!, 'take commander', 1);
  await say(sam!, 'take scribe', 1);
  await say(rita!, 'note I look at the disk', 1);
}, 60_000);
afterAll(() => told.end());

/** What a verb has done must not change who the next one is asked by. */
async function asItWas(): Promise<void> {
  const { status, roles } = await told.incident(1);
  const leader = callers['in the group'] as Caller;
  if (status === 'resolved' || status === 'closed') await asks(leader, 'reopen It goes on', 1);
  if (roles.commander !== 'ada') await asks(leader, 'assign commander @ada', 1);
  if (roles.scribe !== 'sam') await asks(leader, 'assign scribe @sam', 1);
  const after = await told.incident(1);
  expect([after.roles.commander, after.roles.scribe]).toEqual(['ada', 'sam']);
}

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

/** Asks everything of everybody, one after another: what one of them does must not stand in the way of the next. */
async function matrix(): Promise<string> {
  const columns = Object.keys(callers);
  const outsider = callers['signed in'] as Caller;
  const onButton = await buttonVerbs();
  const fields = await formFields();
  const every = async (): Promise<string[][]> => {
    const rows: string[][] = [];
    for (const { name } of verbs) {
      const row = [`\`${name}\``, onButton.has(name) ? 'yes' : '', (fields.get(name) ?? []).join(', ')];
      for (const column of columns) row.push(await asks(callers[column] as Caller, name, 1));
      rows.push([...row, await asks(outsider, name, 2)]);
      await asItWas();
    }
    return rows;
  };
  const routes = routesOf(told.bot.app.printRoutes({ commonPrefix: false })).sort();
  const doors = ['stranger', 'signed in', 'shared token', 'act-as token', 'alerts token', 'source token', 'feed token'];
  const ways: string[][] = [];
  for (const route of routes) {
    const row = [`\`${route}\``];
    for (const column of doors) {
      values.name = column === 'source token' ? 'prometheus-eu' : 'generic';
      row.push(await opens(callers[column] as Caller, route));
    }
    const ofIncident = /:number|\/c\//.test(route);
    ways.push([...row, ofIncident ? await opens(outsider, route, '2') : '']);
  }
  const asTheyAre = await every();
  await told.write(config(ruled));
  const restricted = await every();
  const head = ['Verb', 'On buttons', 'Form fields', ...columns, 'not in a private one'];
  return [
    intro,
    '## Verbs, where nothing is configured',
    table(head, asTheyAre),
    '## Verbs under `[commander, scribe, leads]`',
    'Every verb of a configuration that gives each of them this rule; `in the group` is somebody in `leads`.',
    table(head, restricted),
    '## Routes',
    'Whether the door opens. What is then shown or done is up to the incident and the rules above.',
    table(['Route', ...doors, 'not in a private one'], ways),
    '',
  ].join('\n\n');
}

const intro = `# Who may do what

This page is written by \`MUSTER_WRITE_DOCS=1 npx vitest run test/permissions\`: every cell has been asked, each verb and each
route by each kind of caller. [Approvals](approvals.md) says how agreement is asked for and how \`permissions\` is written.

- A verb is the same act typed, on a button, in a form and through the API, and is allowed or refused alike.
- *Responder* is somebody who works on the incident, *scribe* stands for every role, *signed in* is somebody who has no
  part in it. *Not in a private one* is somebody signed in who asks about a private incident they are not in: to them it
  does not exist.
- A token of a person may what the person may. The shared token and tokens that act as anybody name the person they act
  for. The tokens for alerts, for a source and for the feed command nothing.`;

describe('the permission matrix', () => {
  it('is what everybody is really answered, and docs/permissions.md says so', async () => {
    const page = await matrix();
    if (process.env.MUSTER_WRITE_DOCS === '1') writeFileSync(file, page);
    expect(page.split('\n')).toEqual(readFileSync(file, 'utf8').split('\n'));
  }, 120_000);

  it('lets everybody in it do all there is where nothing is configured, and strangers nothing', () => {
    const rows = readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('| `'));
    const first = rows.slice(0, verbs.length).map((line) => line.split(' | '));
    for (const cells of first) {
      expect(cells[3], cells[0]).toBe('no');
      expect(cells.slice(4, 12), cells[0]).toEqual(Array(8).fill('yes'));
      expect(cells.slice(12, 15), cells[0]).toEqual(Array(3).fill('no'));
    }
    const second = rows.slice(verbs.length, 2 * verbs.length).map((line) => line.split(' | '));
    for (const cells of second) {
      const lead = /`(break-glass|take|assign)`/.test(cells[0] as string) ? 'yes' : 'no';
      expect(cells.slice(3, 10), cells[0]).toEqual(['no', 'no', 'no', 'yes', 'yes', 'yes', lead]);
    }
  });
});
