import { and, count, eq, lt, notInArray, sql } from 'drizzle-orm/sql';
import type { Actor } from '../incident/state.js';
import { systemPosition } from './checkpoint.js';
import { commitStatements } from './commit.js';
import type { Database, Statement } from './database.js';
import type { Holding } from './held-port.js';
import { ConflictError, type NewEvent, type Task } from './port.js';
import { db, type Given, pick, query } from './query.js';
import { jobs } from './schema.js';
import { fromJson } from './storable.js';

const actor: Actor = { kind: 'machine', name: 'restore' };
const triesAtMost = 5;
/** What these do is right whenever it is done; all others are messages that speak of their time. */
const timeless: Task['kind'][] = [
  'openChannel',
  'invite',
  'describe',
  'attach',
  'archive',
  'card',
  'catchUp',
  'ask',
  'draftPostmortem',
];

const waiting = eq(jobs.state, 'waiting');
const isHeld = and(waiting, eq(jobs.held, 1));
const isOldMessage = (from: Given<{ from: number }>['from']) =>
  and(isHeld, notInArray(jobs.kind, timeless), lt(jobs.due_at, from));

const holdAll = query(() =>
  db
    .update(jobs)
    // Handed out once before, as it may have been: the next time it is looked for.
    .set({ held: 1, leased_until: null, leases: sql`case when ${jobs.leases} < 1 then 1 else ${jobs.leases} end` })
    .where(waiting),
);
const freeOthers = query(() => db.update(jobs).set({ leased_until: null }).where(eq(jobs.held, 0)));
const listHeld = query(({ limit }: Given<{ limit: number }>) =>
  db
    .select(pick(jobs, 'key', 'due_at', 'incident_id', 'task'))
    .from(jobs)
    .where(isHeld)
    .orderBy(jobs.due_at, jobs.position, jobs.key)
    .limit(limit),
);
const countHeld = query(() =>
  db
    .select({ n: count().as('n') })
    .from(jobs)
    .where(isHeld),
);
const countWaiting = query(() =>
  db
    .select({ n: count().as('n') })
    .from(jobs)
    .where(waiting),
);
const countOld = query(({ from }: Given<{ from: number }>) =>
  db
    .select({ n: count().as('n') })
    .from(jobs)
    .where(isOldMessage(from)),
);
const dropOld = query(({ from }: Given<{ from: number }>) => db.delete(jobs).where(isOldMessage(from)));
const releaseAll = query(() => db.update(jobs).set({ held: 0 }).where(isHeld));

export function holdingOf(database: Database): Holding {
  const number = async (statement: Statement<{ n: number }>): Promise<number> =>
    (await database.read(statement))[0]?.n ?? 0;

  /** The event and what it tells of, in one commit. */
  async function say(event: Pick<NewEvent, 'type' | 'body'>, now: number, statements: Statement[]): Promise<void> {
    for (let tries = 1; ; tries++) {
      const stream = await systemPosition(database);
      const events = [{ ...event, at: now, recordedAt: now, actor }];
      try {
        await database.write([...commitStatements([{ stream, events, incident: null }]), ...statements]);
        return;
      } catch (error) {
        if (!(error instanceof ConflictError) || tries === triesAtMost) throw error;
      }
    }
  }

  return {
    async hold(restored, now) {
      const held = await number(countWaiting());
      await say({ type: 'restored', body: restored }, now, [holdAll(), freeOthers()]);
      return held;
    },
    async held(limit) {
      const rows = await database.read(listHeld({ limit }));
      return rows.map(({ key, due_at, incident_id, task }) => ({
        key,
        dueAt: due_at,
        incidentId: incident_id,
        task: fromJson<Task>(task),
      }));
    },
    heldCount: () => number(countHeld()),
    async release({ messagesFrom, now }) {
      const all = await number(countHeld());
      const dropped = messagesFrom === null ? 0 : await number(countOld({ from: messagesFrom }));
      const body = { released: all - dropped, dropped, messagesFrom };
      await say({ type: 'heldReleased', body }, now, [
        ...(messagesFrom === null ? [] : [dropOld({ from: messagesFrom })]),
        releaseAll(),
      ]);
      return { released: all - dropped, dropped };
    },
  };
}
