import type { Logger } from 'pino';
import type { Config } from '../config/config.js';
import { trackAbsence } from '../engine/absence.js';
import type { Clock } from '../engine/clock.js';
import type { Engine } from '../engine/engine.js';
import type { SystemNews } from '../engine/operators.js';
import { regularly } from '../engine/regularly.js';
import { type Card, note, paragraph, strong, text, time } from '../messages/card.js';
import { formatDuration } from '../messages/zones.js';
import type { Store } from '../store/port.js';
import { heartbeatFingerprint, reportOn } from './expected.js';
import { type FellSilent, fellSilent } from './rate.js';

const lookEveryMs = 10_000;
/** A gap between looks that is no busy moment: the machine slept. */
const heldUpMs = 60_000;
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
const rateEveryMs = 5 * minuteMs;
const keptMs = 15 * dayMs;

export interface SourcesWatch {
  /** Never throws: what goes wrong is logged. */
  look(): Promise<void>;
  /** What a source sent could not be taken just now. */
  missed(source: string): void;
  /** Sources that are silent, of those that are watched: by a heartbeat, or by their own rate. */
  silent(): ReadonlyMap<string, boolean>;
  stop(): Promise<void>;
}

interface Parts {
  store: Pick<
    Store,
    'sourceFigures' | 'episodes' | 'sourceHours' | 'markHour' | 'forgetHours' | 'sourceSilent' | 'silentSources'
  >;
  engine: Pick<Engine, 'intake'>;
  current(): Pick<Config, 'sources' | 'policy'>;
  /** Whether a sender of that name is known. */
  isSource(name: string): boolean;
  tell(news: SystemNews): Promise<void>;
  clock: Clock;
  log: Logger;
}

/** Notices who does not send any more: heartbeats by what was promised, others by their own steady rate. */
export function watchSources(parts: Parts): SourcesWatch {
  const { store, current, clock } = parts;
  const absence = trackAbsence(clock);
  const sinceAt = new Map<string, number>();
  let silent: ReadonlyMap<string, boolean> = new Map();
  let lookedAt = clock.now();
  let markedAt = Number.NEGATIVE_INFINITY;
  let ratedAt = Number.NEGATIVE_INFINITY;

  async function look(): Promise<void> {
    const now = clock.now();
    if (now - lookedAt > heldUpMs + lookEveryMs) absence.noted();
    lookedAt = now;
    const late = await heartbeats(now);
    const minute = now - (now % minuteMs);
    if (minute > markedAt) {
      await store.markHour(now, 1);
      markedAt = minute;
    }
    if (now - ratedAt >= rateEveryMs) {
      await rates(now);
      ratedAt = now;
    }
    const byRate = (await store.silentSources()).map(({ name }) => [name, true] as const);
    silent = new Map([...late, ...byRate]);
  }

  async function heartbeats(now: number): Promise<Map<string, boolean>> {
    const late = new Map<string, boolean>();
    for (const source of current().sources.filter(({ expect }) => expect !== null)) {
      const { name } = source;
      if (!sinceAt.has(name)) sinceAt.set(name, now);
      const figures = await store.sourceFigures(name);
      const known = await store.episodes([{ source: name, fingerprint: heartbeatFingerprint }]);
      const [episode = null] = known.sort((a, b) => b.startedAt - a.startedAt);
      const lastSeenAt = figures?.lastSeenAt ?? null;
      const report = reportOn(
        source,
        // Once it has been heard that is what counts, also across a restart.
        { lastSeenAt, sinceAt: lastSeenAt === null ? (sinceAt.get(name) ?? now) : 0, episode },
        { now, lateAt: (seenAt, dueAt) => absence.endsAt(name, seenAt, dueAt) },
      );
      if (report) await parts.engine.intake({ source: name, alerts: [report], receivedAt: now });
      late.set(name, report ? report.status === 'firing' : episode?.state === 'firing');
    }
    return late;
  }

  async function rates(now: number): Promise<void> {
    await store.forgetHours(now - keptMs);
    const hours = new Map<string, Map<number, number>>();
    for (const { name, at, requests } of await store.sourceHours(now - keptMs)) {
      const own = hours.get(name) ?? new Map<number, number>();
      hours.set(name, own.set(at, requests));
    }
    const there = hours.get('') ?? new Map<number, number>();
    const promised = new Set(current().sources.flatMap(({ name, expect }) => (expect ? [name] : [])));
    const known = new Map((await store.silentSources()).map(({ name, since }) => [name, since]));
    for (const [name, requests] of hours) {
      if (name === '' || promised.has(name) || !parts.isSource(name)) continue;
      const lastSeenAt = (await store.sourceFigures(name))?.lastSeenAt ?? null;
      if (lastSeenAt === null) continue;
      const since = known.get(name);
      if (since !== undefined && lastSeenAt > since) await isBack(name, lastSeenAt - since);
      if (since !== undefined) continue;
      const fell = fellSilent({ requests, there }, lastSeenAt, now);
      if (fell) await isSilent(name, lastSeenAt, fell, now);
    }
  }

  async function isSilent(name: string, lastSeenAt: number, fell: FellSilent, now: number): Promise<void> {
    if (!(await store.sourceSilent(name, lastSeenAt))) return;
    parts.log.warn({ source: name, lastSeenAt, ...fell }, 'a source is silent against its own rate');
    await parts.tell({
      event: { type: 'sourceSilent', body: { source: name, since: lastSeenAt, usual: fell.usual } },
      card: silentCard(name, lastSeenAt, fell, now),
      platforms: current().policy.platforms,
    });
  }

  async function isBack(name: string, forMs: number): Promise<void> {
    if (!(await store.sourceSilent(name, null))) return;
    const summary = `${name} is heard again, after ${formatDuration(forMs)}.`;
    await parts.tell({
      event: { type: 'sourceBack', body: { source: name, silentMs: forMs } },
      card: { tone: 'good', summary, blocks: [paragraph(text(summary))] },
      platforms: current().policy.platforms,
    });
  }

  const turns = regularly({
    clock,
    everyMs: lookEveryMs,
    look,
    failed(error) {
      absence.noted();
      parts.log.error({ err: error }, 'whether sources are silent could not be looked at');
    },
  });
  return { look: turns.look, missed: (source) => absence.noted(source), silent: () => silent, stop: turns.stop };
}

const weekday = (at: number): string => new Date(at).toLocaleDateString('en-US', { weekday: 'long', timeZone: 'UTC' });

function silentCard(name: string, lastSeenAt: number, { usual }: FellSilent, now: number): Card {
  const usually = ` usually sends ${usual} requests an hour on ${weekday(now)}s at this time; nothing has come for ${formatDuration(now - lastSeenAt)}.`;
  return {
    tone: 'warning',
    summary: `${name}${usually}`,
    blocks: [
      paragraph(strong(name), text(usually)),
      note(
        text('The last request came at '),
        time(lastSeenAt, 'date'),
        text(`. Whether it still runs and still reaches Muster: /api/sources/${name} has what was refused.`),
      ),
    ],
  };
}
