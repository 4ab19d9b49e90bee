import { existsSync, statSync } from 'node:fs';
import { storeLocation } from '../../config/locations.js';
import { openStore } from '../../store/open.js';
import type { Store } from '../../store/port.js';
import { size, span } from '../words.js';
import { type Finding, type Look, ok, type Patient, problem, warning, wordsOf } from './finding.js';

const largeLogBytes = 256 * 1024 * 1024;
const skewAtMostMs = 5_000;
const lateAfterMs = 2 * 60_000;
const jobsShown = 10;
const othersMayRead = 0o004;

/** The database, open for reading, and what that says of it. */
export async function database(config: Patient['config']): Promise<{ store: Store | null; findings: Finding[] }> {
  const about = 'database';
  const location = storeLocation(config);
  if (location.kind === 'sqlite' && !existsSync(location.file)) {
    const what = `There is none yet at ${location.file}.`;
    return {
      store: null,
      findings: [
        warning(about, what, 'Muster makes it when it starts. If there was one: muster restore, or set MUSTER_DATA.'),
      ],
    };
  }
  try {
    const store = await openStore(location, { mode: 'read' });
    const where = location.kind === 'sqlite' ? location.file : 'PostgreSQL';
    const findings = [ok(about, `${where} answers, and is of this version.`)];
    if (location.kind === 'sqlite' && statSync(location.file).mode & othersMayRead && looksOpen(config.dataFolder))
      findings.push(
        warning(about, `Every user of this machine may read ${location.file}.`, `chmod 640 ${location.file}`),
      );
    return { store, findings };
  } catch (error) {
    const what = wordsOf(error);
    const fix = /is older than this Muster|no tables of Muster/.test(what)
      ? 'Stop Muster, run muster migrate, and start it; a start does it too.'
      : /is damaged|not a database|is empty/.test(what)
        ? 'Restore a backup: muster restore.'
        : 'Look at the address, the server and its log; Muster goes on by itself once it answers.';
    return { store: null, findings: [problem(about, what, fix)] };
  }
}

/** A file is only as open as the folder it is in. */
const looksOpen = (folder: string): boolean => (statSync(folder).mode & 0o001) !== 0;

/** What the database finds in itself, how large it has grown, and whether its clock is ours. */
export const inside: Look = async ({ store, config, now }) => {
  if (!store) return [];
  const findings: Finding[] = [];
  const damage = await store.damage();
  findings.push(
    damage.length === 0
      ? ok('integrity', config.databaseUrl === null ? 'SQLite finds no damage.' : 'PostgreSQL watches over itself.')
      : problem(
          'integrity',
          `The database is damaged: ${damage[0]}`,
          'Stop Muster and restore a backup: muster restore.',
        ),
  );
  const { sizeBytes, logBytes } = await store.figures(now());
  const words = `${size(sizeBytes)}${logBytes === null ? '' : `, write-ahead log ${size(logBytes)}`}.`;
  findings.push(
    (logBytes ?? 0) > largeLogBytes
      ? warning(
          'database size',
          words,
          'Something keeps an old read open: stop tools that look into the file, then restart.',
        )
      : ok('database size', words),
  );
  const theirs = await store.clock();
  if (theirs !== null) {
    const skew = Math.abs(theirs - now());
    findings.push(
      skew > skewAtMostMs
        ? problem('clock', `This machine and the database server are ${span(skew)} apart.`, 'Run NTP on both.')
        : ok('clock', 'The same as the database server’s.'),
    );
  }
  return findings;
};

/** What was given up, and what is late. */
export const jobs: Look = async ({ store, now }) => {
  if (!store) return [];
  const findings: Finding[] = [];
  const quarantined = await store.jobs({ state: 'quarantined', limit: jobsShown + 1 });
  for (const { key, lastError } of quarantined.slice(0, jobsShown))
    findings.push(
      warning(
        'jobs',
        `${key} was given up: ${lastError ?? 'no reason is known'}`,
        `muster jobs retry ${key}    or: muster jobs drop ${key}`,
      ),
    );
  if (quarantined.length > jobsShown)
    findings.push(warning('jobs', 'More were given up than are shown here.', 'muster jobs list'));
  const { jobs } = await store.figures(now());
  const held = jobs.filter(({ state }) => state === 'held').reduce((sum, { count }) => sum + count, 0);
  if (held > 0)
    findings.push(
      warning(
        'jobs',
        `${held} are held since the restore.`,
        'muster restore held shows them, muster restore release lets them go.',
      ),
    );
  const due = jobs.filter(({ state }) => state === 'due');
  const lateMs = Math.max(0, ...due.map(({ oldestDueAt }) => now() - oldestDueAt));
  if (lateMs > lateAfterMs)
    findings.push(
      problem(
        'jobs',
        `${due.reduce((sum, { count }) => sum + count, 0)} are due, the oldest for ${span(lateMs)}.`,
        'Muster does not run, or a chat platform does not answer: look at the log.',
      ),
    );
  return findings.length > 0 ? findings : [ok('jobs', 'None is late, and none was given up.')];
};
