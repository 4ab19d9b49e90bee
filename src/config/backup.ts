import { resolve } from 'node:path';
import type { Config } from './config.js';
import type { ConfigFile } from './file.js';

/** The file's `backup` section; a relative folder starts at `folder`. */
export function backupOf(file: ConfigFile | null, folder: string): Config['backup'] {
  if (!file?.backup) return null;
  const { to, every, at, recipients, keep, s3 } = file.backup;
  return {
    to: to.startsWith('s3://') ? to : resolve(folder, to),
    everyMs: every ?? null,
    at: at ?? null,
    recipients,
    keep: keep ?? null,
    s3: { endpoint: s3.endpoint ?? null, region: s3.region },
  };
}
