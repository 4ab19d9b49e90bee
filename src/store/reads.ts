import type { Episode, Receipt } from '../alerts/alert.js';
import type { TimelineEvent } from '../incident/events.js';
import type { Incident } from '../incident/state.js';
import type { Viewer } from '../people/viewer.js';
import { columnsOf, type Database, type Query, type Row, sql, type Value } from './database.js';
import type { Loaded, Store } from './port.js';
import { receipts } from './schema.js';
import { fromJson } from './storable.js';
import { timelineOf } from './timeline.js';

const visible = `(visibility = 'public' OR EXISTS (
  SELECT 1 FROM incident_people w WHERE w.incident_id = incidents.id AND w.person_id = ?))`;

/** A question in two forms: Muster itself sees everything, a person what is public or theirs. */
interface Seen {
  machine: Query;
  person: Query;
}
const seen = (text: (may: string) => string): Seen => ({ machine: sql(text('1 = 1')), person: sql(text(visible)) });

const byId = seen((may) => `SELECT incident FROM incidents WHERE ${may} AND id = ?`);
const byNumber = seen((may) => `SELECT incident FROM incidents WHERE ${may} AND number = ?`);
const byChannel = seen(
  (may) => `SELECT incident FROM incidents WHERE ${may} AND id = (
    SELECT incident_id FROM incident_channels c WHERE c.platform = ? AND c.channel = ?)`,
);
const episodesOf = seen(
  (may) => `SELECT e.episode FROM episodes e WHERE e.incident_id = (SELECT id FROM incidents WHERE ${may} AND id = ?)
    ORDER BY e.started_at DESC, e.id LIMIT ? OFFSET ?`,
);
const countEpisodes = seen(
  (may) => `SELECT count(*) AS total FROM episodes e
    WHERE e.incident_id = (SELECT id FROM incidents WHERE ${may} AND id = ?)`,
);
const latestPostmortem = seen(
  (may) => `SELECT version, at, markdown FROM postmortems
    WHERE incident_id = (SELECT id FROM incidents WHERE ${may} AND id = ?) ORDER BY version DESC LIMIT 1`,
);
const onePostmortem = seen(
  (may) => `SELECT version, at, markdown FROM postmortems
    WHERE incident_id = (SELECT id FROM incidents WHERE ${may} AND id = ?) AND version = ?`,
);

const load = sql('SELECT incident, seq, head FROM incidents WHERE id = ?');
const highestNumber = sql('SELECT max(number) AS number FROM incidents');
const openOfGroup = sql('SELECT incident, seq, head FROM incidents WHERE open_group_key = ?');
const endedOfGroup = sql(`SELECT incident, seq, head FROM incidents
  WHERE group_key = ? AND ended_at IS NOT NULL ORDER BY ended_at DESC LIMIT 1`);
const newestEpisodes = sql(
  'SELECT episode FROM episodes WHERE source = ? AND fingerprint = ? ORDER BY started_at DESC LIMIT 8',
);
const episodesFrom = sql('SELECT episode FROM episodes WHERE started_at >= ? ORDER BY started_at DESC, id LIMIT ?');
const answerOf = sql('SELECT id, reply FROM answers WHERE id = ?');
const receiptOf = sql(`SELECT ${columnsOf(receipts)} FROM receipts WHERE id = ?`);
const playbookOf = sql('SELECT hash, playbook_id, text FROM playbooks WHERE hash = ?');

const ask = (database: Database, viewer: Viewer, query: Seen, ...values: Value[]): Promise<Row[]> =>
  viewer.kind === 'machine'
    ? database.read(query.machine, values)
    : database.read(query.person, [viewer.personId, ...values]);

const asIncident = (row: Row | undefined): Incident | null => (row ? fromJson<Incident>(String(row.incident)) : null);
const asLoaded = (row: Row): Loaded => ({
  incident: fromJson(String(row.incident)),
  seq: Number(row.seq),
  head: String(row.head),
});

type Reads = Pick<
  Store,
  | 'answered'
  | 'load'
  | 'nextNumber'
  | 'episodes'
  | 'episodesSince'
  | 'byGroupKey'
  | 'incident'
  | 'incidents'
  | 'timeline'
  | 'alerts'
  | 'postmortem'
  | 'receipt'
  | 'playbook'
>;

