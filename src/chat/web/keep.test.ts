import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import Fastify from 'fastify';
import { expect, test } from 'vitest';
import { paragraph, text } from '../../messages/card.js';
import type { SaidMessage } from '../platform.js';
import { nameOf } from './name.js';
import { openWebChat } from './platform.js';
import { webRoutes } from './routes.js';

test('what a person said in the channel of an incident can be kept, with when it was said; nothing else can', async () => {
  const dir = await mkdtemp(path.join(tmpdir(), 'muster-keep-'));
  let now = 1_000;
  const chat = await openWebChat({ location: { kind: 'sqlite', file: path.join(dir, 'chat.db') }, now: () => now });
  const kept: (SaidMessage & { keptBy: string })[] = [];
  const app = Fastify({ forceCloseConnections: true });
  await app.register(webRoutes, {
    chat,
    who: nameOf,
    inbound: { command: async () => ({ text: '' }) },
    async keep(message) {
      kept.push(message);
      return true;
    },
  });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  const cookie = 'muster_name=Ada';
  const post = async (at: string, body: object): Promise<unknown> => {
    const headers = { cookie, 'content-type': 'application/json' };
    return (await fetch(url + at, { method: 'POST', headers, body: JSON.stringify(body) })).json();
  };
  const page = async (name: string) => (await fetch(`${url}/c/${name}`, { headers: { cookie } })).text();
  try {
    const open = { title: '', purpose: '', private: false };
    const channel = await chat.openChannel({ key: 'incident/i1', name: 'inc-1', ...open });
    await post('/chat/web/say', { channel, text: 'the disk is full', id: 'say-1' });
    const card = { tone: 'neutral' as const, summary: 'A card', blocks: [paragraph(text('A card'))] };
    const ours = await chat.post({ channel, card, key: 'k1' });
    expect((await page('inc-1')).match(/action="\/chat\/web\/keep"/g)).toHaveLength(1);

    now = 61_000;
    const [mine] = await chat.messages(channel, 10);
    const keeping = { channel, message: mine?.id ?? '', id: 'keep-1' };
    expect(await post('/chat/web/keep', keeping)).toMatchObject({ text: expect.stringMatching(/^Kept/) });
    const said = { platform: 'web', channel, message: mine?.id, text: 'the disk is full', personId: 'ada', at: 1_000 };
    expect(kept).toEqual([{ ...said, keptBy: 'ada' }]);
    for (const message of [ours, 'unknown'])
      expect(await post('/chat/web/keep', { channel, message, id: 'keep-2' })).toMatchObject({
        refusal: { code: 'not-kept' },
      });
    expect(kept).toHaveLength(1);

    const back = await fetch(`${url}/chat/web/keep`, {
      method: 'POST',
      redirect: 'manual',
      headers: { cookie, accept: 'text/html' },
      body: new URLSearchParams({ ...keeping, id: 'keep-3' }),
    });
    expect(back.headers.get('location')).toBe('/c/inc-1?reply=keep-3');

    const elsewhere = await chat.openChannel({ key: 'named/stakeholders', name: 'stakeholders', ...open });
    await post('/chat/web/say', { channel: elsewhere, text: 'thanks', id: 'say-2' });
    expect(await page('stakeholders')).not.toContain('/chat/web/keep');
  } finally {
    await app.close();
    await chat.close();
    await rm(dir, { recursive: true });
  }
});
