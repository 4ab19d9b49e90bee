import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterEach, describe, expect, it } from 'vitest';
import { snapshotSqlite } from './snapshot.js';

const folder = mkdtempSync(join(tmpdir(), 'muster-snapshot-'));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a copy of a database', () => {
  it('ends although somebody writes between any two steps, and is as it was when it began', async () => {
    const live = new Sqlite(join(folder, 'live.db'));
    live.pragma('journal_mode = WAL');
    live.exec('CREATE TABLE numbers (n INTEGER, filled TEXT)');
    const insert = live.prepare('INSERT INTO numbers VALUES (?, ?)');
    live.transaction(() => {
      for (let n = 0; n < 40_000; n++) insert.run(n, 'x'.repeat(100));
    })();
    let steps = 0;
    await snapshotSqlite([{ from: join(folder, 'live.db'), to: join(folder, 'copy.db') }], () => {
      insert.run(-1, 'written meanwhile');
      if (++steps > 1000) throw new Error('It begins anew again and again.');
    });
    expect(steps).toBeGreaterThan(5);
    const copy = new Sqlite(join(folder, 'copy.db'), { readonly: true });
    expect(copy.prepare('SELECT count(*) AS n, min(n) AS least FROM numbers').get()).toEqual({ n: 40_000, least: 0 });
    expect(copy.pragma('integrity_check', { simple: true })).toBe('ok');
    copy.close();
    live.close();
  });
});
