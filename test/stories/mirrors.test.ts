import { afterEach, beforeEach, expect, it } from 'vitest';
import { builtInPolicy } from '../../src/config/defaults.js';
import { plainText } from '../../src/messages/plain.js';
import { type RemoteChat, startRemoteChat } from '../fakes/remote-chat.js';
import { remoteChatPlatform } from '../fakes/remote-chat-platform.js';
import { noon, type Story, story } from './story.js';

let told: Story;
let whole: RemoteChat;
let outline: RemoteChat;

beforeEach(async () => {
  const now = () => told?.now() ?? noon;
  [whole, outline] = await Promise.all([startRemoteChat({ now }), startRemoteChat({ now })]);
  told = await story({
    config: {
      policy: {
        ...builtInPolicy([]),
        mirrors: [
          { platform: 'whole', hears: 'updates' },
          { platform: 'outline', hears: 'outline' },
        ],
      },
    },
    platforms: [
      remoteChatPlatform({ url: whole.url, name: 'whole' }),
      remoteChatPlatform({ url: outline.url, name: 'outline' }),
    ],
  });
});
afterEach(async () => {
  await told.end();
  await Promise.all([whole.close(), outline.close()]);
});

const channels = (chat: RemoteChat) => [...chat.channels.values()].map(({ name }) => name);
const said = (chat: RemoteChat) =>
  [...chat.channels.values()].flatMap(({ messages }) => messages.map(({ card }) => plainText(card)));

it('one platform hears the updates as written, another only number, severity, status and times', async () => {
  await told.say('ada', '/incident declare --sev 2 Payments: cards are refused');
  await told.say('ada', '/incident take commander', 1);
  await told.say('ada', '/incident impact one in ten customers', 1);
  await told.say('ada', '/incident update the bank is called', 1);
  await told.say('ada', '/incident sev 1 it is everybody', 1);
  await told.say('ada', '/incident resolve the bank has fixed it', 1);
  await told.say('ada', '/incident close', 1);
  await told.forward({ minutes: 1 });

  // One channel there for all incidents, and nothing to press.
  expect(channels(whole)).toEqual(['stakeholders']);
  expect(channels(outline)).toEqual(['stakeholders']);
  const stakeholders = (await told.channel('stakeholders')).map(({ text }) => text);
  expect(stakeholders).toHaveLength(3);
  expect(said(whole)).toEqual(stakeholders);
  expect(said(whole)[0]).toContain('Payments: cards are refused');
  expect(said(whole)[1]).toContain('the bank is called');
  expect(said(whole)[2]).toContain('the bank has fixed it');

  const page = `How it stands now (${told.bot.url}/incidents/1/status)`;
  const times = 'Declared: 21 Nov 12:00 UTC';
  expect(said(outline)).toEqual([
    `Incident 1 · sev2 · investigating\n\n${times}\nNext update: 21 Nov 13:00 UTC\n\n${page}`,
    `Incident 1 · sev1 · investigating\n\n${times}\nNext update: 21 Nov 12:30 UTC\n\n${page}`,
    `Incident 1 · sev1 · resolved\n\n${times}\nResolved: 21 Nov 12:00 UTC\n\n${page}`,
  ]);
});

it('private incidents and drills are mirrored nowhere', async () => {
  await told.say('ada', '/incident declare --private --sev 1 A key has leaked');
  await told.say('ada', '/incident update it is turned off', 1);
  await told.forward({ minutes: 31 });
  for (const chat of [whole, outline]) expect(chat.requests).toEqual([]);
});

it('a mirror that is down holds up neither the incident nor another mirror, and catches up in order', async () => {
  whole.fail({ kind: 'status', status: 503 }, { times: 1_000 });
  await told.say('ada', '/incident declare --sev 1 Payments: cards are refused');
  await told.say('ada', '/incident update the bank is called', 1);
  expect((await told.channel('inc-1')).some(({ text }) => text.includes('the bank is called'))).toBe(true);
  expect(said(outline)).toHaveLength(1);
  await told.forward({ minutes: 5 });
  await told.say('ada', '/incident resolve the bank has fixed it', 1);
  expect(said(whole)).toEqual([]);
  expect(said(outline)).toHaveLength(2);
  whole.heal();
  await told.forward({ minutes: 2 });
  expect(said(whole)).toHaveLength(3);
  expect(said(whole)[1]).toContain('the bank is called');
  expect(said(whole)[2]).toContain('the bank has fixed it');
});
