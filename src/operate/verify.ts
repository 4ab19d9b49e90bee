import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Check, examine } from './examine.js';
import type { Manifest } from './manifest.js';
import { type Found, openArchive } from './open-archive.js';

export interface Verified {
  archive: string;
  manifest: Manifest;
  checks: Check[];
  ok: boolean;
  tookMs: number;
}

/** Restores an archive into a folder of its own below `workFolder`, looks at everything, and throws the folder away. */
export async function verifyArchive(
  found: Found,
  { identities, workFolder }: { identities: readonly string[]; workFolder: string },
): Promise<Verified> {
  const started = performance.now();
  const work = await mkdtemp(join(workFolder, 'muster-verify-'));
  try {
    const folder = await mkdtemp(join(work, 'unpacked-'));
    const manifest = await openArchive(found, folder, identities);
    const checks = await examine(folder, manifest);
    const ok = checks.every((check) => check.ok);
    return { archive: found.name, manifest, checks, ok, tookMs: Math.round(performance.now() - started) };
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}
