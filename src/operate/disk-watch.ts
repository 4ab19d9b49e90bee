import { statfs } from 'node:fs/promises';
import type { Logger } from 'pino';
import type { Clock } from '../engine/clock.js';
import type { SystemNews } from '../engine/operators.js';
import { regularly } from '../engine/regularly.js';
import { type Card, code, paragraph, strong, text, time } from '../messages/card.js';
import type { Store } from '../store/port.js';
import type { DiskSample } from '../store/pruning-port.js';
import { type Forecast, forecastOf } from './forecast.js';
import { size, span } from './words.js';

const hourMs = 3_600_000;
const lookEveryMs = 10 * 60_000;
/** A day and a little. */
const samplesKept = 160;
/** Hours before the disk is full at which people are told: once each. */
const levels = [12, 48] as const;
/** Further off than this the next warning is a new one. */
const calmAtMs = 72 * hourMs;

export type Sizes = Pick<DiskSample, 'dataBytes' | 'freeBytes'>;

export interface DiskWatch {
  /** Takes a sample and tells what follows from it. Never throws: what goes wrong is logged. */
  look(): Promise<void>;
  /** null: that is not in sight. */
  fullAt(): number | null;
  stop(): Promise<void>;
}

/** What the database takes, and what is left on its disk; that of PostgreSQL is elsewhere. */
export const sizesOf =
  (store: Pick<Store, 'dataBytes'>, { dataFolder, databaseUrl }: { dataFolder: string; databaseUrl: string | null }) =>
  async (): Promise<Sizes> => {
    const dataBytes = await store.dataBytes();
    if (databaseUrl !== null) return { dataBytes, freeBytes: null };
    const { bavail, bsize } = await statfs(dataFolder);
    return { dataBytes, freeBytes: bavail * bsize };
  };

/** Watches how the disk fills, and tells the operators two days before it is full, and again half a day before. */
export function watchDisk(parts: {
  sizes(): Promise<Sizes>;
  store: Pick<Store, 'sampleDisk' | 'diskSamples' | 'diskTold' | 'setDiskTold'>;
  dataFolder: string;
  tell(news: SystemNews): Promise<void>;
  platforms(): readonly string[];
  clock: Clock;
  log: Logger;
}): DiskWatch {
  const { store, clock, log } = parts;
  let forecast: Forecast | null = null;

  async function lookOnce(): Promise<void> {
    const now = clock.now();
    await store.sampleDisk({ at: now, ...(await parts.sizes()) }, samplesKept);
    forecast = forecastOf(await store.diskSamples());
    const left = forecast === null ? Number.POSITIVE_INFINITY : forecast.fullAt - now;
    const told = await store.diskTold();
    const level = levels.find((hours) => left <= hours * hourMs) ?? null;
    if (forecast !== null && level !== null && (told === 0 || level < told)) {
      const { fullAt, freeBytes, dataBytes, lostPerHour, grownPerHour } = forecast;
      log.warn(forecast, 'the disk will be full soon');
      await parts.tell({
        event: {
          type: 'diskFilling',
          body: {
            fullAt: Math.round(fullAt),
            freeBytes,
            dataBytes,
            lostPerHour: Math.round(lostPerHour),
            grownPerHour: Math.round(grownPerHour),
          },
        },
        card: warning(forecast, left, parts.dataFolder),
        platforms: parts.platforms(),
      });
      await store.setDiskTold(level);
    } else if (told !== 0 && left > calmAtMs) {
      log.info('the disk is not about to be full any more');
      await store.setDiskTold(0);
    }
  }

  const turns = regularly({
    clock,
    everyMs: lookEveryMs,
    look: lookOnce,
    failed: (error) => log.error({ err: error }, 'how the disk fills could not be looked at'),
  });

  return { look: turns.look, stop: turns.stop, fullAt: () => forecast?.fullAt ?? null };
}

function warning(
  { fullAt, freeBytes, dataBytes, lostPerHour, grownPerHour }: Forecast,
  left: number,
  folder: string,
): Card {
  const own = grownPerHour >= lostPerHour / 2;
  const summary = `The disk of ${folder} will be full in about ${span(left)}.`;
  const grows = own
    ? `It is Muster’s own database: ${size(dataBytes)}, ${size(grownPerHour)} more each hour.`
    : `It is something beside Muster’s database, which is ${size(dataBytes)} and grows by ${size(grownPerHour)} an hour.`;
  const instead = own
    ? 'See which sender storms (GET /api/sources/<name>), shorten retention in muster.yaml, or grow the volume.'
    : 'Look for logs, packages or backups on the same volume, or grow it. Delete nothing in the data folder.';
  return {
    tone: 'warning',
    summary,
    blocks: [
      paragraph(strong(summary), text(' If it goes on so: '), time(fullAt, 'date'), text('.')),
      paragraph(text(`${size(freeBytes)} are left, ${size(lostPerHour)} less each hour. ${grows}`)),
      paragraph(text(`${instead} Playbook: `), code('muster playbook show muster-disk-full')),
    ],
  };
}
