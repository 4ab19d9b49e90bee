import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import type { Config } from '../config/config.js';
import { chatLocation, storeLocation } from '../config/locations.js';
import type { Env } from '../config/secrets.js';
import { version } from '../version.js';
import { archiveName } from './archive-name.js';
import { figuresOf } from './figures.js';
import { configPart, gather } from './gather.js';
import { inPassing, sweep, thisHost } from './leftovers.js';
import { chatPart, ledgerPart, type Manifest, manifestName, weigh } from './manifest.js';
import { packed } from './pack.js';
import type { Place } from './place.js';
import { refuseWithoutRoom } from './room.js';
import { secretsOf, settingsOf } from './settings.js';
import { snapshotSqlite } from './snapshot.js';

export interface BackupParts {
  config: Config;
  env: Env;
  place: Place;
  /** age recipients; none: the archive is not encrypted. */
  recipients: readonly string[];
  now(): number;
  /** A word on what is being done, often. */
  onProgress?(words: string): void;
}

export interface Made {
  name: string;
  place: string;
  /** Of the archive as it is kept. */
  bytes: number;
  sha256: string;
  encrypted: boolean;
  tookMs: number;
  manifest: Manifest;
}

/** Makes one archive of everything and puts it in its place. Changes nothing else, and leaves nothing half-made behind. */
export async function makeBackup({ config, env, place, recipients, now, onProgress }: BackupParts): Promise<Made> {
  const begunAt = now();
  const started = performance.now();
  const name = archiveName(begunAt, recipients.length > 0);
  await mkdir(config.dataFolder, { recursive: true, mode: 0o750 });
  await sweep(config.dataFolder, stagingMaker);
  const locations = [storeLocation(config), chatLocation(config)];
  await refuseWithoutRoom(
    config.dataFolder,
    locations.flatMap((location) => (location.kind === 'sqlite' ? location.file : [])),
  );
  const staging = join(config.dataFolder, `.backup-${process.pid}-${randomUUID()}`);
  return inPassing(staging, async () => {
    await mkdir(staging, { mode: 0o700 });
    await snapshot(config, staging, onProgress ?? (() => {}));
    const names = [ledgerPart, chatPart, ...(await gather(config, staging))];
    onProgress?.('checksums');
    const parts = [];
    for (const part of names) parts.push({ name: part, ...(await weigh(join(staging, part))) });
    const manifest: Manifest = {
      format: 1,
      muster: version,
      madeAt: begunAt,
      database: config.databaseUrl === null ? 'SQLite' : 'PostgreSQL',
      parts,
      ...(await figuresOf(join(staging, ledgerPart), join(staging, chatPart))),
      settings: settingsOf(env),
      secrets: secretsOf(env, names.includes(configPart) ? await readFile(join(staging, configPart), 'utf8') : null),
    };
    await writeFile(join(staging, manifestName), `${JSON.stringify(manifest, null, 2)}\n`);
    const hash = createHash('sha256');
    let bytes = 0;
    const counted = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        hash.update(chunk);
        bytes += chunk.length;
        onProgress?.(`writing, ${Math.round(bytes / 1024)} KB`);
        done(null, chunk);
      },
    });
    const archive = await packed(staging, [manifestName, ...names], recipients);
    archive.on('error', (error) => counted.destroy(error));
    await place.put(name, archive.pipe(counted));
    const tookMs = Math.round(performance.now() - started);
    const encrypted = recipients.length > 0;
    return { name, place: place.words, bytes, sha256: hash.digest('hex'), encrypted, tookMs, manifest };
  });
}

/** Both databases as SQLite files in `staging`, as they are at one moment; nobody is signed in in them. */
export async function snapshot(config: Config, staging: string, onProgress: (words: string) => void): Promise<void> {
  const ledger = storeLocation(config);
  const chat = chatLocation(config);
  const to = { ledger: join(staging, ledgerPart), chat: join(staging, chatPart) };
  if (ledger.kind === 'sqlite' && chat.kind === 'sqlite')
    return snapshotSqlite(
      [
        { from: ledger.file, to: to.ledger },
        { from: chat.file, to: to.chat },
      ],
      (share) => onProgress(`copying, ${Math.round(share * 100)} %`),
    );
  if (config.databaseUrl === null) throw new Error('There is no database to back up.');
  const { snapshotPostgres } = await import('./snapshot-postgres.js');
  return snapshotPostgres(config.databaseUrl, to, (rows) => onProgress(`copying, ${rows} rows`));
}

/** Where it is put together; left behind by one that was killed. */
function stagingMaker(name: string) {
  const pid = Number(/^\.backup-(\d+)-/.exec(name)?.[1]);
  return Number.isNaN(pid) ? null : { pid, host: thisHost };
}
