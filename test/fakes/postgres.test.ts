import pg from 'pg';
import { expect, test } from 'vitest';
import { freshPostgres } from './postgres.js';

async function ask(url: string, statement: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(statement)).rows;
  } finally {
    await client.end();
  }
}

test('each call gives an empty database of its own on one server', async () => {
  const [one, two] = await Promise.all([freshPostgres(), freshPostgres()]);
  await ask(one.url, 'CREATE TABLE mine (id int)');
  expect(await ask(two.url, `SELECT to_regclass('mine') AS mine`)).toEqual([{ mine: null }]);
  expect(new URL(one.url).port).toBe(new URL(two.url).port);
  await one.stop();
  await expect(ask(one.url, 'SELECT 1')).rejects.toThrow('does not exist');
  await two.stop();
});

test('a commit waits for its log record', async () => {
  const database = await freshPostgres();
  expect(await ask(database.url, 'SHOW synchronous_commit')).toEqual([{ synchronous_commit: 'on' }]);
  await database.stop();
});
