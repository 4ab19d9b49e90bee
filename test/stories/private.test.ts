import { afterEach, describe, expect, it } from 'vitest';
import type { Reply } from '../../src/chat/platform.js';
import { builtInPolicy } from '../../src/config/defaults.js';
import { plainText } from '../../src/messages/plain.js';
import { startRemoteChat } from '../fakes/remote-chat.js';
import { remoteChatPlatform } from '../fakes/remote-chat-platform.js';
import { databases, type Story, story } from './story.js';

const secret = 'Signing key in a public log';

describe.each(databases)('a private incident, on %s', (database) => {
  let told: Story;
  afterEach(() => told.end());

  const as = (user: string, text: string, incident?: number): Promise<Response> =>
    fetch(`${told.bot.url}/api/commands`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ text, user, ...(incident && { incident }) }),
    });

  async function begun(): Promise<void> {
    told = await story({ database });
    await told.say('Bob', '/incident declare --sev 2 Builds are slow');
    await told.say('Ada', `/incident declare --private --sev 1 ${secret}`);
    await told.say('Ada', '/incident impact The key is burnt.', 2);
    await told.say('Ada', '/incident update We rotate the key.', 2);
  }

  it('is not there for anybody else: API, web chat, list, commands', async () => {
    await begun();
    for (const user of ['Bob', 'Eve']) {
      const { incidents, total } = (await told.get('/api/incidents', user)).json<{
        incidents: { number: number }[];
        total: number;
      }>();
      expect([incidents.map(({ number }) => number), total]).toEqual([[1], 1]);
      for (const path of ['', '/timeline', '/timeline/1', '/alerts', '/postmortem']) {
        const { status, text } = await told.get(`/api/incidents/2${path}`, user);
        expect([path, status]).toEqual([path, 404]);
        expect(text).toBe((await told.get(`/api/incidents/99${path}`, user)).text.replace('99', '2'));
      }
      for (const line of ['/incident timeline', '/incident status', '/incident note hello', '/incident ack'])
        expect((await as(user, line, 2)).status).toBe(404);
      for (const line of [
        '/incident list',
        '/incident',
        '/incident timeline',
        '/incident update Is anything private open?',
      ]) {
        const reply = (await (await as(user, line)).json()) as Reply;
        expect(JSON.stringify(reply)).not.toMatch(/Signing key|inc-2|#2\b/);
      }
      const { incidents: known } = (await told.get('/api/incidents', 'Ada')).json<{
        incidents: { number: number; id: string; channels: { web: { name: string; channel: string } } }[];
      }>();
      const hidden = known.find(({ number }) => number === 2)!;
      expect((await told.get(`/c/${hidden.channels.web.name}`, user)).status).toBe(404);
      expect((await told.get(`/chat/web/stream?channel=${hidden.channels.web.channel}`, user)).status).toBe(404);
      expect((await told.get('/', user)).text).not.toMatch(/inc-2|Signing key/);
      const pressed = await fetch(`${told.bot.url}/chat/web/command`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json', cookie: `muster_name=${user}` },
        body: JSON.stringify({
          id: `press-${user}`,
          text: '/incident note I was here',
          channel: null,
          incidentId: hidden.id,
        }),
      });
      expect(await pressed.text()).not.toMatch(/Signing key|inc-2/);
    }
    const { timeline } = (await told.get('/api/incidents/2/timeline', 'Ada')).json<{ timeline: { type: string }[] }>();
    expect(timeline.map(({ type }) => type)).not.toContain('noted');
  });

  it('is announced nowhere, and its channel is named by its number alone', async () => {
    await begun();
    await told.forward({ hours: 3 });
    const stakeholders = await told.channel('stakeholders');
    expect(stakeholders.length).toBeGreaterThan(0);
    expect(stakeholders.map(({ text }) => text).join('\n')).not.toMatch(/Signing key|rotate|burnt|inc-2|#2\b/);
    const { channels } = (await told.get('/api/incidents/2', 'Ada')).json<{ channels: { web: { name: string } } }>();
    expect(channels.web.name).toBe('inc-2');
    expect((await told.get('/metrics')).text).not.toContain('Signing');
  });

  it('asks nobody for help who is not there already', async () => {
    const file =
      'open-on-loopback: true\npeople:\n  ada: { name: Ada }\n  zoe: { name: Zoe }\nseverities:\n  sev1: { page: [zoe], invite: [] }\n';
    told = await story({ database, file });
    await told.say('Ada', `/incident declare --private --sev 1 ${secret}`);
    await told.say('Ada', '/incident playbook compromised-credential', 1);
    await told.say('Ada', '/incident next', 1);
    const reply = await told.say('Ada', '/incident stuck The vault is locked.', 1);
    expect(reply.text).toBe(
      'The channel has been told. Nobody commands and nobody is on call: /incident assign commander @who',
    );
    await told.forward({ minutes: 1 });
    const { personId } = await told.bot.store.identify('web', 'zoe', 'Zoe');
    const seen = await told.bot.web.channels(personId);
    expect(seen.map(({ name }) => name)).not.toContain('direct-zoe');
    await told.say('Ada', '/incident assign communications @zoe', 1);
    expect((await told.say('Ada', '/incident stuck', 1)).text).toContain('and Zoe directly');
  });

  it('is there for those who are in it, from when they are', async () => {
    await begun();
    expect((await told.get('/api/incidents/2', 'Ada')).json<{ title: string }>().title).toBe(secret);
    expect((await told.get('/c/inc-2', 'Ada')).text).toContain('We rotate the key.');
    await told.say('Ada', '/incident assign operations @Bob', 2);
    expect((await told.get('/api/incidents/2', 'Bob')).status).toBe(200);
    expect((await told.get('/c/inc-2', 'Bob')).status).toBe(200);
    expect((await told.get('/api/incidents/2', 'Eve')).status).toBe(404);
    await told.say('Ada', '/incident resolve The key is rotated.', 2);
    await told.say('Ada', '/incident close', 2);
    expect((await told.get('/api/incidents/2/postmortem', 'Bob')).text).toContain(secret);
    expect((await told.get('/api/incidents/2/postmortem', 'Eve')).status).toBe(404);
  });
});

describe('a delivery of a private incident that fails for good', () => {
  it('is told to the operators without what it is about', async () => {
    const chat = await startRemoteChat();
    const told = await story({
      config: { policy: { ...builtInPolicy([]), platforms: ['remote'] } },
      platforms: [remoteChatPlatform({ url: chat.url })],
    });
    try {
      await told.say('Ada', `/incident declare --private --sev 1 ${secret}`);
      chat.fail({ kind: 'status', status: 400 }, { only: 'post' });
      await told.say('Ada', '/incident note The key is burnt.', 1);
      const operators = [...chat.channels.values()].find(({ name }) => name === 'operators');
      const [failed] = (operators?.messages ?? []).map(({ card }) => plainText(card));
      expect(failed).toContain('could not deliver');
      expect(JSON.stringify(operators?.messages)).not.toMatch(/Signing key|burnt/);
    } finally {
      await told.end();
      await chat.close();
    }
  });
});
