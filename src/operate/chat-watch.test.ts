import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, expect, it } from 'vitest';
import { type Finding, ok, problem, unanswered } from '../chat/finding.js';
import type { ChatAdapter, ExpectedChannel } from '../chat/platform.js';
import { builtInPolicy } from '../config/defaults.js';
import type { SystemNews } from '../engine/operators.js';
import { plainText } from '../messages/plain.js';
import { openStore } from '../store/open.js';
import { watchChat } from './chat-watch.js';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

const hourMs = 3_600_000;

async function watched() {
  const folder = mkdtempSync(join(tmpdir(), 'muster-chat-watch-'));
  const store = await openStore({ kind: 'sqlite', file: join(folder, 'muster.db') });
  ends.push(() => rmSync(folder, { recursive: true, force: true }), store.close);
  let cut = false;
  const looks: (readonly ExpectedChannel[])[] = [];
  const told: SystemNews[] = [];
  const state = { now: Date.UTC(2026, 10, 21), findings: [ok('bot token', 'Known.')] as Finding[] };
  const adapter = {
    platform: { name: 'slack' },
    examine: async (channels: readonly ExpectedChannel[]) => {
      looks.push(channels);
      return state.findings;
    },
  } as unknown as ChatAdapter;
  const open = () =>
    watchChat({
      adapters: [adapter],
      store,
      config: () => ({ policy: { ...builtInPolicy([]), platforms: ['slack'] }, channels: { operators: 'ops' } }),
      platforms: () => ['slack', 'web', 'web'],
      tell: async (news) => {
        if (cut) throw new Error('It has ended.');
        told.push(news);
      },
      clock: { now: () => state.now, after: () => () => {} },
      log: pino({ level: 'silent' }),
    });
  let watch = open();
  return {
    state,
    looks,
    told,
    async after(hours: number): Promise<void> {
      state.now += hours * hourMs;
      await watch.look();
    },
    /** Two processes with one store look at the same moment. */
    twoAtOnce: async () => void (await Promise.all([watch.look(), open().look()])),
    /** It ends before what it found could be told. */
    cut: () => {
      cut = true;
    },
    restart: () => {
      cut = false;
      watch = open();
    },
  };
}
const archived = problem('channels', '#ops is archived.', 'Unarchive it.');

it('looks at each platform once a day, and a restart is no reason to look sooner', async () => {
  const { after, looks, told, restart } = await watched();
  await after(0);
  expect(looks[0]?.map(({ name }) => name)).toEqual(['stakeholders', 'triage', 'ops']);
  for (let hour = 0; hour < 23; hour++) await after(1);
  restart();
  await after(0);
  expect(looks.length).toBe(1);
  await after(1);
  expect(looks.length).toBe(2);
  expect(told).toEqual([]);
});

it('tells the operators of trouble once, elsewhere too, looks every hour from then on, and says when it is gone', async () => {
  const { state, after, looks, told, restart } = await watched();
  state.findings = [archived, ok('scopes', 'All.')];
  await after(0);
  expect(told.length).toBe(1);
  expect(told[0]?.platforms).toEqual(['slack', 'web']);
  const words = plainText(told[0]!.card);
  for (const said of ['#ops is archived.', 'Unarchive it.', 'muster doctor slack']) expect(words).toContain(said);
  await after(1);
  restart();
  await after(1);
  expect([looks.length, told.length]).toEqual([3, 1]);
  state.findings = [ok('channels', 'All.')];
  await after(1);
  await after(1);
  expect(looks.length).toBe(4);
  expect(told.map(({ event }) => event.type)).toEqual(['chatTrouble', 'chatWell']);
});

it('is told by one of two that look at once, and after a crash by whoever looks next', async () => {
  const { state, after, twoAtOnce, cut, restart, told } = await watched();
  state.findings = [archived];
  cut();
  await after(0);
  expect(told).toEqual([]);
  restart();
  await after(1);
  expect(told.length).toBe(1);
  state.findings = [archived, problem('scopes', 'chat:write is missing.', 'Add it.')];
  await twoAtOnce();
  expect(told.length).toBe(2);
});

it('tells of other trouble that comes to it, and not of what goes', async () => {
  const { state, after, told } = await watched();
  state.findings = [archived];
  await after(0);
  state.findings = [archived, problem('scopes', 'chat:write is missing.', 'Add it.')];
  await after(1);
  expect(told.length).toBe(2);
  state.findings = [archived];
  await after(1);
  expect(told.length).toBe(2);
});

it('a platform that does not answer is no news of this kind: what was told stays told', async () => {
  const { state, after, told } = await watched();
  state.findings = [archived];
  await after(0);
  state.findings = [unanswered('bot token', 'No answer.', 'Wait.')];
  await after(1);
  state.findings = [archived];
  await after(1);
  expect(told.length).toBe(1);
});
