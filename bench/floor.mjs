import { createServer } from 'node:http';
import Sqlite from 'better-sqlite3';

/** `node bench/floor.mjs <bare|group-commit> <folder>`: says its port on stdout. */
const [, , kind, folder] = process.argv;
const full = 2;

function bare() {
  return (_body, done) => done();
}

/** What arrives in one turn of the event loop is written in one transaction and answered after its commit. */
function groupCommit() {
  const database = new Sqlite(`${folder}/floor.db`);
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL');
  database.pragma('wal_autocheckpoint = 4000');
  database.exec('CREATE TABLE alerts (id INTEGER PRIMARY KEY, fingerprint TEXT NOT NULL, alert TEXT NOT NULL)');
  const insert = database.prepare('INSERT INTO alerts (fingerprint, alert) VALUES (?, ?)');
  const write = database.transaction((bodies) => {
    for (const { alerts } of bodies) for (const alert of alerts) insert.run(alert.fingerprint, JSON.stringify(alert));
  });
  let waiting = [];
  const turn = () => {
    const now = waiting;
    waiting = [];
    write.immediate(now.map(({ body }) => body));
    // Shown truly only after a write: the library may weaken it on its own.
    if (database.pragma('synchronous', { simple: true }) !== full) throw new Error('synchronous=FULL does not hold');
    for (const { done } of now) done();
  };
  return (body, done) => {
    if (waiting.push({ body, done }) === 1) setImmediate(turn);
  };
}

const answer = '{"ok":true}';
const headers = { 'content-type': 'application/json', 'content-length': answer.length };
const take = kind === 'bare' ? bare() : groupCommit();
const server = createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    const body = JSON.parse(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks));
    take(body, () => response.writeHead(200, headers).end(answer));
  });
});
server.listen(0, '127.0.0.1', () => process.stdout.write(`${server.address().port}\n`));
