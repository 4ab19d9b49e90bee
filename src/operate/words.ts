import { count } from '../messages/count.js';
import type { Made } from './backup.js';
import type { Kept } from './place.js';
import type { Restored } from './restore.js';
import type { Verified } from './verify.js';

export function size(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  const units = ['KB', 'MB', 'GB', 'TB'];
  let n = bytes / 1024;
  let unit = 0;
  while (n >= 1024 && unit < units.length - 1) {
    n /= 1024;
    unit++;
  }
  return `${n.toFixed(n < 10 ? 1 : 0)} ${units[unit]}`;
}

/** 2026-11-21 12:00:07 UTC */
export const utc = (at: number): string => `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`;

/** The two units that matter: 3 d 4 h, 12 min 5 s. */
export function span(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  const units = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
    [seconds % 60, 's'],
  ] as const;
  const first = units.findIndex(([n]) => n > 0);
  if (first < 0) return `${(ms / 1000).toFixed(1)} s`;
  return units
    .slice(first, first + 2)
    .filter(([n]) => n > 0)
    .map(([n, unit]) => `${n} ${unit}`)
    .join(' ');
}

export function backupWords({ name, place, bytes, encrypted, tookMs, manifest }: Made): string {
  const { figures, heads, secrets } = manifest;
  return [
    `${place}/${name}`,
    `${size(bytes)}, ${encrypted ? 'encrypted' : 'not encrypted'}, in ${(tookMs / 1000).toFixed(1)} s: ${count(figures.incidents, 'incident')} (${figures.openIncidents} open), ${count(figures.events, 'event')} in ${count(heads.streams, 'stream')}, ${count(figures.people, 'person', 'people')}, ${count(figures.waitingJobs, 'waiting job')}.`,
    secrets.length === 0
      ? 'No secret has to be kept besides it.'
      : `Not in it, keep them elsewhere: ${secrets.join(', ')}.`,
  ].join('\n');
}

export const listWords = (place: string, kept: readonly Kept[]): string =>
  kept.length === 0
    ? `There is no backup in ${place}.`
    : [`In ${place}:`, ...kept.map(({ name, at, bytes }) => `${utc(at)}  ${size(bytes).padStart(8)}  ${name}`)].join(
        '\n',
      );

export function verifiedWords({ archive, manifest, checks, ok, tookMs }: Verified): string {
  const widest = Math.max(...checks.map(({ what }) => what.length));
  return [
    `${archive}, made ${utc(manifest.madeAt)} by Muster ${manifest.muster} from ${manifest.database}`,
    ...checks.map((check) => `${check.ok ? 'ok   ' : 'WRONG'}  ${check.what.padEnd(widest)}  ${check.says}`),
    ...(manifest.secrets.length > 0 ? [`Not in it, to be supplied: ${manifest.secrets.join(', ')}.`] : []),
    `${ok ? 'Whole' : 'Not whole'}, in ${(tookMs / 1000).toFixed(1)} s.`,
  ].join('\n');
}

export function restoredWords(
  { archive, into, manifest, placed, held, keptUntil, lostMs, tookMs }: Restored,
  steps: readonly string[],
): string {
  const { figures } = manifest;
  const last = figures.lastRecordedAt;
  return [
    `Restored ${archive} into ${into} in ${(tookMs / 1000).toFixed(1)} s.`,
    `${count(figures.incidents, 'incident')} (${figures.openIncidents} open), ${count(figures.events, 'event')}, ${count(figures.alerts, 'alert')}, ${count(figures.people, 'person', 'people')}, ${count(figures.chatMessages, 'message')} of the web chat.`,
    `Data-loss window: everything after ${utc(keptUntil)}, that is ${span(lostMs)}.${last === null ? '' : ` The last event kept is of ${utc(last)}.`}`,
    ...placed.map(({ what, at }) => `${what}: ${at ?? 'there already, or not in the backup'}`),
    held > 0 ? `Held: ${held} jobs that waited. Nothing of them is sent before you release them.` : 'Nothing waited.',
    'What is left to people:',
    ...steps.map((step, n) => `  ${n + 1}. ${step}`),
  ].join('\n');
}
