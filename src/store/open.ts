import { eq, sql } from 'drizzle-orm/sql';
import { accessOf } from './access.js';
import { bodiesOf } from './bodies.js';
import { recentChangesOf } from './changes.js';
import { chatMemoryOf } from './chat.js';
import { checkpointOf, systemPosition } from './checkpoint.js';
import { commitStatements } from './commit.js';
import type { Database, OpenMode } from './database.js';
import { figuresOf } from './figures.js';
import { holdingOf } from './held.js';
import { jobsOf } from './jobs.js';
import { noticesOf } from './notices.js';
import { onCallOf } from './oncall.js';
import { peopleOf } from './people.js';
import type { Store } from './port.js';
import { pruningOf } from './prune.js';
import { db, query } from './query.js';
import { quietOf } from './quiet.js';
import { readsOf } from './reads.js';
import { redactorOf } from './redact.js';
import { counters } from './schema.js';
import { scrubberOf } from './scrub.js';
import { sourcesOf } from './sources.js';
import { subscriptionsOf } from './subscriptions.js';
import { verifierOf } from './verify.js';
import type { Fold } from './walk.js';

export { lockDataFolder } from './lock.js';

export type StoreLocation = { kind: 'sqlite'; file: string } | { kind: 'postgres'; url: string };

export interface StoreOptions {
  /** Given: `verify` also compares each incident's row with what its events come to. */
  fold?: Fold;
  /** Left out: `migrate`. The others never make or change a table, and refuse a database that is older or newer. */
  mode?: OpenMode;
}

/**
 * Opens the store and brings its tables to the newest version.
 * @throws when there is something that is not a whole database of Muster, or one of a newer Muster. Nothing is changed then.
 */
export async function openStore(location: StoreLocation, options: StoreOptions = {}): Promise<Store> {
  return storeOn(await openDatabase(location, options), options);
}

/** `pg` is only loaded by those who use it. */
async function openDatabase(location: StoreLocation, { mode = 'migrate' }: StoreOptions): Promise<Database> {
  if (location.kind === 'postgres') return (await import('./postgres.js')).openPostgres(location.url, { mode });
  const [{ openSqlite }, { checkSqlite, migrateSqlite }] = await Promise.all([
    import('./sqlite.js'),
    import('./migrate.js'),
  ]);
  return openSqlite(location.file, mode === 'migrate' ? migrateSqlite : checkSqlite, { mode });
}

const pulse = query(() =>
  db
    .update(counters)
    .set({ value: sql`${counters.value} + 1` })
    .where(eq(counters.name, 'pulse')),
);

function storeOn(database: Database, { fold }: StoreOptions): Store {
  const reads = readsOf(database);
  return {
    ...reads,
    ...jobsOf(database),
    ...holdingOf(database),
    ...peopleOf(database),
    ...noticesOf(database),
    ...chatMemoryOf(database),
    ...onCallOf(database),
    ...quietOf(database),
    ...subscriptionsOf(database),
    ...accessOf(database),
    ...sourcesOf(database),
    ...bodiesOf(database),
    ...recentChangesOf(database),
    ...figuresOf(database),
    ...pruningOf(database),
    damage: database.damage,
    clock: database.clock,
    async commit(changes) {
      await database.write(commitStatements(changes));
    },
    systemPosition: () => systemPosition(database),
    verify: verifierOf(database, fold),
    checkpoint: checkpointOf(database),
    redact: redactorOf(database, reads.load),
    ...scrubberOf(database),
    async ready() {
      await database.write([{ ...pulse(), one: true }]);
    },
    close: () => database.close(),
  };
}
