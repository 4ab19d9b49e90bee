import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Bot, openBot } from '../../src/bot.js';
import type { ChatAdapter, ChatPlatform, Reply } from '../../src/chat/platform.js';
import type { Config } from '../../src/config/config.js';
import { readConfig } from '../../src/config/read.js';
import type { Clock } from '../../src/engine/clock.js';
import { lookEveryMs } from '../../src/engine/outage-watch.js';
import { createLog } from '../../src/http/log.js';
import type { Incident } from '../../src/incident/state.js';
import type { Card } from '../../src/messages/card.js';
import { plainText } from '../../src/messages/plain.js';
import type { Sizes } from '../../src/operate/disk-watch.js';
import { machine } from '../../src/people/viewer.js';
import { freshPostgres } from '../fakes/postgres.js';

/** A clock that stands still until the story moves it. */
class StoryClock implements Clock {
  at: number;
  constructor(at: number) {
    this.at = at;
  }
  now = (): number => this.at;
  after = (): (() => void) => () => {};
}

export type Database = 'SQLite' | 'PostgreSQL';
export const databases: Database[] = ['SQLite', 'PostgreSQL'];

/** The whole bot with a clock of the story's own: real HTTP, a real database, the real web chat. */
export interface Story {
  bot: Bot;
  /** Lets time pass, carrying out every job at the moment it is due. */
  forward(by: { minutes?: number; seconds?: number; hours?: number }): Promise<void>;
  now(): number;
  alerts(source: string, body: unknown): Promise<{ status: number; accepted: number; receipt: string }>;
  /** What somebody types, or a button sends. */
  say(user: string, text: string, incident?: number): Promise<Reply>;
  /** Presses the last button in a channel whose label begins so; `input` is what it asks for. */
  press(user: string, channel: string, label: string, input?: string): Promise<Reply>;
  get(path: string, user?: string): Promise<{ status: number; text: string; json: <T>() => T }>;
  incident(number: number): Promise<Incident>;
  /** What stands in a channel, oldest first, as plain text; the name without its number may be cut. */
  channel(name: string): Promise<{ text: string; card: Card; pinned: boolean }[]>;
  /** Changes its muster.yaml, and waits until the bot has looked at it. */
  write(text: string): Promise<void>;
  /** Where its data is; gone at the end. */
  folder: string;
  /** null: SQLite in the folder. */
  databaseUrl: string | null;
  stop(): Promise<void>;
  /** Time passes while nothing runs. */
  sleep(by: { hours?: number; seconds?: number }): void;
  /** Starts it again on the same data and lets it do what is due. */
  start(): Promise<void>;
  restart(): Promise<void>;
  end(): Promise<void>;
}

export const noon = Date.UTC(2026, 10, 21, 12, 0);

