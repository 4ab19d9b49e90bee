import {
  and,
  count,
  desc,
  eq,
  exists,
  gte,
  inArray,
  isNotNull,
  isNull,
  lte,
  max,
  or,
  type SQL,
  sql,
} from 'drizzle-orm/sql';
import type { Episode } from '../alerts/alert.js';
import type { TimelineEvent } from '../incident/events.js';
import type { Incident } from '../incident/state.js';
import type { Viewer } from '../people/viewer.js';
import { alertKey } from './alert-key.js';
import type { Database } from './database.js';
import { asOutcomes } from './outcomes.js';
import type { Loaded, Store } from './port.js';
import { db, type Given, pick, query } from './query.js';
import {
  answers,
  episodes,
  incidentChannels,
  incidentPeople,
  incidents,
  playbooks,
  postmortems,
  receipts,
} from './schema.js';
import { fromJson } from './storable.js';
import { timelineOf } from './timeline.js';

const { incident_id, person_id } = incidentPeople;
const theirs = (viewer: SQL) =>
  db
    .select({ person_id })
    .from(incidentPeople)
    .where(and(eq(incident_id, incidents.id), eq(person_id, viewer)));

/** What a viewer may see: Muster itself everything, a person what is public or theirs. */
const visible = (viewer: SQL) =>
  or(sql`cast(${viewer} as text) is null`, eq(incidents.visibility, 'public'), exists(theirs(viewer)));

type Viewed<V> = Given<V & { viewer: string | null }>;

const theIncident = (viewer: SQL, which: SQL) =>
  db
    .select(pick(incidents, 'incident'))
    .from(incidents)
    .where(and(visible(viewer), which));
const byId = query(({ viewer, id }: Viewed<{ id: string }>) => theIncident(viewer, eq(incidents.id, id)));
const byNumber = query(({ viewer, number }: Viewed<{ number: number }>) =>
  theIncident(viewer, eq(incidents.number, number)),
);
const byChannel = query(({ viewer, platform, channel }: Viewed<{ platform: string; channel: string }>) => {
  const owner = db
    .select(pick(incidentChannels, 'incident_id'))
    .from(incidentChannels)
    .where(and(eq(incidentChannels.platform, platform), eq(incidentChannels.channel, channel)));
  return theIncident(viewer, eq(incidents.id, owner));
});

/** The id, when the viewer may see what it belongs to. */
const seenId = (viewer: SQL, id: SQL) =>
  db
    .select(pick(incidents, 'id'))
    .from(incidents)
    .where(and(visible(viewer), eq(incidents.id, id)));
const episodesOf = query(({ viewer, id, limit, offset }: Viewed<{ id: string; limit: number; offset: number }>) =>
  db
    .select(pick(episodes, 'episode'))
    .from(episodes)
    .where(eq(episodes.incident_id, seenId(viewer, id)))
    .orderBy(desc(episodes.started_at), episodes.id)
    .limit(limit)
    .offset(offset),
);
const countEpisodes = query(({ viewer, id }: Viewed<{ id: string }>) =>
  db
    .select({ total: count().as('total') })
    .from(episodes)
    .where(eq(episodes.incident_id, seenId(viewer, id))),
);
const thePostmortem = (viewer: SQL, id: SQL, which?: SQL) =>
  db
    .select(pick(postmortems, 'version', 'at', 'markdown'))
    .from(postmortems)
    .where(and(eq(postmortems.incident_id, seenId(viewer, id)), which));
const latestPostmortem = query(({ viewer, id }: Viewed<{ id: string }>) =>
  thePostmortem(viewer, id).orderBy(desc(postmortems.version)).limit(1),
);
const onePostmortem = query(({ viewer, id, version }: Viewed<{ id: string; version: number }>) =>
  thePostmortem(viewer, id, eq(postmortems.version, version)),
);

