import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import Sqlite from 'better-sqlite3';
import pg from 'pg';
import { fold } from '../../src/incident/evolve.js';
import { openStore } from '../../src/store/open.js';
import { freshPostgres } from '../fakes/postgres.js';
import { type Place, storeContract } from './store.contract.js';
import { storeAccessContract } from './store-access.contract.js';
import { storeChainContract } from './store-chain.contract.js';
import { storeErasingContract } from './store-erasing.contract.js';
import { storeJobsContract } from './store-jobs.contract.js';
import { storeOnCallContract } from './store-oncall.contract.js';
import { storeOperationsContract } from './store-operations.contract.js';
import { storeOutageContract } from './store-outage.contract.js';
import { storePruningContract } from './store-pruning.contract.js';
import { storeQuietContract } from './store-quiet.contract.js';

async function onFile(): Promise<Place> {
  const dir = await mkdtemp(path.join(tmpdir(), 'muster-store-'));
  const file = path.join(dir, 'data', 'muster.db');
  return {
    open: (mode) => openStore({ kind: 'sqlite', file }, { fold, ...(mode && { mode }) }),
    async tamper(statement) {
      const database = new Sqlite(file);
      database.exec(statement);
      database.close();
    },
    remove: () => rm(dir, { recursive: true }),
  };
}

async function onPostgres(): Promise<Place> {
  const { url, stop } = await freshPostgres();
  return {
    open: (mode) => openStore({ kind: 'postgres', url }, { fold, ...(mode && { mode }) }),
    async tamper(statement) {
      const client = new pg.Client(url);
      await client.connect();
      await client.query(statement);
      await client.end();
    },
    remove: stop,
  };
}

for (const contract of [
  storeOnCallContract,
  storeQuietContract,
  storeContract,
  storeJobsContract,
  storeOperationsContract,
  storePruningContract,
  storeChainContract,
  storeErasingContract,
  storeAccessContract,
  storeOutageContract,
]) {
  contract('a SQLite file', onFile);
  contract('PostgreSQL', onPostgres);
}
