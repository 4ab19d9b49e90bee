import { and, count, desc, eq, gt, gte, isNotNull, isNull, lt, max, ne, or, sql } from 'drizzle-orm/sql';
import type { Episode } from '../alerts/alert.js';
import type { Database, Statement } from './database.js';
import { ConflictError } from './port.js';
import { db, excluded, type Given, insert, pick, query } from './query.js';
import type { QuietMemory, SilenceWrite } from './quiet-port.js';
import { episodes, silences, sourceFigures, sourceHours } from './schema.js';
import { fromJson, storable, toJson } from './storable.js';

const hourMs = 3_600_000;
/** The name under which Muster's own presence is counted. */
const own = '';

const set = insert(silences);
const end = query(({ number, at }: Given<{ number: number; at: number }>) =>
  db
    .update(silences)
    .set({ ended_at: at })
    .where(and(eq(silences.number, number), isNull(silences.ended_at))),
);
const extend = query(({ number, until }: Given<{ number: number; until: number }>) =>
  db
    .update(silences)
    .set({ until_at: until })
    .where(and(eq(silences.number, number), isNull(silences.ended_at))),
);
const warn = query(({ number, until }: Given<{ number: number; until: number }>) =>
  db
    .update(silences)
    .set({ warned_until: until })
    .where(and(eq(silences.number, number), or(isNull(silences.warned_until), ne(silences.warned_until, until)))),
);
const standing = query(() => db.select().from(silences).where(isNull(silences.ended_at)).orderBy(silences.number));
const last = query(() => db.select({ number: max(silences.number).as('number') }).from(silences));

const counts = query(() =>
  db
    .select({ ...pick(episodes, 'held_by'), held: count().as('held') })
    .from(episodes)
    .where(isNotNull(episodes.held_by))
    .groupBy(episodes.held_by)
    .orderBy(episodes.held_by),
);
const held = query(({ by, limit }: Given<{ by: string; limit: number }>) =>
  db
    .select(pick(episodes, 'episode'))
    .from(episodes)
    .where(eq(episodes.held_by, by))
    .orderBy(desc(episodes.started_at), episodes.id)
    .limit(limit),
);
const release = query(({ by, at }: Given<{ by: string; at: number }>) =>
  db
    .update(episodes)
    .set({ look_at: at })
    .where(and(eq(episodes.held_by, by), or(isNull(episodes.look_at), gt(episodes.look_at, at)))),
);

const addHour = insert(sourceHours, {
  set: { requests: sql`${sourceHours.requests} + ${excluded(sourceHours.requests)}` },
});
const hours = query(({ since }: Given<{ since: number }>) =>
  db.select().from(sourceHours).where(gte(sourceHours.at, since)).orderBy(sourceHours.name, sourceHours.at),
);
const forget = query(({ before }: Given<{ before: number }>) =>
  db.delete(sourceHours).where(lt(sourceHours.at, before)),
);
const fallSilent = query(({ name, since }: Given<{ name: string; since: number }>) =>
  db
    .update(sourceFigures)
    .set({ silent_since: since })
    .where(and(eq(sourceFigures.name, name), isNull(sourceFigures.silent_since))),
);
const speakAgain = query(({ name }: Given<{ name: string }>) =>
  db
    .update(sourceFigures)
    .set({ silent_since: null })
    .where(and(eq(sourceFigures.name, name), isNotNull(sourceFigures.silent_since))),
);
const silent = query(() =>
  db
    .select(pick(sourceFigures, 'name', 'silent_since'))
    .from(sourceFigures)
    .where(isNotNull(sourceFigures.silent_since))
    .orderBy(sourceFigures.name),
);

export function silenceStatement(write: SilenceWrite): Statement {
  // Ended twice at once: only one of the two has done it.
  if ('end' in write) return { ...end({ number: write.end, at: write.at }), one: true, stream: 'silence' };
  if ('extend' in write)
    return { ...extend({ number: write.extend, until: write.untilAt }), one: true, stream: 'silence' };
  const { number, kind, what, because, setBy, setAt, fromAt, untilAt, incidentId, endedAt } = write.set;
  return {
    ...set({
      number,
      kind,
      what: toJson(what),
      because: storable(because),
      set_by: storable(setBy),
      set_at: setAt,
      from_at: fromAt,
      until_at: untilAt,
      incident_id: incidentId,
      ended_at: endedAt,
      warned_until: null,
    }),
    stream: 'silence',
  };
}

/** Requests that were taken count for the hour of the last of them. */
export const hourStatement = (name: string, at: number, requests: number): Statement =>
  addHour({ name: storable(name), at: at - (at % hourMs), requests });

export const quietOf = (database: Database): QuietMemory => {
  /** Whether exactly this changed something. */
  async function changed(statement: Statement): Promise<boolean> {
    try {
      await database.write([{ ...statement, one: true, stream: 'quiet' }]);
      return true;
    } catch (error) {
      if (error instanceof ConflictError) return false;
      throw error;
    }
  }

  return {
    async silences() {
      return (await database.read(standing())).map((row) => ({
        number: row.number,
        kind: row.kind,
        what: fromJson(row.what),
        because: row.because,
        setBy: row.set_by,
        setAt: row.set_at,
        fromAt: row.from_at,
        untilAt: row.until_at,
        incidentId: row.incident_id,
        endedAt: row.ended_at,
      }));
    },
    async nextSilence() {
      return ((await database.read(last()))[0]?.number ?? 0) + 1;
    },
    async heldCounts() {
      return (await database.read(counts())).map((row) => ({ by: row.held_by ?? '', count: row.held }));
    },
    async heldBy(by, limit) {
      return (await database.read(held({ by, limit }))).map(({ episode }) => fromJson<Episode>(episode));
    },
    async releaseHeld(by, at) {
      await database.write([release({ by, at })]);
    },
    warnedOfEnd: (number, untilAt) => changed(warn({ number, until: untilAt })),
    sourceHours: (since) => database.read(hours({ since })),
    async markHour(at, minutes) {
      await database.write([hourStatement(own, at, minutes)]);
    },
    async forgetHours(before) {
      await database.write([forget({ before })]);
    },
    sourceSilent: (name, since) => changed(since === null ? speakAgain({ name }) : fallSilent({ name, since })),
    async silentSources() {
      return (await database.read(silent())).map(({ name, silent_since }) => ({ name, since: silent_since ?? 0 }));
    },
  };
};
