import type { Env } from '../config/secrets.js';
import type { Restored } from './restore.js';

/** What only people can do after a restore, in order. */
export function humanSteps({ manifest, placed, held, keptUntil, dataFolder }: Restored, env: Env): string[] {
  const { settings, secrets } = manifest;
  const missing = secrets.filter((name) => env[name] === undefined && env[`${name}_FILE`] === undefined);
  const other = Object.entries(settings).filter(([name, value]) => env[name] !== value && !known.has(name));
  return [
    'Make sure that the old Muster is stopped and stays so: two would both speak.',
    ...(missing.length > 0 ? [`Supply the secrets, which no backup holds: ${missing.join(', ')}.`] : []),
    ...(other.length > 0
      ? [`Settings it ran with: ${other.map(([name, value]) => `${name}=${value}`).join(' ')}. Set what still holds.`]
      : []),
    ...placed.flatMap(({ step }) => step ?? []),
    ...(process.getuid?.() === 0
      ? [`Give the data folder to the user Muster runs as, for example: chown -R muster: ${dataFolder}`]
      : []),
    'Revoke again what was revoked, and remove again who left, after the backup: muster token list, muster people list.',
    'Start it: muster serve. Then point its name (DNS, reverse proxy) at this machine, and check that senders of alerts reach it.',
    `Tell people that what was written after ${new Date(keptUntil).toISOString().slice(0, 16).replace('T', ' ')} UTC is gone, and write down again what they remember.`,
    ...(held > 0
      ? [`Look at what waits (muster restore held), then let it go: muster restore release --drop-older-than 1h.`]
      : []),
  ];
}

/** Said by other steps, or of no use on another machine. */
const known = new Set(['MUSTER_PLAYBOOKS', 'MUSTER_TEMPLATES', 'MUSTER_DATA', 'MUSTER_CONFIG', 'MUSTER_LOG_LEVEL']);
