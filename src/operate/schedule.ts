import { Cron } from 'croner';
import type { Logger } from 'pino';
import type { BackupPlan } from '../config/config.js';
import type { Clock } from '../engine/clock.js';
import type { SystemNews } from '../engine/operators.js';
import { regularly } from '../engine/regularly.js';
import { type Card, paragraph, text } from '../messages/card.js';
import type { Made } from './backup.js';
import { tidy } from './keep.js';
import type { Place } from './place.js';
import { UnderWayError } from './under-way.js';
import { span, utc } from './words.js';

const lookEveryMs = 60_000;
const retryAfterMs = 15 * 60_000;
const retryAtMostMs = 6 * 3_600_000;
const toldAgainAfterMs = 24 * 3_600_000;

export interface Schedule {
  /** Makes a backup when one is due. Never throws: what goes wrong is told. */
  look(): Promise<void>;
  /** Of the newest good one; null: none is known. */
  lastGoodAt(): number | null;
  /** Nothing new is begun; resolves when what is under way has ended. */
  stop(): Promise<void>;
}

export interface ScheduleParts {
  /** As configured now; null, or with neither a time nor an interval: nothing is made. */
  plan(): BackupPlan | null;
  place(plan: BackupPlan): Promise<Place>;
  make(plan: BackupPlan, place: Place): Promise<Made>;
  tell(news: SystemNews): Promise<void>;
  platforms(): readonly string[];
  clock: Clock;
  log: Logger;
}

/** When the next one is due. @param last when the newest was begun; null: there is none, so it is due now. */
export function nextAt({ everyMs, at }: Pick<BackupPlan, 'everyMs' | 'at'>, last: number | null): number | null {
  if (everyMs === null && at === null) return null;
  if (last === null) return Number.NEGATIVE_INFINITY;
  if (everyMs !== null) return last + everyMs;
  return new Cron(at as string, { mode: '5-part', timezone: 'UTC' }).nextRun(new Date(last))?.getTime() ?? null;
}

/**
 * Makes backups by itself. What is in the place says when the last one was made, so that restarts and other replicas
 * change nothing. A failure is told to the operators at once, and every day while it lasts.
 */
export function keepBackups(parts: ScheduleParts): Schedule {
  const { clock, log } = parts;
  let known: { of: string; newest: number | null } | null = null;
  let failing: { since: number; times: number; retryAt: number; toldAt: number } | null = null;

  const hasBeen = (at: number): boolean => at <= clock.now() + lookEveryMs;

  async function newestIn(place: Place): Promise<number | null> {
    // One that a clock gone wrong has dated would otherwise keep all others from being made.
    const newest = (await place.list()).find(({ at }) => hasBeen(at))?.at ?? null;
    known = { of: place.words, newest };
    return newest;
  }

  async function lookOnce(): Promise<void> {
    const plan = parts.plan();
    if (!plan || (failing && clock.now() < failing.retryAt)) return;
    try {
      const place = await parts.place(plan);
      const isDue = (newest: number | null): boolean =>
        (nextAt(plan, newest) ?? Number.POSITIVE_INFINITY) <= clock.now();
      const remembers = known?.of === place.words && hasBeen(known.newest ?? 0);
      const remembered = remembers ? (known?.newest ?? null) : await newestIn(place);
      if (!isDue(remembered)) return;
      // Asked again: somebody else may have made one; then nothing fails any more.
      if (!isDue(await newestIn(place))) {
        failing = null;
        return;
      }
      const made = await parts.make(plan, place);
      known = { of: place.words, newest: made.manifest.madeAt };
      await succeeded(made);
      if (plan.keep) await tidied(place, plan.keep);
    } catch (error) {
      // Another replica, most likely: the next look finds what it made, or tries again.
      if (error instanceof UnderWayError) log.info({ to: plan.to }, error.message);
      else await failed(plan, error);
    }
  }

  async function tidied(place: Place, keep: NonNullable<BackupPlan['keep']>): Promise<void> {
    try {
      await tidy(place, keep);
    } catch (error) {
      const words = error instanceof Error ? error.message : String(error);
      log.error({ err: error, place: place.words }, 'old backups could not be removed');
      const summary = `The backup was made, but old ones in ${place.words} could not be removed: ${words}`;
      const body = { to: place.words, error: words, lastGoodAt: known?.newest ?? null, failingSince: null };
      const platforms = parts.platforms();
      await parts.tell({ event: { type: 'backupFailed', body }, card: said('warning', summary), platforms });
    }
  }

  async function succeeded({ name, place, bytes, sha256, encrypted, tookMs, manifest }: Made): Promise<void> {
    const body = { name, place, bytes, sha256, encrypted, tookMs, heads: manifest.heads.digest };
    const was = failing;
    failing = null;
    log.info(body, 'a backup was made');
    await parts.tell({
      event: { type: 'backupMade', body },
      card: said('good', `Backups are made again, after ${span(clock.now() - (was?.since ?? 0))}: ${place}/${name}.`),
      platforms: was ? parts.platforms() : [],
    });
  }

  async function failed({ to }: BackupPlan, error: unknown): Promise<void> {
    const now = clock.now();
    const words = error instanceof Error ? error.message : String(error);
    log.error({ err: error, to }, 'the backup could not be made');
    const times = (failing?.times ?? 0) + 1;
    const tells = failing === null || now - failing.toldAt >= toldAgainAfterMs;
    failing = {
      since: failing?.since ?? now,
      times,
      retryAt: now + Math.min(retryAtMostMs, retryAfterMs * 2 ** (times - 1)),
      toldAt: tells ? now : (failing?.toldAt ?? now),
    };
    if (!tells) return;
    const last = known?.newest ?? null;
    const summary =
      `No backup could be made to ${to}: ${words} ` +
      (last === null ? 'There is no good one yet.' : `The last good one is ${span(now - last)} old, of ${utc(last)}.`);
    const body = { to, error: words, lastGoodAt: last, failingSince: failing.since };
    await parts.tell({
      event: { type: 'backupFailed', body },
      card: said('warning', summary),
      platforms: parts.platforms(),
    });
  }

  const turns = regularly({
    clock,
    everyMs: lookEveryMs,
    look: lookOnce,
    // Telling failed too: the database, most likely, which says so itself.
    failed: (error) => log.error({ err: error }, 'what became of the backup could not be told'),
  });

  return { look: turns.look, stop: turns.stop, lastGoodAt: () => known?.newest ?? null };
}

const said = (tone: Card['tone'], summary: string): Card => ({ tone, summary, blocks: [paragraph(text(summary))] });
