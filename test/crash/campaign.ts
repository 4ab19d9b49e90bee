import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Point, points } from '../../src/engine/points.js';
import { fold } from '../../src/incident/evolve.js';
import { openStore } from '../../src/store/open.js';
import { type RemoteChat, startRemoteChat } from '../fakes/remote-chat.js';
import { account } from './account.js';
import { built, type Mutation } from './mutant.js';
import { Ledger, traffic } from './traffic.js';
import { type Kill, type Setting, start } from './victim.js';

export interface Campaign {
  kills: Partial<Record<Point | 'random' | 'never reached', number>>;
  alertsAcknowledged: number;
  commandsAcknowledged: number;
  messages: number;
  wrong: string[];
}

const standsStillWithinMs = 2_500;
const settlesWithinMs = 20_000;

/**
 * Lets the built Muster live and die `lives` times under traffic, then brings it up once more, lets it finish and
 * compares everybody's books. `only` narrows the named moments, for mutations.
 */
export async function campaign(about: {
  lives: number;
  seed: number;
  only?: readonly Point[];
  mutation?: Mutation;
  databaseUrl?: string;
}): Promise<Campaign> {
  const folder = mkdtempSync(join(tmpdir(), 'muster-crash-'));
  const chat = await startRemoteChat({ deduplicates: false });
  const ledger = new Ledger();
  const setting: Setting = {
    ...built(folder, about.mutation ? [about.mutation] : []),
    dataFolder: join(folder, 'data'),
    chatUrl: chat.url,
    ...(about.databaseUrl && { databaseUrl: about.databaseUrl }),
  };
  const kills: Campaign['kills'] = {};
  const count = (what: keyof Campaign['kills']): void => {
    kills[what] = (kills[what] ?? 0) + 1;
  };
  const random = randomFrom(about.seed);

  for (let life = 0; life < about.lives; life++) {
    const kill = plannedEnd(life, about.only ?? points, random);
    count(await live(setting, ledger, chat, kill, random));
  }
  const wrong = await settle(setting, ledger, chat);
  const messages = [...chat.channels.values()].reduce((sum, channel) => sum + channel.messages.length, 0);
  await chat.close();
  rmSync(folder, { recursive: true, force: true });
  return {
    kills,
    alertsAcknowledged: ledger.receipts.length,
    commandsAcknowledged: ledger.done.length,
    messages,
    wrong,
  };
}

/** Every other life ends at a named moment, each in turn; the rest at random. */
function plannedEnd(life: number, moments: readonly Point[], random: () => number): Kill {
  if (life % 2 === 1) return null;
  const point = moments[(life / 2) % moments.length] as Point;
  return { point, nth: 1 + Math.floor(random() * 4) };
}

async function live(
  setting: Setting,
  ledger: Ledger,
  chat: RemoteChat,
  kill: Kill,
  random: () => number,
): Promise<keyof Campaign['kills']> {
  const victim = await start(setting, kill);
  const load = traffic(ledger, () => victim.url, Math.floor(random() * 1_000));
  const patience = kill ? standsStillWithinMs : 30 + random() * 700;
  const reached = await Promise.race([
    victim.reached.then(() => true),
    new Promise<false>((resolve) => setTimeout(() => resolve(false), patience)),
  ]);
  if (random() < 0.1) chat.fail({ kind: 'resetAfter' }, { times: 1, only: 'post' });
  await victim.kill();
  await load.stop();
  if (kill === null) return 'random';
  return reached ? kill.point : 'never reached';
}

/** The last life is left alone until nothing is due, then its store is read from outside. */
async function settle(setting: Setting, ledger: Ledger, chat: RemoteChat): Promise<string[]> {
  chat.heal();
  const victim = await start(setting, null);
  const location = setting.databaseUrl
    ? ({ kind: 'postgres', url: setting.databaseUrl } as const)
    : ({ kind: 'sqlite', file: join(setting.dataFolder, 'muster.db') } as const);
  const load = traffic(ledger, () => victim.url, 1);
  await pause(300);
  await load.stop();
  const store = await openStore(location, { fold });
  try {
    const giveUpAt = Date.now() + settlesWithinMs;
    // Cadences are short here, so there is always a promise for later; what counts is that nothing is overdue.
    while (Date.now() < giveUpAt) {
      const waiting = await store.jobs({ state: 'waiting', limit: 10_000 });
      if (!waiting.some((job) => job.dueAt < Date.now() - 500)) break;
      await pause(200);
    }
    await pause(300);
    await victim.kill();
    await finishQuietly(setting);
    return await account(ledger, store, chat);
  } finally {
    await store.close();
  }
}

/** One more life without traffic and without timers in the way: what the last kill interrupted is finished. */
async function finishQuietly(setting: Setting): Promise<void> {
  const victim = await start(setting, null);
  await pause(600);
  const response = await fetch(`${victim.url}/healthz`);
  if (!response.ok) throw new Error(`It is up and not well: ${victim.complaints()}`);
  await victim.kill();
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** mulberry32: the same seed gives the same campaign. */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
