import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { builtInPolicy } from '../../src/config/defaults.js';
import { storeLocation } from '../../src/config/locations.js';
import { heldShown, heldWords } from '../../src/operate/held-words.js';
import { findArchive } from '../../src/operate/open-archive.js';
import { restore } from '../../src/operate/restore.js';
import { openStore } from '../../src/store/open.js';
import { type RemoteChat, startRemoteChat } from '../fakes/remote-chat.js';
import { remoteChatPlatform } from '../fakes/remote-chat-platform.js';
import { databases } from '../stories/story.js';
import { alert, command, type Machine, machineFor } from './muster.js';

const hour = 3_600_000;
const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

describe.each(databases)('a Muster restored from a backup three hours old (%s)', (database) => {
  async function restored(): Promise<{ chat: RemoteChat; fresh: Machine; open: () => ReturnType<Machine['open']> }> {
    const chat = await startRemoteChat();
    ends.push(() => chat.close());
    const change = { policy: { ...builtInPolicy([]), platforms: ['remote'] } };
    const old = await machineFor(database, { change });
    ends.push(() => old.end());
    const bot = await old.open([remoteChatPlatform({ url: chat.url })]);
    await command(bot, '/incident declare --sev 1 Registry refuses pushes');
    await bot.runner.untilIdle();
    // Not said yet when the backup is made, and said while it is on its way to the other machine.
    await command(bot, '/incident update Said before the crash', 1);
    const { name } = await old.backup();
    await bot.runner.untilIdle();
    await old.close(bot);

    const fresh = await machineFor(database, { change });
    ends.push(() => fresh.end());
    fresh.now = old.now + 3 * hour;
    await restore(await findArchive(join(old.backups, name), { plan: null, env: {} }), {
      target: {
        dataFolder: fresh.config.dataFolder,
        databaseUrl: fresh.config.databaseUrl,
        configFile: join(fresh.folder, 'muster.yaml'),
        playbooksFolder: null,
        templatesFolder: null,
      },
      identities: [],
      prove: true,
      now: () => fresh.now,
    });
    return { chat, fresh, open: () => fresh.open([remoteChatPlatform({ url: chat.url })]) };
  }
  const posted = (chat: RemoteChat): string[] =>
    [...chat.channels.values()].flatMap(({ messages }) => messages.map(({ key }) => key));

  it('sends nothing old, says so, shows what it would send, and takes what is new', async () => {
    const { chat, open } = await restored();
    const before = posted(chat);
    const bot = await open();
    await bot.runner.untilIdle();
    expect(posted(chat)).toEqual(before);

    expect(bot.operations.held()).toBeGreaterThan(0);
    expect(await (await fetch(`${bot.url}/readyz`)).json()).toMatchObject({
      status: 'ok',
      held: bot.operations.held(),
    });
    const page = await (await fetch(`${bot.url}/`, { headers: { cookie: 'muster_name=Ada' } })).text();
    expect(page).toContain('Restored and held');
    const held = await heldShown(bot.store);
    const words = heldWords(held, Date.UTC(2026, 10, 21, 15));
    expect(words).toMatch(/3 h old +.*#stakeholders.*Said before the crash/);
    expect(words).toContain('#1: posts an update by itself, if one is still owed');
    expect(words).not.toContain('a timer:');

    expect(await alert(bot, 'disk full', 'storage')).toBe(202);
    await command(bot, '/incident declare Something new');
    await bot.runner.untilIdle();
    const fresh = posted(chat).filter((key) => !before.includes(key));
    expect(fresh.length).toBeGreaterThan(4);
    expect((await heldShown(bot.store)).total).toBe(held.total);
  });

  it('sends each thing once when it is released, without what is too old, and goes on', async () => {
    const { chat, fresh, open } = await restored();
    const bot = await open();
    await bot.runner.untilIdle();
    const before = posted(chat);
    const elsewhere = await openStore(storeLocation(fresh.config), { mode: 'asIs' });
    await elsewhere.release({ messagesFrom: fresh.now - hour, now: fresh.now });
    await elsewhere.close();
    await bot.runner.untilIdle();
    const after = posted(chat);
    expect(new Set(after).size).toBe(after.length);
    // The timer that was due meanwhile gives one update, with its true age, and not one for each interval.
    const told = after.filter((key) => !before.includes(key));
    expect(told.filter((key) => key.endsWith('/stakeholders')).length).toBeLessThanOrEqual(1);
    expect(told.length).toBeGreaterThan(0);
    const { problems } = await bot.store.verify();
    expect(problems).toEqual([]);
  });

  it('does not repeat what had been sent after the backup was made', async () => {
    const { chat, fresh, open } = await restored();
    const bot = await open();
    await bot.store.release({ messagesFrom: null, now: fresh.now });
    await bot.runner.untilIdle();
    const said = [...chat.channels.values()]
      .flatMap(({ messages }) => messages)
      .filter(({ card }) => JSON.stringify(card).includes('Said before the crash'));
    const keys = said.map(({ key }) => key);
    expect(keys.length).toBeGreaterThan(0);
    expect(new Set(keys).size).toBe(keys.length);
  });
});