const loadable = pick(incidents, 'incident', 'seq', 'head');
const load = query(({ id }: Given<{ id: string }>) => db.select(loadable).from(incidents).where(eq(incidents.id, id)));
const highestNumber = query(() => db.select({ number: max(incidents.number).as('number') }).from(incidents));
const openOfGroup = query(({ key }: Given<{ key: string }>) =>
  db.select(loadable).from(incidents).where(eq(incidents.open_group_key, key)),
);
const endedOfGroup = query(({ key }: Given<{ key: string }>) =>
  db
    .select(loadable)
    .from(incidents)
    .where(and(eq(incidents.group_key, key), isNotNull(incidents.ended_at)))
    .orderBy(desc(incidents.ended_at))
    .limit(1),
);
const ungrouped = query(() =>
  db
    .select(loadable)
    .from(incidents)
    .where(and(isNull(incidents.group_key), isNull(incidents.ended_at)))
    .orderBy(desc(incidents.opened_at), incidents.id)
    .limit(200),
);
const firingGroupsOf = query(({ id }: Given<{ id: string }>) =>
  db
    .selectDistinct(pick(episodes, 'group_key'))
    .from(episodes)
    .where(and(eq(episodes.incident_id, id), eq(episodes.state, 'firing'))),
);
type OneAlert = { key: string; source: string; fingerprint: string };
const newestEpisodes = query(({ key, source, fingerprint }: Given<OneAlert>) =>
  db
    .select(pick(episodes, 'episode'))
    .from(episodes)
    .where(
      and(
        eq(episodes.alert_key, sql`cast(${key} as integer)`),
        eq(episodes.source, source),
        eq(episodes.fingerprint, fingerprint),
      ),
    )
    .orderBy(desc(episodes.started_at))
    .limit(8),
);
const episodesDue = query(({ now, limit }: Given<{ now: number; limit: number }>) =>
  db
    .select(pick(episodes, 'episode'))
    .from(episodes)
    .where(lte(episodes.look_at, now))
    .orderBy(episodes.look_at, episodes.id)
    .limit(limit),
);
const episodesFrom = query(({ since, limit }: Given<{ since: number; limit: number }>) =>
  db
    .select(pick(episodes, 'episode'))
    .from(episodes)
    .where(gte(episodes.started_at, since))
    .orderBy(desc(episodes.started_at), episodes.id)
    .limit(limit),
);
const answerOf = query(({ id }: Given<{ id: string }>) =>
  db
    .select(pick(answers, 'id', 'reply'))
    .from(answers)
    .where(eq(answers.id, id)),
);
const receiptOf = query(({ id }: Given<{ id: string }>) => db.select().from(receipts).where(eq(receipts.id, id)));
const playbookOf = query(({ hash }: Given<{ hash: string }>) =>
  db.select().from(playbooks).where(eq(playbooks.hash, hash)),
);

const personOf = (viewer: Viewer): string | null => (viewer.kind === 'machine' ? null : viewer.personId);
const asIncident = (row: { incident: string } | undefined): Incident | null => (row ? fromJson(row.incident) : null);
const asLoaded = ({ incident, seq, head }: { incident: string; seq: number; head: string }): Loaded => ({
  incident: fromJson(incident),
  seq,
  head,
});

