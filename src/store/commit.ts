import { type Incident, isOpen } from '../incident/state.js';
import { canonical } from './canonical.js';
import { bodyDigest, eventHash, newSalt } from './chain.js';
import { insert, keeping, type Query, replacing, type Statement, sql, type Value } from './database.js';
import { deliver, dropJob, finish, putJob } from './job-writes.js';
import type { Change } from './port.js';
import * as t from './schema.js';
import { storable, toJson } from './storable.js';

const insertEvent = insert(t.timeline);
const insertIncident = insert(t.incidents);
const updateIncident = sql(`
  UPDATE incidents SET number = ?, status = ?, severity = ?, visibility = ?, drill = ?, group_key = ?,
    open_group_key = ?, opened_at = ?, resolved_at = ?, ended_at = ?, seq = ?, head = ?, incident = ?
  WHERE id = ? AND seq = ?`);
const insertHead = insert(t.heads);
const updateHead = sql('UPDATE heads SET seq = ?, hash = ? WHERE stream = ? AND seq = ?');
const insertPerson = insert(t.incidentPeople, keeping(t.incidentPeople));
const insertChannel = insert(t.incidentChannels, replacing(t.incidentChannels));
const forgetEpisode = sql('DELETE FROM episodes WHERE id = ?');
const putEpisode = insert(t.episodes, replacing(t.episodes));
const insertReceipt = insert(t.receipts);
const insertAnswer = insert(t.answers);
const insertPlaybook = insert(t.playbooks, keeping(t.playbooks));
const insertPostmortem = insert(t.postmortems);

export const systemStream = 'system';
export const streamOf = (incidentId: string): string => `incident/${incidentId}`;

/**
 * The statements of one commit, alike ones together, so that a database across a network writes them in one go. Leases
 * are proven first, against what stood before; deliveries precede jobs, whose due times look at them.
 */
export function commitStatements(changes: readonly Change[]): Statement[] {
  return [
    ...changes.flatMap((change) => (change.done ? finish(change.done, change.delivery ?? null) : [])),
    ...changes.flatMap((change) => (change.delivery ? [deliver(change.delivery)] : [])),
    ...changes.flatMap(stream),
    ...changes.flatMap(audience),
    ...changes.flatMap(alerts),
    ...changes.flatMap(({ jobs = [] }) => jobs.flatMap((job) => ('drop' in job ? dropJob(job.drop) : putJob(job.put)))),
    ...changes.flatMap(rest),
  ];
}

function stream({ stream, events, incident }: Change): Statement[] {
  if (!stream || events.length === 0) return [];
  const { id, expectedSeq, prevHash } = stream;
  const statements: Statement[] = [];
  let seq = expectedSeq;
  let hash = prevHash;
  for (const { type, at, recordedAt, actor, body } of events) {
    const salt = newSalt();
    const text = canonical(body);
    const event = {
      seq: ++seq,
      type,
      at,
      recorded_at: recordedAt,
      actor: canonical(actor),
      body_digest: bodyDigest(salt, text),
    };
    hash = eventHash(hash, event);
    const values: Value[] = [id, seq, type, at, recordedAt, event.actor, salt, text, event.body_digest, hash];
    statements.push({ query: insertEvent, values, stream: id });
  }
  statements.push(head(id, expectedSeq, seq, hash, incident));
  return statements;
}

/** The row moves on from exactly the seq that was loaded: the optimistic lock, besides the timeline's primary key. */
function head(stream: string, expectedSeq: number, seq: number, hash: string, incident: Incident | null): Statement {
  const one = true;
  if (stream === systemStream)
    return expectedSeq === 0
      ? { query: insertHead, values: [stream, seq, hash], stream }
      : { query: updateHead, values: [seq, hash, stream, expectedSeq], one, stream };
  if (!incident || streamOf(incident.id) !== stream)
    throw new Error(`A change of ${stream} came without its incident.`);
  const columns = incidentColumns(incident);
  const json = toJson(incident);
  return expectedSeq === 0
    ? { query: insertIncident, values: [incident.id, ...columns, seq, hash, 0, json], stream }
    : { query: updateIncident, values: [...columns, seq, hash, json, incident.id, expectedSeq], one, stream };
}

function incidentColumns(incident: Incident): Value[] {
  const open = isOpen(incident);
  return [
    incident.number,
    incident.status,
    incident.severity,
    incident.visibility,
    incident.drill ? 1 : 0,
    incident.groupKey,
    open ? incident.groupKey : null,
    incident.openedAt,
    incident.resolvedAt,
    open ? null : Math.max(incident.closedAt ?? 0, incident.resolvedAt ?? 0, incident.openedAt),
  ];
}

/** Who may see a private incident, and which channels are its own. */
function audience({ incident }: Change): Statement[] {
  if (!incident) return [];
  return [
    ...incident.responders.map((personId) => ({ query: insertPerson, values: [incident.id, storable(personId)] })),
    ...Object.entries(incident.channels).map(([platform, { channel }]) => ({
      query: insertChannel,
      values: [platform, storable(channel), incident.id],
    })),
  ];
}

function alerts({ episodes = [], episodesGone = [] }: Change): Statement[] {
  return [
    ...episodesGone.map((id) => ({ query: forgetEpisode, values: [id] })),
    ...episodes.map((episode) => {
      const { id, source, fingerprint, incidentId, state, startedAt, groupKey } = episode;
      const text = toJson(episode);
      return { query: putEpisode, values: [id, source, fingerprint, incidentId, state, startedAt, groupKey, text] };
    }),
  ];
}

function rest({ receipts = [], answered, playbooks = [], postmortem }: Change): Statement[] {
  const statements: Statement[] = [];
  const add = (query: Query, ...values: Value[]) => statements.push({ query, values });
  for (const { id, source, receivedAt, outcomes } of receipts)
    add(insertReceipt, id, source, receivedAt, toJson(outcomes));
  if (answered) add(insertAnswer, storable(answered.id), answered.at, toJson(answered.reply));
  for (const { hash, playbookId, text } of playbooks) add(insertPlaybook, hash, storable(playbookId), storable(text));
  if (postmortem) {
    const { incidentId, version, at, markdown, sha256 } = postmortem;
    add(insertPostmortem, incidentId, version, at, storable(markdown), sha256);
  }
  return statements;
}
