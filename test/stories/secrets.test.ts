import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, describe, expect, it } from 'vitest';
import type { Reply } from '../../src/chat/platform.js';
import { builtInPolicy } from '../../src/config/defaults.js';
import type { Button, Card } from '../../src/messages/card.js';
import { pasted } from '../../src/secrets/testing.js';
import { type RemoteChat, startRemoteChat } from '../fakes/remote-chat.js';
import { remoteChatPlatform } from '../fakes/remote-chat-platform.js';
import { databases, type Story, story } from './story.js';

let told: Story;
let chat: RemoteChat | null = null;
afterEach(async () => {
  await told.end();
  await chat?.close();
  chat = null;
});

const buttonsOf = (card: Card | undefined): Button[] =>
  (card?.blocks ?? []).flatMap((block) => (block.kind === 'buttons' ? block.buttons : []));
const redactIt = (reply: Reply): Button => {
  const button = buttonsOf(reply.card).find(({ label }) => label === 'Redact it');
  if (!button) throw new Error(`There is no button to redact it: ${JSON.stringify(reply)}`);
  return button;
};

/** What a page of the web room posts. */
async function web(
  user: string,
  path: 'say' | 'command',
  body: object,
): Promise<Reply & { html?: string; message?: string }> {
  const response = await fetch(`${told.bot.url}/chat/web/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json', cookie: `muster_name=${user}` },
    body: JSON.stringify({ id: randomUUID(), ...body }),
  });
  await told.bot.runner.untilIdle();
  return (await response.json()) as Reply & { html?: string; message?: string };
}
const press = (user: string, { command, incidentId }: Button, channel: string | null = null) =>
  web(user, 'command', { text: command, channel, ...(incidentId && { incidentId }) });

/** Pieces long enough to be the secret's own: its lines, as they stand in a file, in JSON and in Markdown. */
const piecesOf = (secret: string): string[] =>
  secret.split('\n').filter((line) => line.length > 15 && !line.startsWith('-----'));
const secretPart = (secret: string): string => secret.replace(/^aws_secret_access_key = /, '');

/** Everything the databases hold, as bytes: the files of SQLite with their logs, or every row of every table. */
async function kept(): Promise<string> {
  const files = readdirSync(join(told.folder, 'data'), { recursive: true, withFileTypes: true })
    .filter((each) => each.isFile())
    .map((each) => readFileSync(join(each.parentPath, each.name), 'latin1'));
  return [...files, ...(told.databaseUrl === null ? [] : await rows(told.databaseUrl))].join('\n');
}
async function rows(url: string): Promise<string[]> {
  const client = new pg.Client(url);
  await client.connect();
  const { rows: tables } = await client.query<{ name: string }>(
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`,
  );
  const all: string[] = [];
  for (const { name } of tables) {
    const { rows: found } = await client.query<{ row: string }>(`SELECT each::text AS row FROM ${name} each`);
    all.push(...found.map(({ row }) => row));
  }
  await client.end();
  return all;
}

/** Everything somebody else can read: pages, API, feed, postmortem, figures, and what other chats were sent. */
async function outward(): Promise<string> {
  const paths = [
    '/',
    '/c/stakeholders',
    '/c/triage',
    '/api/incidents',
    '/api/incidents/1',
    '/api/incidents/1/timeline',
    '/api/incidents/1/alerts',
    '/api/incidents/1/postmortem',
    '/incidents/1/postmortem',
    '/incidents/1/timeline',
    '/feed.atom',
    '/metrics',
    `/c/${(await told.bot.web.channels('bob')).find(({ name }) => name.startsWith('inc-1'))?.name}`,
  ];
  const pages = await Promise.all(paths.map(async (path) => (await told.get(path, 'Bob')).text));
  const replies = await Promise.all(
    ['timeline', 'status', 'alerts', 'redact', 'list'].map((line) => told.say('Bob', `/incident ${line}`, 1)),
  );
  return [...pages, JSON.stringify(replies), JSON.stringify([...(chat?.channels.values() ?? [])])].join('\n');
}

