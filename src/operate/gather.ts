import { copyFile, mkdir, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Config } from '../config/config.js';

export const configPart = 'muster.yaml';
/** Folders of the archive, with what belongs into each. */
export const folders = { playbooks: /\.md$/, templates: /\.hbs$/, postmortems: /\.md$/ } as const;
export type Folder = keyof typeof folders;

export type Sources = Pick<Config, 'file' | 'playbooksFolder' | 'templatesFolder' | 'dataFolder'>;

/** Copies the files that belong to a Muster, besides its databases, into `staging`; answers their names there. */
export async function gather(config: Sources, staging: string): Promise<string[]> {
  const from: Record<Folder, string> = {
    playbooks: config.playbooksFolder,
    templates: config.templatesFolder,
    postmortems: join(config.dataFolder, 'postmortems'),
  };
  const files = (
    await Promise.all(
      (Object.keys(folders) as Folder[]).map(async (folder) =>
        (
          await filesIn(from[folder])
        )
          .filter((name) => folders[folder].test(name))
          .map((name) => ({ name: `${folder}/${name}`, from: join(from[folder], name) })),
      ),
    )
  ).flat();
  if (config.file !== null) files.push({ name: configPart, from: config.file });
  for (const { name, from } of files) {
    await mkdir(dirname(join(staging, name)), { recursive: true });
    await copyFile(from, join(staging, name));
  }
  return files.map(({ name }) => name).sort();
}

/** Plain files with `/` in their names, at any depth; none when there is no such folder. Links are not followed. */
export async function filesIn(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(folder.length).replaceAll('\\', '/').replace(/^\/+/, ''))
      .sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