export const readsOf = (database: Database): Reads => ({
  async answered(commandIds) {
    const found = await database.readEach(
      answerOf,
      commandIds.map((id) => [id]),
    );
    return new Map(found.flat().map(({ id, reply }) => [String(id), fromJson(String(reply))]));
  },
  async load(incidentId) {
    const [row] = await database.read(load, [incidentId]);
    return row ? asLoaded(row) : null;
  },
  async nextNumber() {
    const [row] = await database.read(highestNumber);
    return Number(row?.number ?? 0) + 1;
  },

  async episodes(keys) {
    const distinct = new Map(
      keys.map(({ source, fingerprint }) => [`${source}\n${fingerprint}`, [source, fingerprint]]),
    );
    const found = await database.readEach(newestEpisodes, [...distinct.values()]);
    return found.flat().map(({ episode }) => fromJson<Episode>(String(episode)));
  },
  async episodesSince(since, limit) {
    const rows = await database.read(episodesFrom, [since, limit]);
    return rows.map(({ episode }) => fromJson<Episode>(String(episode)));
  },
  async byGroupKey(keys) {
    const distinct = [...new Set(keys)].map((key) => [key]);
    const open = await database.readEach(openOfGroup, distinct);
    const ended = await database.readEach(
      endedOfGroup,
      distinct.filter((_, index) => open[index]?.length === 0),
    );
    return [...open, ...ended].flat().map(asLoaded);
  },

  async incident(viewer, by) {
    if ('id' in by) return asIncident((await ask(database, viewer, byId, by.id))[0]);
    if ('number' in by) return asIncident((await ask(database, viewer, byNumber, by.number))[0]);
    return asIncident((await ask(database, viewer, byChannel, by.platform, by.channel))[0]);
  },
  incidents: (viewer, filter) => listed(database, viewer, filter),
  async timeline(viewer, incidentId): Promise<TimelineEvent[]> {
    const [row] = await ask(database, viewer, byId, incidentId);
    return row ? timelineOf(database, incidentId) : [];
  },
  async alerts(viewer, incidentId, { limit, offset }) {
    const rows = await ask(database, viewer, episodesOf, incidentId, limit, offset);
    const [count] = await ask(database, viewer, countEpisodes, incidentId);
    return { alerts: rows.map(({ episode }) => fromJson<Episode>(String(episode))), total: Number(count?.total ?? 0) };
  },
  async postmortem(viewer, incidentId, version) {
    const [row] = await (version === undefined
      ? ask(database, viewer, latestPostmortem, incidentId)
      : ask(database, viewer, onePostmortem, incidentId, version));
    return row ? { version: Number(row.version), at: Number(row.at), markdown: String(row.markdown) } : null;
  },
  async receipt(id) {
    const [row] = await database.read(receiptOf, [id]);
    if (!row) return null;
    const outcomes = fromJson<Receipt['outcomes']>(String(row.outcomes));
    return { id, source: String(row.source), receivedAt: Number(row.received_at), outcomes };
  },
  async playbook(hash) {
    const [row] = await database.read(playbookOf, [hash]);
    return row ? { hash, playbookId: String(row.playbook_id), text: String(row.text) } : null;
  },
});

/** Newest first. Rare enough, and of too many shapes, to be put together when asked. */
async function listed(
  database: Database,
  viewer: Viewer,
  { status, triage = false, limit, offset }: Parameters<Store['incidents']>[1],
): Promise<{ incidents: Incident[]; total: number }> {
  const where = [triage ? 'number IS NULL' : 'number IS NOT NULL'];
  const values: Value[] = [];
  if (viewer.kind === 'person') {
    where.push(visible);
    values.push(viewer.personId);
  }
  if (status) {
    where.push(`status IN (${status.map(() => '?').join(', ') || 'NULL'})`);
    values.push(...status);
  }
  const from = `FROM incidents WHERE ${where.join(' AND ')}`;
  const order = triage ? 'opened_at DESC, id' : 'number DESC';
  const rows = await database.read(query(`SELECT incident ${from} ORDER BY ${order} LIMIT ? OFFSET ?`), [
    ...values,
    limit,
    offset,
  ]);
  const [count] = await database.read(query(`SELECT count(*) AS total ${from}`), values);
  return { incidents: rows.map((row) => fromJson<Incident>(String(row.incident))), total: Number(count?.total) };
}

const listings = new Map<string, Query>();
/** The same text is the same query, so that it is prepared once. */
function query(text: string): Query {
  const known = listings.get(text) ?? sql(text);
  listings.set(text, known);
  return known;
}
