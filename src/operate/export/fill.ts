import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { z } from 'zod';
import type { Episode } from '../../alerts/alert.js';
import type { Incident } from '../../incident/state.js';
import type { Notice } from '../../messages/notice.js';
import { canonical } from '../../store/canonical.js';
import { episodeRow, incidentRow, streamOf, systemStream } from '../../store/commit.js';
import { toJson } from '../../store/storable.js';
import { type ExportManifest, eventLine, incidentFile } from './layout.js';
import { ExportError, type ExportReader } from './read-export.js';

type Row = Record<string, unknown>;
type Insert = (table: string, row: Row) => void;

/** Fills a fresh ledger with an export: all of it in one transaction, or nothing. */
export async function fillLedger(file: string, from: ExportReader, manifest: ExportManifest): Promise<void> {
  const database = new Sqlite(file, { fileMustExist: true });
  try {
    const insert = inserting(database);
    database.exec('BEGIN');
    await people(from, insert);
    for (const name of from.names.filter((each) => /^incidents\/[^/]+\/incident\.json$/.test(each)))
      await incident(from, name.slice(0, -'incident.json'.length), insert);
    await events(from, 'system.jsonl', systemStream, insert);
    const { [systemStream]: head } = manifest.streams;
    if (head) insert('heads', { stream: systemStream, ...head });
    await aside(from, insert);
    database.exec('COMMIT');
  } finally {
    database.close();
  }
}

/** Inserts rows by the names of their columns. */
export function inserting(database: Sqlite.Database): Insert {
  const prepared = new Map<string, Sqlite.Statement>();
  return (table, row) => {
    const columns = Object.keys(row);
    const key = `${table} ${columns}`;
    let statement = prepared.get(key);
    if (!statement) {
      const quoted = columns.map((name) => `"${name}"`).join(', ');
      statement = database.prepare(`INSERT INTO "${table}" (${quoted}) VALUES (${columns.map(() => '?').join(', ')})`);
      prepared.set(key, statement);
    }
    statement.run(...Object.values(row));
  };
}

async function people(from: ExportReader, insert: Insert): Promise<void> {
  const { people, identities } = await from.json<{ people: Row[]; identities: Row[] }>('people.json', {
    people: [],
    identities: [],
  });
  for (const { personId, name, email, goneAt } of people)
    insert('people', { person_id: personId, name, email, gone_at: goneAt });
  for (const { platform, externalId, personId } of identities)
    insert('identities', { platform, external_id: externalId, person_id: personId });
}

async function incident(from: ExportReader, folder: string, insert: Insert): Promise<void> {
  const said = checked(incidentFile, JSON.parse(await from.text(`${folder}incident.json`)), `${folder}incident.json`);
  const incident = said.incident as unknown as Incident;
  const { id } = incident;
  insert('incidents', {
    ...incidentRow(incident),
    seq: said.seq,
    head: said.head,
    checkpoint_seq: said.checkpointSeq,
  });
  for (const person of said.people) insert('incident_people', { incident_id: id, person_id: person });
  for (const { platform, channel } of said.channels)
    insert('incident_channels', { platform, channel, incident_id: id });
  await events(from, `${folder}timeline.jsonl`, streamOf(id), insert);
  for (const episode of await from.json<Episode[]>(`${folder}alerts.json`, [])) alert(episode, insert);
  for (const notice of await from.json<Notice[]>(`${folder}notices.json`, []))
    insert('notices', { incident_id: id, seq: notice.seq, at: notice.at, notice: toJson(notice) });
  for (const message of await from.json<Row[]>(`${folder}messages.json`, []))
    posted({ ...message, incidentId: id }, insert);
  for (const draft of await from.json<Row[]>(`${folder}postmortems.json`, []))
    insert('postmortems', { incident_id: id, ...draft });
}

async function events(from: ExportReader, name: string, stream: string, insert: Insert): Promise<void> {
  for await (const line of from.lines<unknown>(name)) {
    const { seq, type, at, recordedAt, actor, salt, body, bodyDigest, hash } = checked(eventLine, line, name);
    insert('timeline', {
      stream,
      seq,
      type,
      at,
      recorded_at: recordedAt,
      actor: canonical(actor),
      salt,
      // A body of null would read as erased; no event has one.
      body: salt === null ? null : canonical(body),
      body_digest: bodyDigest,
      hash,
    });
  }
}

const alert = (episode: Episode, insert: Insert): void => insert('episodes', episodeRow(episode));

const posted = ({ jobKey, incidentId, platform, channel, message, at }: Row, insert: Insert): void =>
  insert('deliveries', { job_key: jobKey, incident_id: incidentId, platform, channel, message, at });

async function aside(from: ExportReader, insert: Insert): Promise<void> {
  for (const episode of await from.json<Episode[]>('alerts.json', [])) alert(episode, insert);
  for (const message of await from.json<Row[]>('messages.json', [])) posted(message, insert);
  for await (const { id, source, receivedAt, outcomes } of from.lines<Row>('receipts.jsonl'))
    insert('receipts', { id, source, received_at: receivedAt, outcomes: toJson(outcomes) });
  for (const { name, lastSeenAt, requests, refused, lastRefusal, outcomes } of await from.json<Row[]>(
    'senders.json',
    [],
  )) {
    const last = lastRefusal === null ? null : toJson(lastRefusal);
    insert('source_figures', { name, last_seen_at: lastSeenAt, requests, refused, last_refusal: last });
    for (const [outcome, count] of Object.entries(outcomes as Row)) insert('source_outcomes', { name, outcome, count });
  }
  for (const { hash, playbookId, file } of await from.json<Record<string, string>[]>('playbooks.json', []))
    insert('playbooks', { hash, playbook_id: playbookId, text: await from.text(known(from, file)) });
  for (const job of await from.json<Row[]>('jobs.json', [])) waiting(job, insert);
}

/** Held, as after a restore, and looked for before it is done: it may have been done since. */
function waiting({ dueAt, notBefore, incidentId, lastError, task, ...job }: Row, insert: Insert): void {
  insert('jobs', {
    ...job,
    due_at: dueAt,
    not_before: notBefore,
    revision: 1,
    fence: 0,
    leased_until: null,
    leases: 1,
    kind: (task as { kind: string }).kind,
    incident_id: incidentId,
    task: toJson(task),
    last_error: lastError,
    held: job.state === 'waiting' ? 1 : 0,
  });
}

function known(from: ExportReader, name: string | undefined): string {
  if (name === undefined || !from.names.includes(name)) throw new ExportError(`${name} is missing.`);
  return name;
}

function checked<T>(schema: z.ZodType<T>, value: unknown, name: string): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new ExportError(`${name} cannot be read: ${z.prettifyError(parsed.error)}`);
}

/** Copies of the drafts, as Muster keeps them in its data folder: name and text. */
export async function* drafts(from: ExportReader): AsyncGenerator<{ name: string; text: string }> {
  for (const file of from.names.filter((each) => /^incidents\/inc-\d+[^/]*\/postmortems\.json$/.test(each))) {
    const number = Number(/^incidents\/inc-(\d+)/.exec(file)?.[1]);
    for (const { version, markdown } of await from.json<{ version: number; markdown: string }[]>(file, []))
      yield { name: join('postmortems', `inc-${number}-v${version}.md`), text: markdown };
  }
}
