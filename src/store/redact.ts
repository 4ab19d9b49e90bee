import { and, eq, isNotNull } from 'drizzle-orm/sql';
import type { TimelineEvent } from '../incident/events.js';
import { commitStatements, streamOf } from './commit.js';
import type { Database } from './database.js';
import { forgetNotices } from './notices.js';
import { ConflictError, type Loaded, type Redaction, type Store } from './port.js';
import { db, type Given, query } from './query.js';
import * as t from './schema.js';
import { timelineOf } from './timeline.js';

const erase = query(({ stream, seq }: Given<{ stream: string; seq: number }>) =>
  db
    .update(t.timeline)
    .set({ salt: null, body: null })
    .where(and(eq(t.timeline.stream, stream), eq(t.timeline.seq, seq), isNotNull(t.timeline.body))),
);
const forgetPeople = query(({ id }: Given<{ id: string }>) =>
  db.delete(t.incidentPeople).where(eq(t.incidentPeople.incident_id, id)),
);
const forgetChannels = query(({ id }: Given<{ id: string }>) =>
  db.delete(t.incidentChannels).where(eq(t.incidentChannels.incident_id, id)),
);
const triesAtMost = 5;

export const redactorOf =
  (database: Database, load: Store['load']): Store['redact'] =>
  async (stream, seq, redaction, refold) => {
    const incidentId = /^incident\/(.+)$/.exec(stream)?.[1];
    if (!incidentId) throw new Error(`Only what an incident's timeline says can be erased; ${stream} is none.`);
    for (let tries = 1; ; tries++) {
      try {
        return await once(incidentId, seq, redaction, refold);
      } catch (error) {
        if (!(error instanceof ConflictError) || tries === triesAtMost) throw error;
      }
    }

    async function once(
      id: string,
      seq: number,
      redaction: Redaction,
      refold: (events: TimelineEvent[]) => Loaded['incident'],
    ) {
      const loaded = await load(id);
      const events = await timelineOf(database, id);
      const event = events.find((candidate) => candidate.seq === seq);
      if (!loaded || !event) throw new Error(`There is no event ${seq} in ${stream}.`);
      if (event.redacted) throw new Error(`Event ${seq} of ${stream} has been erased already.`);
      if (event.type === 'redacted') throw new Error('What says that something was erased cannot be erased itself.');
      const { actor, at, reason } = redaction;
      const remnant = redaction.remnant(event);
      const said = { type: 'redacted' as const, at, recordedAt: at, actor, body: { seq, reason, remnant } };
      const after = [
        ...events.map((each) => (each === event ? { ...each, body: remnant, redacted: true } : each)),
        { ...said, seq: loaded.seq + 1 },
      ] as TimelineEvent[];
      const incident = refold(after);
      const change = {
        stream: { id: streamOf(id), expectedSeq: loaded.seq, prevHash: loaded.head },
        events: [said],
        incident,
      };
      await database.write([
        { ...erase({ stream, seq }), one: true, stream },
        forgetPeople({ id }),
        forgetChannels({ id }),
        ...forgetNotices(id, event),
        ...commitStatements([change]),
      ]);
    }
  };
