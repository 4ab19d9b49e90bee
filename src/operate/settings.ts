import { parse } from 'yaml';
import type { Env } from '../config/secrets.js';

/** What a rebuilt Muster is told again as it was; none of these holds a secret. */
const kept = [
  'MUSTER_HOST',
  'MUSTER_PORT',
  'MUSTER_DATA',
  'MUSTER_CONFIG',
  'MUSTER_PUBLIC_URL',
  'MUSTER_ZONES',
  'MUSTER_PLAYBOOKS',
  'MUSTER_TEMPLATES',
  'MUSTER_S3_ENDPOINT',
  'MUSTER_S3_REGION',
  'MUSTER_LOG_LEVEL',
];

export const settingsOf = (env: Env): Record<string, string> =>
  Object.fromEntries(kept.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])));

const secretLike = /^(DATABASE_URL|MUSTER_\w*(TOKEN|SECRET|PASSWORD|KEY|KEY_ID|URL)S?)(_FILE)?$/;

/**
 * Names of the secrets that somebody has to give again, never what they say: those set where Muster runs, and those
 * that muster.yaml refers to.
 */
export function secretsOf(env: Env, yaml: string | null): string[] {
  const names = new Set<string>();
  for (const name of Object.keys(env))
    if (secretLike.test(name) && !kept.includes(name) && env[name] !== undefined) names.add(name.replace(/_FILE$/, ''));
  if (yaml !== null) referred(parsed(yaml), names);
  return [...names].sort();
}

function parsed(yaml: string): unknown {
  try {
    return parse(yaml);
  } catch {
    // A file that is no YAML just now is backed up as it is, and refers to nothing.
    return null;
  }
}

/** Wherever the file says `{ env: NAME }` or `{ file: /path }`. */
function referred(value: unknown, names: Set<string>): void {
  if (typeof value !== 'object' || value === null) return;
  const { env, file } = value as { env?: unknown; file?: unknown };
  if (typeof env === 'string') names.add(env);
  if (typeof file === 'string') names.add(`the file ${file}`);
  for (const inner of Object.values(value)) referred(inner, names);
}
