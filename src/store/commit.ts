import { and, eq } from 'drizzle-orm/sql';
import type { Episode } from '../alerts/alert.js';
import { type Incident, isOpen } from '../incident/state.js';
import { alertKey } from './alert-key.js';
import { canonical } from './canonical.js';
import { bodyDigest, eventHash, newSalt } from './chain.js';
import { changeStatement } from './changes.js';
import type { Statement } from './database.js';
import { deliver, finish, jobWrites } from './job-writes.js';
import { putNotice } from './notices.js';
import { overrideStatement } from './oncall.js';
import { asRuns } from './outcomes.js';
import type { Change } from './port.js';
import { db, type Given, insert, query, replace } from './query.js';
import { silenceStatement } from './quiet.js';
import * as t from './schema.js';
import { storable, toJson } from './storable.js';
import { subscriptionStatement } from './subscriptions.js';

type IncidentRow = typeof t.incidents.$inferSelect;
type Moved = Omit<IncidentRow, 'checkpoint_seq'> & { expectedSeq: number };

const insertEvent = insert(t.timeline);
const insertIncident = insert(t.incidents);
const updateIncident = query((row: Given<Moved>) =>
  db
    .update(t.incidents)
    .set({
      number: row.number,
      status: row.status,
      severity: row.severity,
      visibility: row.visibility,
      drill: row.drill,
      group_key: row.group_key,
      open_group_key: row.open_group_key,
      opened_at: row.opened_at,
      resolved_at: row.resolved_at,
      ended_at: row.ended_at,
      seq: row.seq,
      head: row.head,
      incident: row.incident,
      home: row.home,
      away: row.away,
    })
    .where(and(eq(t.incidents.id, row.id), eq(t.incidents.seq, row.expectedSeq))),
);
const insertHead = insert(t.heads);
const updateHead = query(
  ({ stream, expectedSeq, seq, hash }: Given<{ stream: string; expectedSeq: number; seq: number; hash: string }>) =>
    db
      .update(t.heads)
      .set({ seq, hash })
      .where(and(eq(t.heads.stream, stream), eq(t.heads.seq, expectedSeq))),
);
const insertPerson = insert(t.incidentPeople, 'keep');
const insertChannel = replace(t.incidentChannels);
const forgetEpisode = query(({ id }: Given<{ id: string }>) => db.delete(t.episodes).where(eq(t.episodes.id, id)));
const putEpisode = replace(t.episodes);
const insertReceipt = insert(t.receipts);
const insertAnswer = insert(t.answers);
const insertPlaybook = insert(t.playbooks, 'keep');
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
    ...changes.flatMap(({ jobs = [] }) => jobs.flatMap((job) => jobWrites(job))),
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
    const body_digest = bodyDigest(salt, text);
    const event = { stream: id, seq: ++seq, type, at, recorded_at: recordedAt, actor: canonical(actor), body_digest };
    hash = eventHash(hash, event);
    statements.push({ ...insertEvent({ ...event, salt, body: text, hash }), stream: id });
  }
  statements.push({ ...head(id, expectedSeq, seq, hash, incident), stream: id });
  return statements;
}

/** The row moves on from exactly the seq that was loaded: the optimistic lock, besides the timeline's primary key. */
function head(stream: string, expectedSeq: number, seq: number, hash: string, incident: Incident | null): Statement {
  if (stream === systemStream)
    return expectedSeq === 0
      ? insertHead({ stream, seq, hash })
      : { ...updateHead({ stream, seq, hash, expectedSeq }), one: true };
  if (!incident || streamOf(incident.id) !== stream)
    throw new Error(`A change of ${stream} came without its incident.`);
  const row = { ...incidentRow(incident), seq, head: hash };
  return expectedSeq === 0
    ? insertIncident({ ...row, checkpoint_seq: 0 })
    : { ...updateIncident({ ...row, expectedSeq }), one: true };
}

/** What a row says beside the incident itself. */
export function incidentRow(incident: Incident): Omit<IncidentRow, 'seq' | 'head' | 'checkpoint_seq'> {
  const { id, number, status, severity, visibility, drill, groupKey, openedAt, resolvedAt, closedAt } = incident;
  const open = isOpen(incident);
  return {
    id,
    number,
    status,
    severity,
    visibility,
    drill: drill ? 1 : 0,
    group_key: groupKey,
    open_group_key: open ? groupKey : null,
    opened_at: openedAt,
    resolved_at: resolvedAt,
    ended_at: open ? null : Math.max(closedAt ?? 0, resolvedAt ?? 0, openedAt),
    incident: toJson(incident),
    home: incident.policy.platforms[0] ?? null,
    away: incident.away ? 1 : 0,
  };
}

/** Who may see a private incident, and which channels are its own. */
function audience({ incident }: Change): Statement[] {
  if (!incident) return [];
  const { id, responders, channels } = incident;
  return [
    ...responders.map((personId) => insertPerson({ incident_id: id, person_id: storable(personId) })),
    ...Object.entries(channels).map(([platform, { channel }]) =>
      insertChannel({ platform, channel: storable(channel), incident_id: id }),
    ),
  ];
}

function alerts({ episodes = [], episodesGone = [] }: Change): Statement[] {
  return [...episodesGone.map((id) => forgetEpisode({ id })), ...episodes.map((each) => putEpisode(episodeRow(each)))];
}

/** What a row says beside the episode itself. */
export const episodeRow = (episode: Episode): typeof t.episodes.$inferSelect => ({
  id: episode.id,
  source: episode.source,
  fingerprint: episode.fingerprint,
  incident_id: episode.incidentId,
  state: episode.state,
  started_at: episode.startedAt,
  last_seen_at: episode.lastSeenAt,
  group_key: episode.groupKey,
  episode: toJson(episode),
  look_at: lookAt(episode),
  held_by: episode.state === 'firing' ? (episode.held?.by ?? null) : null,
  alert_key: alertKey(episode),
});

/** When something follows without a report; null: never. */
function lookAt({ state, held, damped, expiresAt }: Episode): number | null {
  if (state === 'resolved') return damped?.until ?? null;
  const times = [held?.until, expiresAt].filter((at) => typeof at === 'number');
  return times.length === 0 ? null : Math.min(...times);
}

function rest({
  receipts = [],
  changes = [],
  answered,
  playbooks = [],
  postmortem,
  notices = [],
  overrides = [],
  silences = [],
  subscriptions = [],
}: Change): Statement[] {
  const statements: Statement[] = [
    ...notices.map(putNotice),
    ...overrides.map(overrideStatement),
    ...silences.map(silenceStatement),
    ...subscriptions.map(subscriptionStatement),
    ...changes.map(changeStatement),
    ...receipts.map(({ id, source, receivedAt, outcomes }) =>
      insertReceipt({ id, source, received_at: receivedAt, outcomes: toJson(asRuns(outcomes)) }),
    ),
    ...playbooks.map(({ hash, playbookId, text }) =>
      insertPlaybook({ hash, playbook_id: storable(playbookId), text: storable(text) }),
    ),
  ];
  if (answered) {
    const { id, at, reply } = answered;
    statements.push(insertAnswer({ id: storable(id), at, reply: toJson(reply) }));
  }
  if (postmortem) {
    const { incidentId, markdown, ...version } = postmortem;
    statements.push(insertPostmortem({ ...version, incident_id: incidentId, markdown: storable(markdown) }));
  }
  return statements;
}