describe.each(databases)('a secret that somebody pastes, on %s', (database) => {
  it('is whispered back, shown nowhere, and erased on demand from everywhere, and the chain stays whole', async () => {
    chat = await startRemoteChat();
    told = await story({
      database,
      config: { policy: { ...builtInPolicy([]), platforms: ['web', 'remote'] } },
      platforms: [remoteChatPlatform({ url: chat.url })],
    });
    const secrets = pasted();
    const values = Object.values(secrets).map(secretPart);
    const {
      'AWS access key': aws,
      'AWS secret key': awsSecret,
      'GitHub token': github,
      'GitLab token': gitlab,
      'Slack token': slack,
      'private key': key,
      JWT: jwt,
    } = secrets;

    await told.alerts('generic', {
      alerts: [
        {
          title: `Login with ${gitlab} refused`,
          service: 'registry',
          severity: 'critical',
          labels: { who: 'ci' },
          annotations: { log: `Authorization: Bearer ${jwt}` },
        },
      ],
    });
    const replies = [
      await told.say('Ada', `/incident note They sent ${aws} and ${awsSecret}`, 1),
      await told.say('Ada', `/incident impact Everybody who uses ${github} is locked out`, 1),
      await told.say('Ada', `/incident update We found ${slack} in a log`, 1),
    ];
    await told.forward({ hours: 1 });
    const room = (await told.bot.web.channels('ada')).find(({ name }) => name.startsWith('inc-1'))!;
    replies.push(
      await web('Ada', 'command', { text: '/incident note', input: `the header was ${jwt}`, channel: room.id }),
    );
    const said = await web('Ada', 'say', { text: `This is the key:\n${key}`, channel: room.id });

    for (const [index, kind] of ['AWS access key', 'GitHub token', 'Slack token', 'JWT'].entries()) {
      const reply = replies[index]!;
      expect(reply.refusal).toBeUndefined();
      expect(reply.text).toContain(`That looks like a`);
      expect(reply.text).toContain(kind);
      expect(reply.text).toContain('Revoke it now');
      expect(redactIt(reply).command).toMatch(/^\/incident redact \d+ /);
    }
    expect(said.html).toContain('That looks like a private key.');

    await told.say('Ada', '/incident resolve Keys are rotated', 1);
    await told.say('Ada', '/incident close', 1);
    await told.forward({ minutes: 5 });

    const before = await kept();
    for (const each of values)
      for (const piece of piecesOf(each)) expect([piece, before.includes(piece)]).toEqual([piece, true]);
    const shown = await outward();
    for (const each of values)
      for (const piece of piecesOf(each)) expect([piece, shown.includes(piece)]).toEqual([piece, false]);
    for (const kind of Object.keys(secrets)) expect(shown).toContain(`[${kind} hidden]`);

    for (const reply of replies) expect((await press('Ada', redactIt(reply))).text).toContain('erased');
    const [, button] = /name="text" value="(\/incident redact message [^"]+)"/.exec(said.html ?? '') ?? [];
    expect((await web('Ada', 'command', { text: button, channel: room.id })).text).toContain('The message is erased');
    const list = await told.say('Ada', '/incident redact', 1);
    expect(list.text).toContain('in its alerts');
    for (const each of buttonsOf(list.card)) await press('Ada', each);
    expect((await told.say('Ada', '/incident redact', 1)).text).toContain('No secret is known');

    const after = await kept();
    for (const each of values)
      for (const piece of piecesOf(each)) expect([piece, after.includes(piece)]).toEqual([piece, false]);
    const verified = await told.bot.store.verify();
    expect(verified).toMatchObject({ ok: true, problems: [] });
    expect(verified.redacted).toBeGreaterThanOrEqual(4);
    expect(await told.incident(1)).toMatchObject({
      title: 'registry: Login with [redacted] refused',
      services: ['registry'],
    });
    expect((await told.channel('inc-1')).map(({ text }) => text).join('\n')).toContain(
      '[redacted by Ada: a secret was pasted]',
    );
    expect(JSON.stringify([...chat.channels.values()])).toContain('[redacted by Ada: a secret was pasted]');

    await told.restart();
    expect((await told.say('Ada', '/incident note Still here', 1)).refusal).toBeUndefined();
    expect(await told.bot.store.verify()).toMatchObject({ ok: true });
  }, 60_000);
});

