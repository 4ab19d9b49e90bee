import { afterEach, beforeEach, expect, it } from 'vitest';
import { mattermostPlatform } from '../../src/chat/mattermost/platform.js';
import type { Card } from '../../src/messages/card.js';
import { paragraph } from '../../src/messages/card.js';
import { type FakeMattermost, fakeMattermost } from '../fakes/mattermost/server.js';
import { adapterParts } from '../fakes/slack/parts.js';

const room = { key: 'incident/i1', name: 'inc-1', title: 'One', purpose: 'sev1', private: false };

let server: FakeMattermost;
const closing: (() => Promise<void>)[] = [];
beforeEach(async () => {
  server = await fakeMattermost();
});
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
  await server.close();
  expect(server.violations).toEqual([]);
});

function platform(now: () => number = Date.now) {
  const settings = {
    url: server.url,
    token: server.bot.token,
    team: server.team.name,
    callbackUrl: null,
    commandToken: null,
    keepReactions: [],
  };
  const chat = mattermostPlatform(settings, adapterParts({ now }).parts);
  closing.push(() => chat.close());
  return chat;
}

it('waits with a post while the server cannot say what a channel in it is called', async () => {
  const chat = platform();
  const channel = await chat.openChannel(room);
  const there = { kind: 'channel' as const, channel: { to: 'incident' as const, incidentId: 'i1' }, label: 'here' };
  const card: Card = { tone: 'neutral', summary: 's', blocks: [paragraph(there)] };
  for (const fault of [{ kind: 'status', status: 500 }, { kind: 'resetBefore' }] as const) {
    server.fail(fault, { only: 'channel' });
    await expect(chat.post({ channel, card, key: 'k1' })).rejects.toMatchObject({
      name: 'DeliveryError',
      permanent: false,
    });
  }
  server.fail({ kind: 'limited', retryAfterSeconds: 1 }, { only: 'channel' });
  await expect(chat.post({ channel, card, key: 'k1' })).rejects.toMatchObject({
    name: 'DeliveryError',
    retryAfterMs: 1_000,
  });
});
