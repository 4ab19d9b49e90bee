import { resolve } from 'node:path';
import type { BackupPlan } from '../config/config.js';
import type { Env } from '../config/secrets.js';
import { folderPlace } from './folder-place.js';
import type { Place } from './place.js';

/** The place called `to`: a folder, or s3://bucket/prefix. @throws when its keys are missing. */
export async function placeOf(to: string, plan: Pick<BackupPlan, 's3'> | null, env: Env): Promise<Place> {
  if (!to.startsWith('s3://')) return folderPlace(resolve(to));
  const { s3Place } = await import('./s3-place.js');
  return s3Place(to, plan?.s3 ?? null, env);
}
