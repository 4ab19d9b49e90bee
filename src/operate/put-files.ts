import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { configPart, filesIn } from './gather.js';
import type { Manifest } from './manifest.js';

/** Where a Muster on this machine looks for what is not in a database. */
export interface Target {
  dataFolder: string;
  /** What MUSTER_CONFIG names, or muster.yaml in the working folder. */
  configFile: string;
  /** null: not set, so what ships is used. */
  playbooksFolder: string | null;
  templatesFolder: string | null;
}

export interface Placed {
  what: string;
  /** null: nothing had to be put anywhere. */
  at: string | null;
  /** What a person has to do so that Muster finds it. */
  step: string | null;
}

const kinds = [
  { what: 'playbooks', variable: 'MUSTER_PLAYBOOKS', of: ({ playbooksFolder }: Target) => playbooksFolder },
  { what: 'templates', variable: 'MUSTER_TEMPLATES', of: ({ templatesFolder }: Target) => templatesFolder },
] as const;

/**
 * Puts muster.yaml, playbooks and templates where this machine looks for them. What is there already is never replaced:
 * then they go into `restored` in the data folder, and a step says so.
 */
export async function putFiles(from: string, { parts, settings }: Manifest, target: Target): Promise<Placed[]> {
  const aside = join(target.dataFolder, 'restored');
  const placed: Placed[] = [];
  if (parts.some(({ name }) => name === configPart)) placed.push(await putConfig(from, target.configFile, aside));
  for (const { what, variable, of } of kinds) {
    if (!parts.some(({ name }) => name.startsWith(`${what}/`))) continue;
    // Those that shipped with the Muster that made the backup: the ones of this Muster take their place.
    if (settings[variable] === undefined) {
      placed.push({ what, at: null, step: null });
      continue;
    }
    const wanted = of(target);
    const where = join(aside, what);
    if (wanted === null || (await filesIn(wanted)).length > 0) {
      await cp(join(from, what), where, { recursive: true });
      const step =
        wanted === null
          ? `Set ${variable}=${where}, or move them to where you keep them (they were in ${settings[variable]}).`
          : `${wanted} is not empty: compare it with ${where}.`;
      placed.push({ what, at: where, step });
    } else placed.push(await put(what, wanted, where, (to) => cp(join(from, what), to, { recursive: true })));
  }
  return placed;
}

/** Aside when it cannot be written where it belongs: the restore goes on, and a person puts it there. */
async function put(what: string, wanted: string, aside: string, write: (to: string) => Promise<void>): Promise<Placed> {
  try {
    await write(wanted);
    return { what, at: wanted, step: null };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    await write(aside);
    return { what, at: aside, step: `${wanted} cannot be written (${code}): put ${aside} there.` };
  }
}

async function putConfig(from: string, configFile: string, aside: string): Promise<Placed> {
  const text = await readFile(join(from, configPart));
  const there = await readFile(configFile).catch(() => null);
  if (there?.equals(text)) return { what: 'muster.yaml', at: null, step: null };
  const where = join(aside, configPart);
  const write = async (to: string): Promise<void> => {
    await mkdir(dirname(to), { recursive: true });
    await writeFile(to, text, { flag: 'wx' });
  };
  if (there === null) return put('muster.yaml', configFile, where, write);
  await write(where);
  const step = `${configFile} was there already and stays: compare it with ${where}.`;
  return { what: 'muster.yaml', at: where, step };
}
