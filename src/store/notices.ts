import { and, desc, eq, gte } from 'drizzle-orm/sql';
import type { EventType } from '../incident/events.js';
import type { Notice } from '../messages/notice.js';
import type { Database, Statement } from './database.js';
import type { Store } from './port.js';
import { db, type Given, insert, pick, query } from './query.js';
import { incidents, notices } from './schema.js';
import { fromJson, toJson } from './storable.js';

const add = insert(notices);
const one = query(({ id, seq }: Given<{ id: string; seq: number }>) =>
  db
    .select(pick(notices, 'notice'))
    .from(notices)
    .where(and(eq(notices.incident_id, id), eq(notices.seq, seq))),
);
const newest = query(({ everybody, limit }: Given<{ everybody: number; limit: number }>) =>
  db
    .select(pick(notices, 'notice'))
    .from(notices)
    .innerJoin(incidents, eq(incidents.id, notices.incident_id))
    .where(and(eq(incidents.visibility, 'public'), eq(notices.everybody, everybody)))
    .orderBy(desc(notices.at), notices.incident_id, desc(notices.seq))
    .limit(limit),
);
const forgetOne = query(({ id, seq }: Given<{ id: string; seq: number }>) =>
  db.delete(notices).where(and(eq(notices.incident_id, id), eq(notices.seq, seq))),
);
const forgetSince = query(({ id, seq }: Given<{ id: string; seq: number }>) =>
  db.delete(notices).where(and(eq(notices.incident_id, id), gte(notices.seq, seq))),
);

export const putNotice = (notice: Notice): Statement =>
  add({
    incident_id: notice.incidentId,
    seq: notice.seq,
    at: notice.at,
    notice: toJson(notice),
    everybody: notice.kind === 'published' ? 1 : 0,
  });

/** What these events say goes on in every later notice: title, services, impact. */
const saidOn: ReadonlySet<EventType> = new Set(['triaged', 'declared', 'alertsAttached', 'impactStated']);

/** When an event is erased, no notice repeats it any more; one that has not been sent is not sent. */
export const forgetNotices = (id: string, { seq, type }: { seq: number; type: EventType }): Statement[] => [
  saidOn.has(type) ? forgetSince({ id, seq }) : forgetOne({ id, seq }),
];

export const noticesOf = (database: Database): Pick<Store, 'notice' | 'notices'> => ({
  async notice(id, seq) {
    const [row] = await database.read(one({ id, seq }));
    return row ? fromJson<Notice>(row.notice) : null;
  },
  async notices(limit, level = 'inside') {
    const everybody = level === 'everybody' ? 1 : 0;
    return (await database.read(newest({ everybody, limit }))).map(({ notice }) => fromJson<Notice>(notice));
  },
});
