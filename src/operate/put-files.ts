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
    const at = wanted !== null && (await filesIn(wanted)).length === 0 ? wanted : join(aside, what);
    await cp(join(from, what), at, { recursive: true });
    const step =
      at === wanted
        ? null
        : wanted === null
          ? `Set ${variable}=${at}, or move them to where you keep them (they were in ${settings[variable]}).`
          : `${wanted} is not empty: compare it with ${at}.`;
    placed.push({ what, at, step });
  }
  return placed;
}

async function putConfig(from: string, configFile: string, aside: string): Promise<Placed> {
  const text = await readFile(join(from, configPart));
  const there = await readFile(configFile).catch(() => null);
  if (there?.equals(text)) return { what: 'muster.yaml', at: null, step: null };
  const at = there === null ? configFile : join(aside, configPart);
  await mkdir(dirname(at), { recursive: true });
  await writeFile(at, text, { flag: 'wx' });
  return {
    what: 'muster.yaml',
    at,
    step: there === null ? null : `${configFile} was there already and stays: compare it with ${at}.`,
  };
}
