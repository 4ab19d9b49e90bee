import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { openStore as openChat } from '../../chat/web/store.js';
import { fold } from '../../incident/evolve.js';
import { lockDataFolder, openStore } from '../../store/open.js';
import { chatPart, ledgerPart } from '../manifest.js';
import { fillDatabase, putData, refuseUsedFolder } from '../restore.js';
import { alone } from '../snapshot.js';
import { drafts, fillLedger } from './fill.js';
import { fillChat } from './fill-chat.js';
import type { ExportManifest } from './layout.js';
import { ExportError, exportReader, openExport } from './read-export.js';

export interface Imported {
  manifest: ExportManifest;
  into: string;
  /** Jobs that wait until they are released. */
  held: number;
  tookMs: number;
}

/**
 * Makes a Muster of an export, where there is none: everything is read and proven first (digests, every chain, every
 * row), then put into its place. Nothing is said that the export does not say, so its heads are the same.
 * @throws ExportError when the export is not whole; nothing is changed then.
 */
export async function importExport(
  folder: string,
  { dataFolder, databaseUrl }: { dataFolder: string; databaseUrl: string | null },
): Promise<Imported> {
  const started = performance.now();
  const manifest = await openExport(folder);
  if (!manifest.complete)
    throw new ExportError(
      `It was made without private incidents (${manifest.leftOut.incidents} are missing), so what is left cannot be proven to be whole. Export again with --private.`,
    );
  await refuseUsedFolder(dataFolder);
  await mkdir(dataFolder, { recursive: true });
  const unlock = lockDataFolder(dataFolder);
  try {
    await refuseUsedFolder(dataFolder);
    if (databaseUrl !== null) await (await import('../fill-postgres.js')).refuseUsedPostgres(databaseUrl);
    const work = await mkdtemp(join(dataFolder, `.restore-${process.pid}-`));
    try {
      const held = await build(work, folder, manifest);
      if (databaseUrl !== null) await fillDatabase(databaseUrl, work, true);
      await putData(work, dataFolder, databaseUrl === null);
      return {
        manifest,
        into: databaseUrl === null ? dataFolder : 'PostgreSQL',
        held,
        tookMs: Math.round(performance.now() - started),
      };
    } finally {
      await rm(work, { recursive: true, force: true });
    }
  } finally {
    unlock();
  }
}

async function build(work: string, folder: string, manifest: ExportManifest): Promise<number> {
  const from = exportReader(folder, manifest);
  const ledger = join(work, ledgerPart);
  const chat = join(work, chatPart);
  await (await openStore({ kind: 'sqlite', file: ledger })).close();
  await (await openChat({ kind: 'sqlite', file: chat })).close();
  try {
    await fillLedger(ledger, from, manifest);
    await fillChat(chat, from);
  } catch (error) {
    if (error instanceof ExportError) throw error;
    throw new ExportError(`It cannot be read: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
  const store = await openStore({ kind: 'sqlite', file: ledger }, { fold });
  try {
    const { ok, problems, streams } = await store.verify();
    const [first] = problems;
    if (!ok) throw new ExportError(`${first?.stream}${first?.seq == null ? '' : ` seq ${first.seq}`}: ${first?.what}.`);
    const said = Object.keys(manifest.streams).length;
    if (streams !== said) throw new ExportError(`It has ${streams} streams, and its manifest says ${said}.`);
    for (const [stream, { seq, hash }] of Object.entries(manifest.streams)) {
      const id = /^incident\/(.+)$/.exec(stream)?.[1];
      const is = id === undefined ? null : await store.load(id);
      if (id !== undefined && (is?.seq !== seq || is.head !== hash))
        throw new ExportError(`${stream} does not end as its manifest says.`);
    }
    for await (const { name, text } of drafts(from)) {
      await mkdir(dirname(join(work, name)), { recursive: true });
      await writeFile(join(work, name), text);
    }
    return await store.heldCount();
  } finally {
    await store.close();
    for (const file of [ledger, chat]) alone(file);
  }
}
