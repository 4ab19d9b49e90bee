import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startRemoteChat } from '../../test/fakes/remote-chat.js';
import { remoteChatPlatform } from '../../test/fakes/remote-chat-platform.js';
import { story } from '../../test/stories/story.js';
import { openStore } from '../store/open.js';
import type { Store } from '../store/port.js';
import { openRoster, type Roster } from './people.js';

let folder: string;
let store: Store;
let roster: Roster;
const web = (externalId: string) => ({ platform: 'web', externalId });
const ada = {
  id: 'ada',
  name: 'Ada Lovelace',
  email: 'ada@example.com',
  identities: [web('ada'), web('ada-lovelace')],
};

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'muster-roster-'));
  store = await openStore({ kind: 'sqlite', file: join(folder, 'muster.db') });
  roster = await openRoster(store);
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('somebody whom the file names', () => {
  it('is known on a chat platform by their e-mail address, and keeps the name of the file', async () => {
    await roster.know([ada]);
    for (const name of ['ada.l', 'Ada (on call)', 'ADA'])
      expect(await roster.identify('remote', 'R7', name, 'ADA@example.com')).toEqual({
        personId: 'ada',
        name: 'Ada Lovelace',
      });
    expect(await roster.identify('web', 'ada', 'ADA')).toEqual({ personId: 'ada', name: 'Ada Lovelace' });
    expect((await store.people()).map(({ name }) => name)).toEqual(['Ada Lovelace']);
  });

  it('keeps that name where they have one account, too', async () => {
    await roster.know([{ id: 'bob', name: 'Bob', identities: [web('bob')] }]);
    expect(await roster.identify('web', 'bob', 'Bob!')).toEqual({ personId: 'bob', name: 'Bob' });
    expect(roster.names.get('bob')).toBe('Bob');
  });

  it('is the person whom the platform met before the file named them', async () => {
    const met = await roster.identify('remote', 'R7', 'ada.l', 'ada@example.com');
    expect((await roster.know([ada])).get('ada')).toBe(met.personId);
    expect((await roster.identify('web', 'ada', 'ada')).personId).toBe(met.personId);
    expect(roster.names.get(met.personId)).toBe('Ada Lovelace');
  });

  it('is not taken for somebody of the same name without the address', async () => {
    await roster.know([ada]);
    expect((await roster.identify('remote', 'R8', 'Ada Lovelace')).personId).not.toBe('ada');
  });
});

it('tells a person of the file on the platform where only their address is known', async () => {
  const chat = await startRemoteChat();
  const file = `people:\n  ada: { name: Ada Lovelace, email: ada@example.com }\nopen-on-loopback: true\n`;
  const told = await story({ file, platforms: [remoteChatPlatform({ url: chat.url })] });
  try {
    const { personId } = await told.bot.identify('remote', 'R7', 'ada.l', 'ada@example.com');
    const said = await told.bot.inbound.command({
      id: '1',
      text: '/incident declare Pushes fail',
      personId,
      platform: 'remote',
      channel: null,
    });
    await told.bot.runner.untilIdle();
    expect(said.refusal).toBeUndefined();
    expect((await told.incident(1)).declaredBy).toEqual({ kind: 'person', personId: 'ada' });
    expect((await told.channel('stakeholders')).map(({ text }) => text).join()).not.toContain('ada.l');
  } finally {
    await told.end();
    await chat.close();
  }
});
