import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Bot, openBot } from '../../src/bot.js';
import type { ChatPlatform } from '../../src/chat/platform.js';
import { builtInPolicy } from '../../src/config/defaults.js';
import { readConfig } from '../../src/config/read.js';
import type { Clock } from '../../src/engine/clock.js';
import { createLog } from '../../src/http/log.js';
import { freshPostgres } from '../fakes/postgres.js';
import { type RemoteChat, startRemoteChat } from '../fakes/remote-chat.js';
import { remoteChatPlatform } from '../fakes/remote-chat-platform.js';
import { noon } from '../stories/story.js';

/** Two whole bots on one PostgreSQL and one chat, sharing a clock that the test moves. */
export interface Replicas {
  a: Bot;
  b: Bot;
  chat: RemoteChat;
  clock: { at: number };
  end(): Promise<void>;
}

/** @param heldBy what stands between A and the chat, so that its calls can be held up. */
export async function replicas(
  heldBy: (platform: ChatPlatform) => ChatPlatform = (platform) => platform,
): Promise<Replicas> {
  const folder = mkdtempSync(join(tmpdir(), 'muster-replicas-'));
  const database = await freshPostgres();
  const clock = { at: noon };
  const chat = await startRemoteChat({ now: () => clock.at });
  const shared: Clock = { now: () => clock.at, after: () => () => {} };
  const log = createLog('silent');
  const open = async (name: string, platform: ChatPlatform): Promise<Bot> => {
    const config = readConfig(
      { MUSTER_DATA: join(folder, name), MUSTER_PORT: '0', DATABASE_URL: database.url },
      folder,
    );
    if (Array.isArray(config)) throw new Error(JSON.stringify(config));
    const rules = { ...builtInPolicy([]), platforms: ['remote'] };
    return openBot({ ...config, policy: rules }, { log, clock: shared, run: false, platforms: [platform] });
  };
  const a = await open('a', heldBy(remoteChatPlatform({ url: chat.url })));
  const b = await open('b', remoteChatPlatform({ url: chat.url }));
  return {
    a,
    b,
    chat,
    clock,
    async end() {
      await Promise.all([a.close(), b.close()]);
      await chat.close();
      await database.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