describe('a secret said in the web room from a page without scripts', () => {
  it('is answered on the page that follows, with a button that takes it back', async () => {
    told = await story();
    await told.say('Ada', '/incident declare --sev 2 Registry: pushes fail');
    const room = (await told.bot.web.channels('ada')).find(({ name }) => name.startsWith('inc-1'))!;
    const { 'Slack token': token } = pasted();
    const response = await fetch(`${told.bot.url}/chat/web/say`, {
      method: 'POST',
      redirect: 'manual',
      headers: { cookie: 'muster_name=Ada', accept: 'text/html' },
      body: new URLSearchParams({ channel: room.id, id: randomUUID(), text: `try ${token}` }),
    });
    expect(response.status).toBe(303);
    const page = await told.get(response.headers.get('location') ?? '', 'Ada');
    expect(page.text).toContain('That looks like a Slack token.');
    expect(page.text).toContain('/incident redact message ');
    expect(page.text).not.toContain(token);
  });
});

describe('an entry that no shape gives away', () => {
  const entries = async (wanted: string): Promise<number[]> => {
    const { timeline } = (await told.get('/api/incidents/1/timeline')).json<{
      timeline: { seq: number; type: string }[];
    }>();
    return timeline.filter(({ type }) => type === wanted).map(({ seq }) => seq);
  };
  const password = 'the root password is horse*battery*staple|9';

  it('is erased with whatever repeats it, and the messages that told of it say so', async () => {
    chat = await startRemoteChat();
    told = await story({
      config: { policy: { ...builtInPolicy([]), platforms: ['web', 'remote'] } },
      platforms: [remoteChatPlatform({ url: chat.url })],
    });
    await told.say('Ada', '/incident declare --sev 2 Registry: pushes fail');
    await told.say('Ada', `/incident impact ${password}`, 1);
    await told.forward({ hours: 1 });
    expect(JSON.stringify([...chat.channels.values()])).toContain(password);
    await told.say('Ada', '/incident resolve Done', 1);
    await told.say('Ada', '/incident close', 1);
    await told.forward({ minutes: 1 });
    expect((await told.get('/api/incidents/1/postmortem')).text).toContain('staple');
    const [seq] = await entries('impactStated');

    const reply = await told.say('Ada', `/incident redact ${seq} a password`, 1);
    expect(reply.text).toMatch(new RegExp(`^Entries ${seq}, .* of #1 are erased`));
    await told.forward({ seconds: 5 });
    expect(await kept()).not.toContain('staple');
    const remote = JSON.stringify([...chat.channels.values()]);
    expect(remote).not.toContain('staple');
    expect(remote).toContain('[redacted by Ada: a password]');
    expect((await told.get('/api/incidents/1/postmortem')).text).toContain('[redacted]');
    expect(await told.bot.store.verify()).toMatchObject({ ok: true });
  });

  it('says how many messages a chat would not change', async () => {
    chat = await startRemoteChat();
    told = await story({
      config: { policy: { ...builtInPolicy([]), platforms: ['remote'] } },
      platforms: [remoteChatPlatform({ url: chat.url })],
    });
    await told.say('Ada', '/incident declare --sev 3 Registry: pushes fail');
    await told.say('Ada', `/incident note ${password}`, 1);
    chat.fail({ kind: 'status', status: 500 }, { only: 'edit' });
    const reply = await told.say('Ada', `/incident redact ${await entries('noted')} a password`, 1);
    expect(reply.text).toContain('1 message in chat could not be changed: delete it there.');
    expect(await kept()).not.toContain('staple');
  });

  it.each([',"incidentId"', '"kind":"text"', '"},{"kind"', 'pushes fail'])(
    'leaves what others said elsewhere, and every page and record, when it says %j',
    async (words) => {
      told = await story();
      await told.say('Ada', '/incident declare --sev 2 Registry is slow');
      await told.say('Bob', '/incident declare --sev 2 Registry: pushes fail');
      const { receipt } = await told.alerts('generic', { alerts: [{ title: 'CI is slow', service: 'ci' }] });
      await told.forward({ seconds: 5 });
      const other = (await told.bot.web.channels('bob')).find(({ name }) => name.startsWith('inc-2'));
      if (!other) throw new Error('no channel');
      await web('Bob', 'say', { channel: other.id, text: 'here, too, pushes fail' });
      await told.say('Ada', `/incident note ${words}`, 1);
      await told.say('Ada', `/incident redact ${await entries('noted')} a mistake`, 1);
      await told.forward({ seconds: 5 });
      const page = await told.get(`/c/${other.name}`, 'Bob');
      expect([page.status, page.text.includes('here, too, pushes fail')]).toEqual([200, true]);
      expect(page.text).not.toContain('[redacted');
      expect((await told.get(`/api/receipts/${receipt}`, 'Bob')).status).toBe(200);
      const mine = await told.get('/incidents/1/timeline', 'Ada');
      expect([mine.status, mine.text.includes('[redacted')]).toEqual([200, true]);
      expect(await told.bot.store.verify()).toMatchObject({ ok: true });
    },
  );

  it('may be erased by whoever wrote it or responds, once, and nobody else', async () => {
    told = await story();
    await told.say('Ada', '/incident declare --sev 3 Registry: pushes fail');
    await told.say('Ada', `/incident note ${password}`, 1);
    await told.say('Bob', '/incident note Nothing of interest', 1);
    const [adas, bobs] = await entries('noted');
    const refused = async (user: string, line: string): Promise<string | undefined> =>
      (await told.say(user, `/incident ${line}`, 1)).refusal?.code;
    expect(await refused('Eve', `redact ${adas} because`)).toBe('not-responding');
    expect(await refused('Ada', `redact ${adas}`)).toBe('usage');
    expect(await refused('Ada', 'redact 99 because')).toBe('unknown-entry');
    expect(await refused('Ada', 'redact last')).toBe('nothing-found');
    expect(await refused('Bob', `redact ${bobs} a slip`)).toBeUndefined();
    expect(await refused('Ada', `redact ${adas} a password`)).toBeUndefined();
    expect(await refused('Ada', `redact ${adas} a password`)).toBe('already-erased');
    expect(await refused('Ada', `redact ${(await entries('redacted'))[0]} because`)).toBe('not-erasable');
  });

  it('leaves Muster whole, even if it is a word of its own', async () => {
    told = await story();
    await told.say('Ada', '/incident declare --sev 2 Registry: pushes fail');
    await told.say('Ada', '/incident note incidentId', 1);
    await told.say('Ada', `/incident redact ${await entries('noted')} a slip`, 1);
    await told.forward({ hours: 1 });
    expect((await told.incident(1)).updates.count).toBeGreaterThan(0);
    expect((await told.channel('inc-1')).map(({ text }) => text).join('\n')).toContain('[redacted by Ada: a slip]');
    expect(await told.bot.store.jobs({ state: 'quarantined', limit: 10 })).toEqual([]);
  });

  it('gives the same answer to the same command again, and erases once', async () => {
    told = await story();
    await told.say('Ada', '/incident declare --sev 3 Registry: pushes fail');
    await told.say('Ada', `/incident note ${password}`, 1);
    const [seq] = await entries('noted');
    const ask = async () => {
      const response = await fetch(`${told.bot.url}/api/commands`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ id: 'once', text: `/incident redact ${seq} a password`, user: 'Ada', incident: 1 }),
      });
      return response.json();
    };
    const first = await ask();
    expect(await ask()).toEqual(first);
    expect((await told.bot.store.verify()).redacted).toBe(1);
  });
});
