import { createHash } from 'node:crypto';
import { and, eq, or, type SQL, sql } from 'drizzle-orm/sql';
import { getTableConfig, type SQLiteTable, type SQLiteUpdateSetSource } from 'drizzle-orm/sqlite-core';
import type { Database, Statement } from './database.js';
import type { Erasing } from './erasing-port.js';
import type { Delivery } from './port.js';
import { db, type Given, pick, type Query, query } from './query.js';
import * as t from './schema.js';
import { toJson } from './storable.js';

interface Wanted {
  id: string;
  word: string;
  instead: string;
}

/** Whether a column holds the word, said so that both databases understand it. */
const holds = (column: SQL, word: SQL): SQL => sql`replace(${column}, ${word}, '') <> ${column}`;

/** Replaces a word in every text column of a table that is no part of its key, in the rows of an incident if they say so. */
function scrubbing(table: SQLiteTable): Query<Wanted, never> {
  const { columns, primaryKeys } = getTableConfig(table);
  const keys = new Set([...(primaryKeys[0]?.columns ?? []), ...columns.filter(({ primary }) => primary)]);
  const texts = columns.filter(
    (column) => column.dataType === 'string' && !keys.has(column) && column.name !== 'incident_id',
  );
  const incident = columns.find(({ name }) => name === 'incident_id');
  return query(({ id, word, instead }: Given<Wanted>) =>
    db
      .update(table)
      .set(
        Object.fromEntries(
          texts.map((column) => [column.name, sql`replace(${column}, ${word}, ${instead})`]),
        ) as SQLiteUpdateSetSource<SQLiteTable>,
      )
      .where(and(incident && sql`${incident} = ${id}`, or(...texts.map((column) => holds(sql`${column}`, word))))),
  ) as Query<Wanted, never>;
}

/** All that repeats what stands on a timeline. The timeline and the row that follows from it are not searched: events are erased. */
const scrubbed = [t.jobs, t.episodes, t.notices, t.answers, t.receipts].map(scrubbing);

const versions = query(({ id }: Given<{ id: string }>) =>
  db
    .select(pick(t.postmortems, 'version', 'markdown'))
    .from(t.postmortems)
    .where(eq(t.postmortems.incident_id, id)),
);
const rewrite = query(
  ({ id, version, markdown, sha256 }: Given<{ id: string; version: number; markdown: string; sha256: string }>) =>
    db
      .update(t.postmortems)
      .set({ markdown, sha256 })
      .where(and(eq(t.postmortems.incident_id, id), eq(t.postmortems.version, version))),
);
const posted = query(({ id }: Given<{ id: string }>) =>
  db.select().from(t.deliveries).where(eq(t.deliveries.incident_id, id)),
);

export function scrubberOf(database: Database): Pick<Erasing, 'scrub' | 'deliveries' | 'forget'> {
  return {
    async scrub(id, words, instead) {
      const forms = [...new Set(words.flatMap((word) => [word, toJson(word).slice(1, -1)]))];
      const drafts = (await database.read(versions({ id }))).flatMap(({ version, markdown }) => {
        const after = forms.reduce((text, word) => text.replaceAll(word, instead), markdown);
        return after === markdown ? [] : [{ version, markdown: after }];
      });
      const statements: Statement[] = [
        ...forms.flatMap((word) => scrubbed.map((statement) => statement({ id, word, instead }))),
        ...drafts.map(({ version, markdown }) =>
          rewrite({ id, version, markdown, sha256: createHash('sha256').update(markdown).digest('hex') }),
        ),
      ];
      await database.write(statements);
      return drafts;
    },
    async deliveries(incidentId) {
      return (await database.read(posted({ id: incidentId }))).map(
        ({ job_key: jobKey, platform, channel, message, at }): Delivery => ({
          jobKey,
          incidentId,
          platform,
          channel,
          message,
          at,
        }),
      );
    },
    forget: database.forget,
  };
}
