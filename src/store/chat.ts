import { and, eq, gt, isNull, type SQL } from 'drizzle-orm/sql';
import type { ChatMemory } from './chat-port.js';
import type { Database } from './database.js';
import { db, type Given, insert, pick, query, replace } from './query.js';
import { chatMarks, identities, incidentChannels, incidents, platformPauses } from './schema.js';
import { storable } from './storable.js';

const account = query(({ platform, id }: Given<{ platform: string; id: string }>) =>
  db
    .select(pick(identities, 'external_id'))
    .from(identities)
    .where(and(eq(identities.platform, platform), eq(identities.person_id, id)))
    .orderBy(identities.external_id)
    .limit(1),
);
const open = query(({ platform }: Given<{ platform: string }>) =>
  db
    .select(pick(incidentChannels, 'channel', 'incident_id'))
    .from(incidentChannels)
    .innerJoin(incidents, eq(incidents.id, incidentChannels.incident_id))
    .where(and(eq(incidentChannels.platform, platform), isNull(incidents.ended_at)))
    .orderBy(incidentChannels.incident_id),
);
const one = query(({ platform, name }: Given<{ platform: string; name: string }>) =>
  db
    .select(pick(chatMarks, 'value'))
    .from(chatMarks)
    .where(and(eq(chatMarks.platform, platform), eq(chatMarks.name, name))),
);
const homes = (platform: SQL, where: SQL | undefined) =>
  db
    .select(pick(incidents, 'id'))
    .from(incidents)
    .where(and(eq(incidents.home, platform), where))
    .orderBy(incidents.id);
const atHome = query(({ platform }: Given<{ platform: string }>) =>
  homes(platform, and(eq(incidents.away, 0), isNull(incidents.ended_at))),
);
const awayFrom = query(({ platform }: Given<{ platform: string }>) => homes(platform, eq(incidents.away, 1)));
const paused = query(({ platform, now }: Given<{ platform: string; now: number }>) =>
  db
    .select(pick(platformPauses, 'until'))
    .from(platformPauses)
    .where(and(eq(platformPauses.platform, platform), gt(platformPauses.until, now))),
);
const put = replace(chatMarks);
const putFirst = insert(chatMarks, 'keep');
const swap = query(({ platform, name, from, value }: Given<Record<'platform' | 'name' | 'from' | 'value', string>>) =>
  db
    .update(chatMarks)
    .set({ value })
    .where(and(eq(chatMarks.platform, platform), eq(chatMarks.name, name), eq(chatMarks.value, from))),
);

export const chatMemoryOf = (database: Database): ChatMemory => ({
  async accountOn(platform, id) {
    const [row] = await database.read(account({ platform, id }));
    return row?.external_id ?? null;
  },
  async openChannels(platform) {
    const rows = await database.read(open({ platform }));
    return rows.map(({ channel, incident_id }) => ({ channel, incidentId: incident_id }));
  },
  async atHome(platform) {
    return (await database.read(atHome({ platform }))).map(({ id }) => id);
  },
  async awayFrom(platform) {
    return (await database.read(awayFrom({ platform }))).map(({ id }) => id);
  },
  async pausedUntil(platform, now) {
    const [row] = await database.read(paused({ platform, now }));
    return row?.until ?? null;
  },
  async mark(platform, name) {
    const [row] = await database.read(one({ platform, name }));
    return row?.value ?? null;
  },
  async setMark(platform, name, value) {
    await database.write([put({ platform, name, value: storable(value) })]);
  },
  async swapMark(platform, name, from, value) {
    const mark = { platform, name, value: storable(value) };
    const [written] = await database.write([from === null ? putFirst(mark) : swap({ ...mark, from })]);
    return written.count === 1;
  },
});