type Reads = Pick<
  Store,
  | 'answered'
  | 'load'
  | 'nextNumber'
  | 'episodes'
  | 'episodesSince'
  | 'episodesDue'
  | 'byGroupKey'
  | 'firingGroups'
  | 'openUngrouped'
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
    const found = await database.readEach(commandIds.map((id) => answerOf({ id })));
    return new Map(found.flat().map(({ id, reply }) => [id, fromJson(reply)]));
  },
  async load(id) {
    const [row] = await database.read(load({ id }));
    return row ? asLoaded(row) : null;
  },
  async nextNumber() {
    const [row] = await database.read(highestNumber());
    return (row?.number ?? 0) + 1;
  },

  async episodes(keys) {
    const distinct = new Map(keys.map((key) => [`${key.source}\n${key.fingerprint}`, key]));
    const found = await database.readEach(
      [...distinct.values()].map((each) => {
        const { source, fingerprint } = each;
        return newestEpisodes({ key: String(alertKey(each)), source, fingerprint });
      }),
    );
    return found.flat().map(({ episode }) => fromJson<Episode>(episode));
  },
  async episodesDue(now, limit) {
    const rows = await database.read(episodesDue({ now, limit }));
    return rows.map(({ episode }) => fromJson<Episode>(episode));
  },
  async episodesSince(since, limit) {
    const rows = await database.read(episodesFrom({ since, limit }));
    return rows.map(({ episode }) => fromJson<Episode>(episode));
  },
  async byGroupKey(keys) {
    const distinct = [...new Set(keys)];
    const open = await database.readEach(distinct.map((key) => openOfGroup({ key })));
    const closed = distinct.filter((_, index) => open[index]?.length === 0);
    const ended = await database.readEach(closed.map((key) => endedOfGroup({ key })));
    return [...open, ...ended].flat().map(asLoaded);
  },
  async openUngrouped() {
    return (await database.read(ungrouped())).map(asLoaded);
  },
  async firingGroups(id) {
    return (await database.read(firingGroupsOf({ id }))).map(({ group_key }) => group_key);
  },

  async incident(viewer, by) {
    const who = { viewer: personOf(viewer) };
    const asked =
      'id' in by
        ? byId({ ...who, ...by })
        : 'number' in by
          ? byNumber({ ...who, ...by })
          : byChannel({ ...who, ...by });
    return asIncident((await database.read(asked))[0]);
  },
  incidents: (viewer, filter) => listed(database, viewer, filter),
  async timeline(viewer, id): Promise<TimelineEvent[]> {
    const [row] = await database.read(byId({ viewer: personOf(viewer), id }));
    return row ? timelineOf(database, id) : [];
  },
  async alerts(viewer, id, page) {
    const asked = { viewer: personOf(viewer), id };
    const rows = await database.read(episodesOf({ ...asked, ...page }));
    const [count] = await database.read(countEpisodes(asked));
    return { alerts: rows.map(({ episode }) => fromJson<Episode>(episode)), total: count?.total ?? 0 };
  },
  async postmortem(viewer, id, version) {
    const asked = { viewer: personOf(viewer), id };
    const [row] = await database.read(
      version === undefined ? latestPostmortem(asked) : onePostmortem({ ...asked, version }),
    );
    return row ?? null;
  },
  async receipt(id) {
    const [row] = await database.read(receiptOf({ id }));
    if (!row) return null;
    const outcomes = asOutcomes(fromJson(row.outcomes));
    return { id, source: row.source, receivedAt: row.received_at, outcomes };
  },
  async playbook(hash) {
    const [row] = await database.read(playbookOf({ hash }));
    return row ? { hash, playbookId: row.playbook_id, text: row.text } : null;
  },
});

/** Newest first. */
async function listed(
  database: Database,
  viewer: Viewer,
  { status, triage = false, limit, offset }: Parameters<Store['incidents']>[1],
): Promise<{ incidents: Incident[]; total: number }> {
  const statuses = Object.fromEntries((status ?? []).map((each, index) => [`status${index}`, each]));
  const shape = `${triage} ${status?.length}`;
  const { page, total } = listings.get(shape) ?? listing(triage, status && Object.keys(statuses));
  listings.set(shape, { page, total });
  const asked = { ...statuses, viewer: personOf(viewer) };
  const rows = await database.read(page({ ...asked, limit, offset }));
  const [count] = await database.read(total(asked));
  return { incidents: rows.map(({ incident }) => fromJson<Incident>(incident)), total: count?.total ?? 0 };
}

const listings = new Map<string, ReturnType<typeof listing>>();
function listing(triage: boolean, statuses: string[] | undefined) {
  const which = and(
    triage ? isNull(incidents.number) : isNotNull(incidents.number),
    statuses && inArray(incidents.status, statuses.map(sql.placeholder)),
  );
  return {
    page: query(({ viewer, limit, offset }: Viewed<{ limit: number; offset: number }>) =>
      theIncident(viewer, which!)
        .orderBy(...(triage ? [desc(incidents.opened_at), incidents.id] : [desc(incidents.number)]))
        .limit(limit)
        .offset(offset),
    ),
    total: query(({ viewer }: Viewed<object>) =>
      db
        .select({ total: count().as('total') })
        .from(incidents)
        .where(and(visible(viewer), which)),
    ),
  };
}
