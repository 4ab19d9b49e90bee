import { createHash } from 'node:crypto';
import { and, eq, type SQL, sql } from 'drizzle-orm/sql';
import {
  getTableConfig,
  type SQLiteColumn,
  type SQLiteTable,
  type SQLiteUpdateSetSource,
} from 'drizzle-orm/sqlite-core';
import { inJson, recordWithout, without } from '../secrets/words.js';
import type { Database, Statement } from './database.js';
import type { Erasing } from './erasing-port.js';
import type { Delivery } from './port.js';
import { db, type Given, pick, query } from './query.js';
import * as t from './schema.js';
import { fromJson, toJson } from './storable.js';

interface Column {
  table: SQLiteTable;
  key: SQLiteColumn;
  column: SQLiteColumn;
  /** null: in the rows of every incident. */
  incident: SQLiteColumn | null;
}
const columnOf = (table: SQLiteTable, name: string): SQLiteColumn =>
  getTableConfig(table).columns.find((column) => column.name === name) as SQLiteColumn;
const inColumn = (table: SQLiteTable, key: string, column: string, ofIncident = true): Column => ({
  table,
  key: columnOf(table, key),
  column: columnOf(table, column),
  incident: ofIncident ? columnOf(table, 'incident_id') : null,
});

/** Whether a column holds the word, said so that both databases understand it. */
const holds = (column: SQLiteColumn, word: SQL): SQL => sql`replace(${column}, ${word}, '') <> ${column}`;
type Wanted = Given<{ id: string; word: string }>;
const found = ({ incident, column }: Column, { id, word }: Wanted) =>
  and(incident ? eq(incident, id) : undefined, holds(column, word));

/** Texts of one piece: the word goes where it stands. */
const scrubText = (of: Column) =>
  query(({ id, word, instead }: Wanted & Given<{ instead: string }>) =>
    db
      .update(of.table)
      .set({ [of.column.name]: sql`replace(${of.column}, ${word}, ${instead})` } as SQLiteUpdateSetSource<SQLiteTable>)
      .where(found(of, { id, word })),
  );
/** What is left of the fingerprint is found by nothing; its number would help to guess what it was. */
const scrubKey = query(({ id, word }: Wanted) =>
  db
    .update(t.episodes)
    .set({ alert_key: 0 })
    .where(found(inColumn(t.episodes, 'id', 'fingerprint'), { id, word })),
);
const texts = [
  scrubKey,
  ...[
    inColumn(t.jobs, 'key', 'last_error'),
    inColumn(t.episodes, 'id', 'fingerprint'),
    inColumn(t.episodes, 'id', 'group_key'),
  ].map(scrubText),
];

/** Records in JSON: a word may look like a piece of one, so each is read, and written again if it is still the same. */
const scrubRecords = (of: Column) => ({
  holding: query(
    ({ id, word }: Wanted) =>
      sql<{ key: string; record: string }>`${db
        .select({ key: sql`${of.key}`.as('key'), record: sql`${of.column}`.as('record') })
        .from(of.table)
        .where(found(of, { id, word }))
        .getSQL()}`,
  ),
  rewrite: query(({ key, before, after }: Given<{ key: string; before: string; after: string }>) =>
    db
      .update(of.table)
      .set({ [of.column.name]: after } as SQLiteUpdateSetSource<SQLiteTable>)
      .where(and(eq(of.key, key), eq(of.column, before))),
  ),
});
/** All that repeats what stands on a timeline. The timeline and the row that follows from it are not searched: events are erased. */
const records = [
  inColumn(t.jobs, 'key', 'task'),
  inColumn(t.episodes, 'id', 'episode'),
  inColumn(t.notices, 'seq', 'notice'),
  inColumn(t.answers, 'id', 'reply', false),
  inColumn(t.receipts, 'id', 'outcomes', false),
  inColumn(t.bodies, 'id', 'request', false),
  inColumn(t.changes, 'id', 'change', false),
].map(scrubRecords);

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
    async scrub(id, { known, words }, instead) {
      const drafts = (await database.read(versions({ id }))).flatMap(({ version, markdown }) => {
        const after = without(markdown, words, instead);
        return after === markdown ? [] : [{ version, markdown: after }];
      });
      const statements: Statement[] = [
        ...words.flatMap((word) => texts.map((scrub) => scrub({ id, word, instead }))),
        ...drafts.map(({ version, markdown }) =>
          rewrite({ id, version, markdown, sha256: createHash('sha256').update(markdown).digest('hex') }),
        ),
      ];
      for (const { holding, rewrite } of records) {
        const rows = new Map<string, { key: string; record: string }>();
        for (const word of words)
          for (const row of await database.read(holding({ id, word: inJson(word) }))) rows.set(String(row.key), row);
        for (const { key, record } of rows.values()) {
          const after = toJson(recordWithout(fromJson(record), { known, words }, instead));
          if (after !== record) statements.push(rewrite({ key, before: record, after }));
        }
      }
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
