import { createHash } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import Sqlite from 'better-sqlite3';
import type { Manifest } from './manifest.js';

type Head = { stream: string; seq: number; hash: string };
const page = 1000;

/**
 * What a snapshot holds. Everything is found by keys, never by reading the whole timeline, and others get their turn in
 * between: it also runs inside a server. Both are files that nobody writes.
 */
export async function figuresOf(
  ledger: string,
  chat: string,
): Promise<Pick<Manifest, 'migrations' | 'heads' | 'figures'>> {
  const database = new Sqlite(ledger, { readonly: true, fileMustExist: true });
  try {
    const count = (what: string): number => database.prepare(`SELECT count(*) FROM ${what}`).pluck().get() as number;
    const recordedAt = database.prepare('SELECT recorded_at FROM timeline WHERE stream = ? AND seq = ?').pluck();
    const hash = createHash('sha256');
    let streams = 0;
    let events = 0;
    let lastRecordedAt: number | null = null;
    for await (const heads of headsOf(database)) {
      for (const { stream, seq, hash: head } of heads) {
        hash.update(`${stream} ${seq} ${head}\n`);
        streams++;
        events += seq;
        const at = recordedAt.get(stream, seq) as number | undefined;
        if (at !== undefined && at > (lastRecordedAt ?? Number.NEGATIVE_INFINITY)) lastRecordedAt = at;
      }
    }
    const checkpoint = database
      .prepare(
        `SELECT seq, at, hash FROM timeline WHERE stream = 'system' AND type = 'checkpoint' ORDER BY seq DESC LIMIT 1`,
      )
      .get() as Manifest['heads']['checkpoint'] | undefined;
    return {
      migrations: database.prepare('SELECT name FROM migrations ORDER BY name').pluck().all() as string[],
      heads: { streams, digest: hash.digest('hex'), checkpoint: checkpoint ?? null },
      figures: {
        incidents: count('incidents WHERE number IS NOT NULL'),
        openIncidents: count('incidents WHERE number IS NOT NULL AND ended_at IS NULL'),
        events,
        alerts: count('episodes'),
        people: count('people'),
        waitingJobs: count(`jobs WHERE state = 'waiting'`),
        chatMessages: messagesIn(chat),
        lastRecordedAt,
      },
    };
  } finally {
    database.close();
  }
}

/** `incident/…` comes before `system`: the order of the names. */
async function* headsOf(database: Sqlite.Database): AsyncGenerator<Head[]> {
  const next = database.prepare(
    `SELECT id, 'incident/' || id AS stream, seq, head AS hash FROM incidents WHERE id > ? ORDER BY id LIMIT ${page}`,
  );
  for (let after = ''; ; ) {
    const rows = next.all(after) as (Head & { id: string })[];
    yield rows;
    if (rows.length < page) break;
    after = rows.at(-1)?.id ?? '';
    await turn();
  }
  yield database.prepare('SELECT stream, seq, hash FROM heads ORDER BY stream').all() as Head[];
}

function messagesIn(chat: string): number {
  const database = new Sqlite(chat, { readonly: true, fileMustExist: true });
  try {
    return database.prepare('SELECT count(*) FROM messages').pluck().get() as number;
  } finally {
    database.close();
  }
}