export async function story(
  about: {
    database?: Database;
    config?: Partial<Config>;
    /** What stands in its muster.yaml; it is then watched and can be changed by `write`. */
    file?: string;
    env?: Record<string, string>;
    platforms?: ChatPlatform[];
    adapters?: ChatAdapter[];
    at?: number;
    callsWithinMs?: number;
    sizes?: () => Promise<Sizes>;
  } = {},
): Promise<Story> {
  const folder = mkdtempSync(join(tmpdir(), 'muster-story-'));
  const postgres = about.database === 'PostgreSQL' ? await freshPostgres() : null;
  const file = join(folder, 'muster.yaml');
  if (about.file !== undefined) writeFileSync(file, about.file);
  const env = {
    MUSTER_DATA: join(folder, 'data'),
    MUSTER_PORT: '0',
    ...(postgres && { DATABASE_URL: postgres.url }),
    ...about.env,
  };
  const read = (): ReturnType<typeof readConfig> => {
    const config = readConfig(env, folder);
    return Array.isArray(config) ? config : { ...config, ...about.config };
  };
  const config = read();
  if (Array.isArray(config)) throw new Error(JSON.stringify(config));
  const clock = new StoryClock(about.at ?? noon);
  const log = createLog(process.env.MUSTER_LOG_LEVEL ?? 'error');
  const { platforms = [], adapters, callsWithinMs, sizes } = about;
  const open = () =>
    openBot(config, {
      log,
      clock,
      run: false,
      platforms,
      ...(adapters && { adapters }),
      ...(callsWithinMs && { callsWithinMs }),
      ...(sizes && { sizes }),
      ...(about.file !== undefined && { reloadable: { file, read } }),
    });
  let bot = await open();

  async function forward({ hours = 0, minutes = 0, seconds = 0 }: Parameters<Story['forward']>[0]): Promise<void> {
    const until = clock.at + ((hours * 60 + minutes) * 60 + seconds) * 1_000;
    for (;;) {
      await bot.runner.untilIdle();
      const next = Math.min((await bot.store.nextDueAt(clock.at)) ?? Infinity, lookAt);
      if (next > until) break;
      clock.at = Math.max(clock.at + 1, next);
      await lookAround();
    }
    clock.at = until;
    await lookAround();
    await bot.runner.untilIdle();
  }

  /** Other chat platforms are looked at regularly; the web room needs none. */
  let lookAt = platforms.length > 0 ? clock.at : Infinity;
  async function lookAround(): Promise<void> {
    if (clock.at < lookAt) return;
    lookAt = clock.at + 2 * lookEveryMs;
    await bot.outages.look();
  }

  let up = true;
  async function stop(): Promise<void> {
    if (up) await bot.close();
    up = false;
  }
  async function start(): Promise<void> {
    bot = await open();
    up = true;
    await bot.runner.untilIdle();
  }

  const post = (path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`${bot.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });

  async function messages(name: string) {
    const channel = (await bot.web.channels('ada')).find(
      (each) => each.name === name || each.name.startsWith(`${name}-`),
    );
    if (!channel) throw new Error(`There is no channel ${name}.`);
    return bot.web.messages(channel.id, 500);
  }

  return {
    get bot() {
      return bot;
    },
    forward,
    now: clock.now,
    async alerts(source, body) {
      const response = await post(`/alerts/${source}`, body);
      const answer = (await response.json()) as { accepted: number; receipt: string };
      await bot.runner.untilIdle();
      return { status: response.status, ...answer };
    },
    async say(user, text, incident) {
      const response = await post('/api/commands', { text, user, ...(incident !== undefined && { incident }) });
      const reply = (await response.json()) as Reply;
      if (response.status !== 200) throw new Error(`${text}: ${response.status} ${JSON.stringify(reply)}`);
      await bot.runner.untilIdle();
      return reply;
    },
    async press(user, name, label, input) {
      const button = (await messages(name))
        .flatMap(({ card }) => card.blocks.flatMap((block) => (block.kind === 'buttons' ? block.buttons : [])))
        .findLast((each) => each.label.startsWith(label));
      if (!button) throw new Error(`There is no button ${label} in ${name}.`);
      const { command, incidentId } = button;
      const response = await post(
        '/chat/web/command',
        { id: randomUUID(), text: command, channel: null, ...(incidentId && { incidentId }), ...(input && { input }) },
        { cookie: `muster_name=${user}`, accept: 'application/json' },
      );
      if (response.status !== 200) throw new Error(`${command}: ${response.status} ${await response.text()}`);
      await bot.runner.untilIdle();
      return (await response.json()) as Reply;
    },
    async get(path, user = 'Ada') {
      const response = await fetch(`${bot.url}${path}`, { headers: { cookie: `muster_name=${user}` } });
      const text = await response.text();
      return { status: response.status, text, json: <T>() => JSON.parse(text) as T };
    },
    async incident(number) {
      const incident = await bot.store.incident(machine, { number });
      if (!incident) throw new Error(`There is no incident ${number}.`);
      return incident;
    },
    async channel(name) {
      return (await messages(name)).map(({ card, pinned }) => ({ text: plainText(card), card, pinned }));
    },
    async write(text) {
      writeFileSync(file, text);
      await bot.reload();
      await bot.runner.untilIdle();
    },
    folder,
    databaseUrl: postgres?.url ?? null,
    stop,
    start,
    sleep({ hours = 0, seconds = 0 }) {
      clock.at += hours * 3_600_000 + seconds * 1_000;
    },
    async restart() {
      await stop();
      await start();
    },
    async end() {
      await stop();
      await postgres?.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
