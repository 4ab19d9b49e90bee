import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Point, points } from '../../src/engine/points.js';
import { fold } from '../../src/incident/evolve.js';
import { machine } from '../../src/people/viewer.js';
import { openStore } from '../../src/store/open.js';
import type { Store } from '../../src/store/port.js';
import { type RemoteChat, startRemoteChat } from '../fakes/remote-chat.js';
import { account } from './account.js';
import { built, type Mutation } from './mutant.js';
import { type Outside, startOutside } from './outside.js';
import { writePlaybooks } from './playbooks.js';
import { Ledger, traffic } from './traffic.js';
import { type Kill, type Setting, start } from './victim.js';

export interface Campaign {
  kills: Partial<Record<Point | 'random' | 'never reached', number>>;
  alertsAcknowledged: number;
  commandsAcknowledged: number;
  messages: number;
  /** What reached those outside chat, and how much of it had been there before. */
  notices: number;
  repeats: number;
  /** Of playbooks: steps done, approvals given, time-boxes exceeded. */
  walked: Partial<Record<Walked, number>>;
  /** What was said in private and acknowledged. */
  privately: number;
  wrong: string[];
}

const walked = ['stepDone', 'substepTicked', 'approvalGiven', 'stepOverdue', 'playbookAttached'] as const;
type Walked = (typeof walked)[number];

const standsStillWithinMs = 2_500;
const walksWithinMs = 10_000;
const settlesWithinMs = 20_000;

/**
 * Lets the built Muster live and die `lives` times under traffic, then brings it up once more, lets it finish and
 * compares everybody's books. `moments` are those at which lives end, in turn.
 */
export async function campaign(about: {
  lives: number;
  seed: number;
  moments?: readonly Point[];
  mutation?: Mutation;
  databaseUrl?: string;
}): Promise<Campaign> {
  const folder = mkdtempSync(join(tmpdir(), 'muster-crash-'));
  const chat = await startRemoteChat({ deduplicates: false });
  const outside = await startOutside();
  const world = { chat, outside };
  const ledger = new Ledger();
  const setting: Setting = {
    ...(await built(folder, about.mutation ? [about.mutation] : [])),
    dataFolder: join(folder, 'data'),
    chatUrl: chat.url,
    playbooksFolder: writePlaybooks(join(folder, 'playbooks')),
    outside: outside.setting,
    ...(about.databaseUrl && { databaseUrl: about.databaseUrl }),
  };
  const kills: Campaign['kills'] = {};
  const count = (what: keyof Campaign['kills']): void => {
    kills[what] = (kills[what] ?? 0) + 1;
  };
  const random = randomFrom(about.seed);

  for (let life = 0; life < about.lives; life++) {
    const kill = plannedEnd(life, about.moments ?? points, random);
    count(await live(setting, ledger, world, kill, random));
  }
  const end = await settle(setting, ledger, world, about.mutation !== undefined);
  const messages = [...chat.channels.values()].reduce((sum, channel) => sum + channel.messages.length, 0);
  await Promise.all([chat.close(), outside.close()]);
  rmSync(folder, { recursive: true, force: true });
  return {
    kills,
    alertsAcknowledged: ledger.receipts.length,
    commandsAcknowledged: ledger.done.length,
    messages,
    privately: ledger.done.filter(({ marker }) => ledger.secrets.includes(marker)).length,
    ...arrivals(outside),
    ...end,
  };
}

interface World {
  chat: RemoteChat;
  outside: Outside;
}

function arrivals({ receiver, mails }: Outside): Pick<Campaign, 'notices' | 'repeats'> {
  const all = [
    ...receiver.calls.map(({ id }) => id),
    ...mails.mails.map(({ to, headers }) => `${to} ${headers.get('message-id')}`),
  ];
  const notices = new Set(all).size;
  return { notices, repeats: all.length - notices };
}

/** Not passed twice in a short life. */
const seldom = new Set<Point>(['checkpoint:written', 'postmortem:written']);

/** Every other life ends at a named moment, each in turn; the rest at random. */
function plannedEnd(life: number, moments: readonly Point[], random: () => number): Kill {
  if (life % 2 === 1) return null;
  const point = moments[(life / 2) % moments.length] as Point;
  const nth = 1 + Math.floor(random() * 4);
  return { point, nth: seldom.has(point) ? 1 : nth };
}

async function live(
  setting: Setting,
  ledger: Ledger,
  { chat, outside }: World,
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
  if (random() < 0.1) outside.receiver.fail({ kind: 'lost' }, 1);
  if (random() < 0.1) outside.mails.fail({ kind: 'lost' }, { times: 1 });
  await victim.kill();
  await load.stop();
  if (kill === null) return 'random';
  return reached ? kill.point : 'never reached';
}

/** The last life is left alone until nothing is due, then its store is read from outside. */
async function settle(
  setting: Setting,
  ledger: Ledger,
  { chat, outside }: World,
  isMutant: boolean,
): Promise<Pick<Campaign, 'wrong' | 'walked'>> {
  chat.heal();
  outside.receiver.heal();
  outside.mails.heal();
  const victim = await start(setting, null);
  const location = setting.databaseUrl
    ? ({ kind: 'postgres', url: setting.databaseUrl } as const)
    : ({ kind: 'sqlite', file: join(setting.dataFolder, 'muster.db') } as const);
  const load = traffic(ledger, () => victim.url, 1);
  await pause(300);
  // Lives are short and the machine may be slow: the last one goes on until all kinds of things have been done.
  const stopBy = Date.now() + walksWithinMs;
  while (!(ledger.privately.length > 0 && (isMutant || hasApproved(ledger))) && Date.now() < stopBy) await pause(50);
  await load.stop();
  const store = await openStore(location, { fold });
  try {
    await untilNothingIsOverdue(store);
    await pause(300);
    await victim.kill();
    // One more life without traffic: what the last kill interrupted is finished.
    const last = await start(setting, null);
    await untilNothingIsOverdue(store);
    const response = await fetch(`${last.url}/healthz`);
    if (!response.ok) throw new Error(`It is up and not well: ${last.complaints()}`);
    const endedAt = Date.now();
    await last.kill();
    return { wrong: await account(ledger, store, chat, outside, endedAt), walked: await walkedIn(store) };
  } finally {
    await store.close();
  }
}

const hasApproved = ({ done }: Ledger): boolean => done.some(({ text }) => text === '/incident approve');

/** Cadences are short here, so there is always a promise for later; what counts is that nothing is overdue. */
export async function untilNothingIsOverdue(store: Store): Promise<void> {
  const giveUpAt = Date.now() + settlesWithinMs;
  do {
    await pause(200);
    const waiting = await store.jobs({ state: 'waiting', limit: 10_000 });
    if (!waiting.some((job) => job.dueAt < Date.now() - 500)) return;
  } while (Date.now() < giveUpAt);
}

async function walkedIn(store: Store): Promise<Campaign['walked']> {
  const counts: Campaign['walked'] = {};
  const { incidents } = await store.incidents(machine, { limit: 10_000, offset: 0 });
  for (const { id } of incidents)
    for (const { type } of await store.timeline(machine, id)) {
      const counted = walked.find((each) => each === type);
      if (counted) counts[counted] = (counts[counted] ?? 0) + 1;
    }
  return counts;
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
