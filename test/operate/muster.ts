import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Bot, openBot } from '../../src/bot.js';
import type { ChatPlatform } from '../../src/chat/platform.js';
import type { Config } from '../../src/config/config.js';
import { readConfig } from '../../src/config/read.js';
import { createLog } from '../../src/http/log.js';
import { type BackupParts, type Made, makeBackup } from '../../src/operate/backup.js';
import { folderPlace } from '../../src/operate/folder-place.js';
import { freshPostgres } from '../fakes/postgres.js';
import type { Database } from '../stories/story.js';

/** A machine for one Muster: a folder, perhaps a PostgreSQL database, settings, and a clock that tests move. */
export interface Machine {
  folder: string;
  env: Record<string, string>;
  config: Config;
  now: number;
  close(bot: Bot): Promise<void>;
  open(platforms?: ChatPlatform[]): Promise<Bot>;
  backup(more?: Partial<BackupParts>): Promise<Made>;
  /** Where its backups go. */
  backups: string;
  end(): Promise<void>;
}

export async function machineFor(
  database: Database,
  {
    file,
    env: more = {},
    change = {},
    logLevel = 'error',
  }: { file?: string; env?: Record<string, string>; change?: Partial<Config>; logLevel?: string } = {},
): Promise<Machine> {
  const folder = mkdtempSync(join(tmpdir(), 'muster-machine-'));
  const postgres = database === 'PostgreSQL' ? await freshPostgres() : null;
  if (file !== undefined) writeFileSync(join(folder, 'muster.yaml'), file);
  mkdirSync(join(folder, 'playbooks'));
  const env: Record<string, string> = {
    MUSTER_DATA: join(folder, 'data'),
    MUSTER_PORT: '0',
    ...(postgres && { DATABASE_URL: postgres.url }),
    ...more,
  };
  const read = readConfig(env, folder);
  if (Array.isArray(read)) throw new Error(JSON.stringify(read));
  const config = { ...read, ...change };
  const log = createLog(logLevel);
  const bots = new Set<Bot>();
  const machine: Machine = {
    folder,
    env,
    config,
    now: Date.UTC(2026, 10, 21, 12),
    backups: join(folder, 'backups'),
    async open(platforms = []) {
      const clock = { now: () => machine.now, after: () => () => {} };
      const bot = await openBot(config, { log, clock, run: false, platforms });
      bots.add(bot);
      return bot;
    },
    async close(bot) {
      bots.delete(bot);
      await bot.close();
    },
    backup: (parts) =>
      makeBackup({
        config,
        env,
        place: folderPlace(machine.backups),
        recipients: [],
        now: () => machine.now,
        ...parts,
      }),
    async end() {
      for (const bot of bots) await bot.close();
      await postgres?.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return machine;
}

export const command = async (bot: Bot, text: string, incident?: number): Promise<{ text: string }> => {
  const response = await fetch(`${bot.url}/api/commands`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ text, user: 'Ada', ...(incident !== undefined && { incident }) }),
  });
  const answer = (await response.json()) as { text: string };
  if (response.status !== 200) throw new Error(JSON.stringify(answer));
  return answer;
};

export const alert = async (bot: Bot, name: string, service = 'registry'): Promise<number> => {
  const response = await fetch(`${bot.url}/alerts/generic`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ title: name, service, severity: 'critical', fingerprint: name }),
  });
  return response.status;
};
