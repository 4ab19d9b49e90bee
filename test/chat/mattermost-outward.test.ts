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

it('asks in a crowd bit by bit, each of them once', async () => {
  let at = Date.now();
  const chat = platform(() => at);
  const channel = await chat.openChannel(room);
  const people = ['ada', 'bob', 'carol', 'nobody-here', 'root-admin'].map((personId) => ({ personId, name: personId }));
  const added = () => server.requests.filter(({ call }) => call === 'addMember').map(({ outcome }) => outcome);
  server.fail({ kind: 'limited', retryAfterSeconds: 0 }, { only: 'addMember', skip: 1 });
  await expect(chat.invite(channel, people)).rejects.toMatchObject({ retryAfterMs: 0 });
  const slow = new Proxy(people, {
    get: (all, name) => {
      if (name === '3') at += 7_000;
      return Reflect.get(all, name);
    },
  });
  await expect(chat.invite(channel, slow)).rejects.toMatchObject({ permanent: false, of: 'channel' });
  expect(await chat.invite(channel, people)).toEqual({ unknown: ['nobody-here'] });
  // Carol has to join the team first.
  expect(added()).toEqual([201, 'limited', 201, 404, 201, 201]);
  expect(await chat.invite(channel, people.slice(0, 1))).toEqual({ unknown: [] });
  expect(added()).toHaveLength(7);
});
