import { afterEach, expect, it } from 'vitest';
import { builtInPolicy } from '../../src/config/defaults.js';
import { type RemoteChat, startRemoteChat } from '../fakes/remote-chat.js';
import { remoteChatPlatform } from '../fakes/remote-chat-platform.js';
import { noon, type Story, story } from './story.js';

let told: Story;
let chats: RemoteChat[] = [];
afterEach(async () => {
  await told.end();
  await Promise.all(chats.map((chat) => chat.close()));
});

it('one address on two platforms and in the web room is one person, whose role is shown as theirs on each', async () => {
  const now = () => told?.now() ?? noon;
  chats = [await startRemoteChat({ now }), await startRemoteChat({ now })];
  const names = ['first', 'second'];
  told = await story({
    file: 'open-on-loopback: true\npeople:\n  ada: { name: Ada Lovelace, email: Ada@Example.com }\n',
    config: { policy: { ...builtInPolicy([]), platforms: [...names, 'web'] } },
    platforms: names.map((name, i) => remoteChatPlatform({ url: chats[i]!.url, name })),
  });
  const { bot } = told;
  const first = await bot.identify('first', 'U1', 'ada.l', 'ada@example.com');
  const second = await bot.identify('second', 'M9', 'lovelace', 'ADA@example.com');
  const web = await bot.identify('web', 'ada', 'ada');
  expect(new Set([first, second, web].map(({ personId }) => personId)).size).toBe(1);
  expect([first, second, web].map(({ name }) => name)).toEqual(Array(3).fill('Ada Lovelace'));
  const { personId } = first;
  expect(await bot.store.accountOn('first', personId)).toBe('U1');
  expect(await bot.store.accountOn('second', personId)).toBe('M9');
  // The same name without an address is somebody else.
  expect((await bot.identify('second', 'M10', 'Ada Lovelace')).personId).not.toBe(personId);

  await told.say('Bob', '/incident declare --sev 2 Nothing builds');
  const incidentId = (await told.incident(1)).id;
  const take = { personId, platform: 'second', channel: null, incidentId };
  await bot.inbound.command({ id: 'take-1', text: '/incident take commander', ...take });
  await told.forward({ seconds: 5 });
  expect((await told.incident(1)).roles.commander).toBe(personId);
  for (const chat of chats) {
    const room = [...chat.channels.values()].find(({ name }) => name.startsWith('inc-1'));
    const taken = room?.messages.find(({ card }) => card.summary.includes('commands now'));
    expect(JSON.stringify(taken?.card)).toContain(`"personId":"${personId}","name":"Ada Lovelace","notify":true`);
    // Whoever acts is invited on every platform, by the person they are.
    expect(room && [...room.members]).toEqual(expect.arrayContaining([personId]));
  }
});
