import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

export const manifestName = 'manifest.json';
export const ledgerPart = 'muster.db';
export const chatPart = 'chat.db';

/** Names inside an archive: never absolute, never upwards. */
export const partName = z
  .string()
  .regex(/^[^/\\\0]+(\/[^/\\\0]+)*$/)
  .refine((name) => !name.split('/').includes('..'));

const manifest = z.object({
  format: z.literal(1),
  /** The version of Muster that made it. */
  muster: z.string(),
  madeAt: z.number(),
  /** Where the tables came from; in the archive they are SQLite files either way. */
  database: z.enum(['SQLite', 'PostgreSQL']),
  parts: z.array(z.object({ name: partName, bytes: z.number(), sha256: z.string() })),
  migrations: z.array(z.string()),
  heads: z.object({
    streams: z.number(),
    /** sha256 over one line per stream, `<stream> <seq> <hash>`, in the order of their names. */
    digest: z.string(),
    /** The last checkpoint on the `system` stream. */
    checkpoint: z.object({ seq: z.number(), at: z.number(), hash: z.string() }).nullable(),
  }),
  figures: z.object({
    incidents: z.number(),
    openIncidents: z.number(),
    events: z.number(),
    alerts: z.number(),
    people: z.number(),
    waitingJobs: z.number(),
    chatMessages: z.number(),
    lastRecordedAt: z.number().nullable(),
  }),
  /** Settings from the environment that are no secrets. */
  settings: z.record(z.string(), z.string()),
  /** Names of what is not in the archive and must be given again. */
  secrets: z.array(z.string()),
});
export type Manifest = z.output<typeof manifest>;

/** An archive that is damaged, was changed, or is none; what it says is for people. */
export class ArchiveError extends Error {
  /** It may be whole; it cannot be read here and now. */
  readonly unreadable: boolean;
  constructor(what: string, options: { cause?: unknown; unreadable?: boolean } = {}) {
    super(what, options);
    this.unreadable = options.unreadable ?? false;
    this.name = 'ArchiveError';
  }
}

/** @throws ArchiveError when there is none in the folder or it cannot be read. */
export async function readManifest(folder: string): Promise<Manifest> {
  const text = await readFile(join(folder, manifestName), 'utf8').catch(() => null);
  if (text === null) throw new ArchiveError('It has no manifest.json: it is not a backup of Muster.');
  let said: unknown;
  try {
    said = JSON.parse(text);
  } catch (error) {
    throw new ArchiveError('Its manifest.json is damaged.', { cause: error });
  }
  if ((said as { format?: unknown } | null)?.format !== 1 && typeof said === 'object')
    throw new ArchiveError('It was made by a newer Muster. Use that version, or a newer one.', { unreadable: true });
  const read = manifest.safeParse(said);
  if (!read.success) throw new ArchiveError('Its manifest.json is damaged.', { cause: read.error });
  return read.data;
}

/** Every part that is missing, or has other bytes than the manifest says. */
export async function differences(folder: string, { parts }: Manifest): Promise<string[]> {
  const found: string[] = [];
  for (const { name, bytes, sha256 } of parts) {
    const is = await weigh(join(folder, name)).catch(() => null);
    if (is === null) found.push(`${name} is missing`);
    else if (is.bytes !== bytes || is.sha256 !== sha256) found.push(`${name} is not what was backed up`);
  }
  return found;
}

export async function weigh(file: string): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of createReadStream(file, { highWaterMark: 1024 * 1024 })) {
    bytes += chunk.length;
    hash.update(chunk);
  }
  return { bytes, sha256: hash.digest('hex') };
}
