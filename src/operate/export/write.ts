import Sqlite from 'better-sqlite3';
import type { EventRow } from '../../store/chain.js';
import { asOutcomes } from '../../store/outcomes.js';
import { version } from '../../version.js';
import { type ChatLeftOut, chatFiles } from './chat-files.js';
import { digestOf, type ExportFolder, exportFolder } from './folder.js';
import { incidentFiles, lineOf } from './incident-files.js';
import { type ExportManifest, manifestFile, readme } from './layout.js';

type Row = Record<string, unknown>;
const parsed = (row: Row, ...columns: string[]): Row => ({
  ...row,
  ...Object.fromEntries(columns.map((name) => [name, row[name] == null ? null : JSON.parse(String(row[name]))])),
});

/** Writes what two snapshots hold into a new folder. @param withPrivate also private incidents and channels. */
export function writeExport(
  from: { ledger: string; chat: string },
  folder: string,
  { withPrivate, now }: { withPrivate: boolean; now: number },
): ExportManifest {
  const database = new Sqlite(from.ledger, { readonly: true, fileMustExist: true });
  const chat = new Sqlite(from.chat, { readonly: true, fileMustExist: true });
  try {
    const to = exportFolder(folder);
    const hidden = new Set(
      withPrivate
        ? []
        : (database.prepare(`SELECT id FROM incidents WHERE visibility = 'private'`).pluck().all() as string[]),
    );
    to.text('README.md', readme);
    const streams: ExportManifest['streams'] = {};
    const figures = { ...incidents(database, to, hidden, streams), people: 0, chatMessages: 0 };
    figures.people = people(database, to);
    figures.events += system(database, to, streams);
    figures.alerts += aside(database, to, hidden);
    const said: ChatLeftOut = chatFiles(chat, to, withPrivate);
    figures.chatMessages = said.messages;
    const files = to.files();
    const leftOut = { incidents: hidden.size, channels: said.leftOut };
    const manifest: ExportManifest = {
      format: 1,
      kind: 'muster-export',
      muster: version,
      madeAt: now,
      complete: leftOut.incidents === 0,
      leftOut,
      figures,
      streams,
      files,
      digest: digestOf(files),
    };
    to.json(manifestFile, manifest, true);
    return manifest;
  } finally {
    database.close();
    chat.close();
  }
}

function incidents(
  database: Sqlite.Database,
  to: ExportFolder,
  hidden: ReadonlySet<string>,
  streams: ExportManifest['streams'],
): { incidents: number; events: number; alerts: number } {
  const names = new Map(
    (database.prepare('SELECT person_id, name FROM people').all() as { person_id: string; name: string }[]).map(
      ({ person_id, name }) => [person_id, name],
    ),
  );
  const write = incidentFiles(database, names);
  const found = { incidents: 0, events: 0, alerts: 0 };
  const row = database.prepare('SELECT id, seq, head, checkpoint_seq, incident FROM incidents WHERE id = ?');
  for (const id of database.prepare('SELECT id FROM incidents ORDER BY id').pluck().all() as string[]) {
    if (hidden.has(id)) continue;
    const incident = row.get(id) as Parameters<typeof write>[1];
    const { events, alerts } = write(to, incident);
    found.incidents++;
    found.events += events;
    found.alerts += alerts;
    streams[`incident/${id}`] = { seq: incident.seq, hash: incident.head };
  }
  return found;
}

function people(database: Sqlite.Database, to: ExportFolder): number {
  const known = database
    .prepare('SELECT person_id AS personId, name, email, gone_at AS goneAt FROM people ORDER BY person_id')
    .all();
  const identities = database
    .prepare(
      'SELECT platform, external_id AS externalId, person_id AS personId FROM identities ORDER BY platform, external_id',
    )
    .all();
  to.json('people.json', { people: known, identities });
  return known.length;
}

function system(database: Sqlite.Database, to: ExportFolder, streams: ExportManifest['streams']): number {
  const heads = database.prepare('SELECT stream, seq, hash FROM heads ORDER BY stream').all() as {
    stream: string;
    seq: number;
    hash: string;
  }[];
  for (const { stream, seq, hash } of heads) streams[stream] = { seq, hash };
  const events = database.prepare(`SELECT * FROM timeline WHERE stream = 'system' ORDER BY seq`);
  return to.lines(
    'system.jsonl',
    (function* () {
      for (const row of events.iterate()) yield lineOf(row as EventRow);
    })(),
  );
}

/** What belongs to no incident. Answers how many alerts. */
function aside(database: Sqlite.Database, to: ExportFolder, hidden: ReadonlySet<string>): number {
  const all = (sql: string): Row[] => database.prepare(sql).all() as Row[];
  const file = (name: string, rows: unknown[]): number => {
    if (rows.length > 0) to.json(name, rows);
    return rows.length;
  };
  const receipts = database.prepare('SELECT id, source, received_at, outcomes FROM receipts ORDER BY received_at, id');
  to.lines(
    'receipts.jsonl',
    (function* () {
      for (const row of receipts.iterate() as Iterable<Row>) {
        const outcomes = asOutcomes(JSON.parse(String(row.outcomes)));
        const shown = outcomes.filter(({ incidentId }) => incidentId === null || !hidden.has(incidentId));
        yield { id: row.id, source: row.source, receivedAt: row.received_at, outcomes: shown };
      }
    })(),
  );
  file(
    'senders.json',
    all('SELECT * FROM source_figures ORDER BY name').map((row) => ({
      name: row.name,
      lastSeenAt: row.last_seen_at,
      requests: row.requests,
      refused: row.refused,
      lastRefusal: parsed(row, 'last_refusal').last_refusal,
      outcomes: Object.fromEntries(
        (
          database
            .prepare('SELECT outcome, count FROM source_outcomes WHERE name = ? ORDER BY outcome')
            .all(row.name) as { outcome: string; count: number }[]
        ).map(({ outcome, count }) => [outcome, count]),
      ),
    })),
  );
  const used = all('SELECT hash, playbook_id, text FROM playbooks ORDER BY hash').map(
    ({ hash, playbook_id, text }) => ({
      hash,
      playbookId: playbook_id,
      file: `playbooks/${String(playbook_id).replace(/[^\w-]+/g, '-')}-${String(hash).slice(0, 12)}.md`,
      text: String(text),
    }),
  );
  for (const { file: name, text } of used) to.text(name, text);
  file(
    'playbooks.json',
    used.map(({ text: _, ...about }) => about),
  );
  const jobs = all(
    `SELECT key, lane, position, due_at AS dueAt, not_before AS notBefore, state, spent, platform,
       incident_id AS incidentId, task, last_error AS lastError
     FROM jobs WHERE state <> 'dropped' ORDER BY key`,
  );
  file(
    'jobs.json',
    jobs.filter(({ incidentId }) => !hidden.has(String(incidentId))).map((row) => parsed(row, 'task')),
  );
  file(
    'messages.json',
    all(`SELECT job_key AS jobKey, incident_id AS incidentId, platform, channel, message, at FROM deliveries
      WHERE incident_id NOT IN (SELECT id FROM incidents) ORDER BY job_key`),
  );
  return file(
    'alerts.json',
    all(`SELECT episode FROM episodes WHERE incident_id IS NULL OR incident_id NOT IN (SELECT id FROM incidents)
      ORDER BY id`).map((row) => JSON.parse(String(row.episode))),
  );
}
