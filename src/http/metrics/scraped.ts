import { statfs } from 'node:fs/promises';
import { Gauge, type Registry } from 'prom-client';
import type { Incident } from '../../incident/state.js';
import type { OnCallDesk } from '../../oncall/desk.js';
import { machine } from '../../people/viewer.js';
import type { LedgerFigures, Store } from '../../store/port.js';
import type { Ways } from '../chat-health.js';
import type { QuietFigures } from './quiet.js';

/** What is asked at each scrape. */
export interface Scraped {
  store: Pick<Store, 'figures' | 'incidents'>;
  now(): number;
  /** Where the data is; the space left there is told. */
  dataFolder?: string;
  /** When the newest good backup was begun; null: none is known. */
  lastBackupAt?(): number | null;
  /** When the disk is forecast to be full; null: that is not in sight. */
  diskFullAt?(): number | null;
  /** How people of chat platforms are heard. */
  ways?: Ways;
  /** Who is on call. */
  desk?(): OnCallDesk;
  /** What is kept quiet, and who is silent. */
  quiet?(): QuietFigures;
}

/** More open incidents than this are not looked at for overdue promises. */
const incidentsLooked = 500;
const answersWithinMs = 2_000;

/** Gauges of what is stored and what is owed. The result asks the store once; one that does not answer is told as that. */
export function scrapedMetrics(registry: Registry): (scraped: Scraped) => Promise<void> {
  const registers = [registry];
  const gauge = <L extends string>(name: string, help: string, labelNames: readonly L[] = []) =>
    new Gauge<L>({ name, help, labelNames: [...labelNames], registers });
  const up = gauge('muster_database_up', 'Whether the database has answered this scrape; when not, 0 and old figures.');
  const jobs = remembering(
    gauge(
      'muster_jobs',
      'Jobs by state (waiting for their time, due now, held after a restore, quarantined), kind of lane, and platform ("none": needs no chat).',
      ['state', 'lane', 'platform'],
    ),
  );
  const oldest = remembering(
    gauge('muster_jobs_oldest_due_age_seconds', 'How long the oldest due job has been waiting; 0 when none is due.', [
      'lane',
      'platform',
    ]),
  );
  const open = remembering(
    gauge('muster_incidents_open', 'Incidents that are not closed, and entries of the triage queue; without drills.', [
      'severity',
      'status',
    ]),
  );
  const overdue = gauge(
    'muster_updates_overdue',
    'Open incidents whose promised update has not been posted by a person.',
  );
  const overdueFor = gauge('muster_updates_overdue_seconds', 'How long the oldest of them has been overdue.');
  const unacknowledged = gauge('muster_acknowledgements_overdue', 'Open incidents nobody has acknowledged in time.');
  const size = gauge('muster_database_size_bytes', 'Size of the database.');
  const wal = gauge('muster_database_wal_size_bytes', 'Size of the write-ahead log beside a SQLite file.');
  const backup = gauge(
    'muster_backup_last_success_timestamp_seconds',
    'When the newest good backup was begun, in seconds since the epoch; 0: none is known.',
  );
  const free = gauge('muster_disk_free_bytes', 'Space left for Muster where its data folder is.');
  const full = gauge(
    'muster_disk_full_seconds',
    'In how long the disk of a SQLite file will be full if things go on as in the last hours; NaN: that is not in sight.',
  );
  full.set(Number.NaN);

  function tell({ jobs: counted, incidents, sizeBytes, logBytes }: LedgerFigures, now: number): void {
    jobs.zero();
    oldest.zero();
    open.zero();
    for (const lane of ['incident', 'page', 'system', 'timer']) {
      for (const state of ['waiting', 'due', 'held', 'quarantined']) jobs.set({ state, lane, platform: 'none' }, 0);
      oldest.set({ lane, platform: 'none' }, 0);
    }
    for (const { state, lane, platform, count, oldestDueAt } of counted) {
      const of = { lane, platform: platform ?? 'none' };
      jobs.set({ state, ...of }, count);
      if (state === 'due') oldest.set(of, Math.max(0, now - oldestDueAt) / 1_000);
    }
    for (const { severity, status, count } of incidents) open.set({ severity, status }, count);
    size.set(sizeBytes);
    if (logBytes !== null) wal.set(logBytes);
  }

  function tellPromises(incidents: readonly Incident[], now: number): void {
    const late = incidents.flatMap(({ updates, drill }) => {
      const since = updates.overdueSince ?? updates.dueAt;
      return !drill && since !== null && since < now ? now - since : [];
    });
    overdue.set(late.length);
    overdueFor.set(Math.max(0, ...late) / 1_000);
    unacknowledged.set(
      incidents.filter(
        ({ drill, acknowledgedAt, acknowledgeDueAt, acknowledgeMisses }) =>
          !drill &&
          acknowledgedAt === null &&
          (acknowledgeMisses > 0 || (acknowledgeDueAt !== null && acknowledgeDueAt < now)),
      ).length,
    );
  }

  return async ({ store, now, dataFolder, lastBackupAt, diskFullAt }) => {
    const at = now();
    const fullAt = diskFullAt?.() ?? null;
    full.set(fullAt === null ? Number.NaN : Math.max(0, fullAt - at) / 1_000);
    backup.set((lastBackupAt?.() ?? 0) / 1_000);
    if (dataFolder !== undefined) {
      const { bavail, bsize } = await statfs(dataFolder);
      free.set(bavail * bsize);
    }
    try {
      const [figures, { incidents }] = await within(
        Promise.all([
          store.figures(at),
          store.incidents(machine, {
            status: ['investigating', 'identified', 'monitoring'],
            limit: incidentsLooked,
            offset: 0,
          }),
        ]),
      );
      tell(figures, at);
      tellPromises(incidents, at);
      up.set(1);
    } catch {
      // A scrape says what it can: this is when somebody looks at it.
      up.set(0);
    }
  };
}

/** A combination of labels that has gone reads 0, and not as it last was. */
function remembering<L extends string>(gauge: Gauge<L>) {
  const seen = new Map<string, Record<L, string>>();
  return {
    zero(): void {
      for (const labels of seen.values()) gauge.set(labels, 0);
    },
    set(labels: Record<L, string>, value: number): void {
      seen.set(JSON.stringify(labels), labels);
      gauge.set(labels, value);
    },
  };
}

async function within<T>(question: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('The database has not answered in time.')), answersWithinMs);
  });
  try {
    return await Promise.race([question, late]);
  } finally {
    clearTimeout(timer);
  }
}
