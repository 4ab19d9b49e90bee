import { and, eq, isNull } from 'drizzle-orm/sql';
import type { ChatMemory } from './chat-port.js';
import type { Database } from './database.js';
import { db, type Given, pick, query, replace } from './query.js';
import { chatMarks, identities, incidentChannels, incidents } from './schema.js';
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
const put = replace(chatMarks);

export const chatMemoryOf = (database: Database): ChatMemory => ({
  async accountOn(platform, id) {
    const [row] = await database.read(account({ platform, id }));
    return row?.external_id ?? null;
  },
  async openChannels(platform) {
    const rows = await database.read(open({ platform }));
    return rows.map(({ channel, incident_id }) => ({ channel, incidentId: incident_id }));
  },
  async mark(platform, name) {
    const [row] = await database.read(one({ platform, name }));
    return row?.value ?? null;
  },
  async setMark(platform, name, value) {
    await database.write([put({ platform, name, value: storable(value) })]);
  },
});
