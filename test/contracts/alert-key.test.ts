import Sqlite from 'better-sqlite3';
import pg from 'pg';
import { expect, test } from 'vitest';
import { alertKey } from '../../src/store/alert-key.js';
import { migrationsOf } from '../../src/store/migrate.js';
import { freshPostgres } from '../fakes/postgres.js';

const adding = '0026_alert_key.sql';
const alerts = ['f0e1d2c3b4a59687', 'платформа/бекенд/main', 'disk 💾 full on \u{1f5a5}', 'x'.repeat(256), 'é'].map(
  (fingerprint, i) => ({ id: `e${i}`, source: i % 2 ? 'gitlab' : 'alertmanager', fingerprint }),
);
const keys = alerts.map((alert) => ({ id: alert.id, alert_key: alertKey(alert) }));
const before = (kind: 'sqlite' | 'postgres') => migrationsOf(kind).filter(({ name }) => name < adding);
const itself = (kind: 'sqlite' | 'postgres'): string =>
  migrationsOf(kind).find(({ name }) => name === adding)?.script ?? '';
const stored = `INSERT INTO episodes (id, source, fingerprint, state, started_at, last_seen_at, group_key, episode)`;

test('alerts stored by an older Muster get the number they are looked for by, on SQLite', () => {
  const database = new Sqlite(':memory:');
  for (const { script } of before('sqlite')) database.exec(script);
  const insert = database.prepare(`${stored} VALUES (?, ?, ?, 'firing', 1, 1, 'g', '{}')`);
  for (const { id, source, fingerprint } of alerts) insert.run(id, source, fingerprint);
  database.exec(itself('sqlite'));
  expect(database.prepare('SELECT id, alert_key FROM episodes ORDER BY id').all()).toEqual(keys);
  database.close();
});

test('and on PostgreSQL', async () => {
  const { url, stop } = await freshPostgres();
  const client = new pg.Client(url);
  await client.connect();
  for (const { script } of before('postgres')) await client.query(script);
  for (const { id, source, fingerprint } of alerts)
    await client.query(`${stored} VALUES ($1, $2, $3, 'firing', 1, 1, 'g', '{}')`, [id, source, fingerprint]);
  await client.query(itself('postgres'));
  const { rows } = await client.query('SELECT id, alert_key::int FROM episodes ORDER BY id');
  expect(rows).toEqual(keys);
  await client.end();
  await stop();
});
