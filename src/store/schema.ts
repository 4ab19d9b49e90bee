import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/**
 * Every table, once, for both databases. There are two column types: text (JSON is text too, so that it is read back
 * byte for byte) and integer (times in ms, counts, flags as 0 or 1), so one dialect describes them both. Columns are
 * called what the database calls them. The files in `migrations/` create them, with the indexes; a test compares.
 */
export const timeline = sqliteTable(
  'timeline',
  {
    stream: text().notNull(),
    seq: integer().notNull(),
    type: text().notNull(),
    at: integer().notNull(),
    recorded_at: integer().notNull(),
    actor: text().notNull(),
    /** Hex. Null, like the body, once redacted. */
    salt: text(),
    body: text(),
    /** sha256(salt ‖ body), hex; stays when the body is erased. */
    body_digest: text().notNull(),
    hash: text().notNull(),
  },
  ({ stream, seq }) => [primaryKey({ columns: [stream, seq] })],
);

export const incidents = sqliteTable('incidents', {
  id: text().primaryKey(),
  number: integer().unique(),
  status: text().notNull(),
  severity: text().notNull(),
  visibility: text().notNull(),
  drill: integer().notNull(),
  group_key: text(),
  /** The group key while the incident is open: unique, so that two opened at once cannot both stand. */
  open_group_key: text().unique(),
  opened_at: integer().notNull(),
  resolved_at: integer(),
  ended_at: integer(),
  seq: integer().notNull(),
  head: text().notNull(),
  /** The seq whose head the last checkpoint holds. */
  checkpoint_seq: integer().notNull(),
  incident: text().notNull(),
  /** The platform it lives on; null: none. */
  home: text(),
  /** 1: home cannot be used, and it goes on elsewhere. */
  away: integer().notNull(),
});

export const incidentPeople = sqliteTable(
  'incident_people',
  { incident_id: text().notNull(), person_id: text().notNull() },
  ({ incident_id, person_id }) => [primaryKey({ columns: [incident_id, person_id] })],
);

export const incidentChannels = sqliteTable(
  'incident_channels',
  { platform: text().notNull(), channel: text().notNull(), incident_id: text().notNull() },
  ({ platform, channel }) => [primaryKey({ columns: [platform, channel] })],
);

/** Heads of the streams that have no incident row. */
export const heads = sqliteTable('heads', {
  stream: text().primaryKey(),
  seq: integer().notNull(),
  hash: text().notNull(),
});

export const episodes = sqliteTable('episodes', {
  id: text().primaryKey(),
  source: text().notNull(),
  fingerprint: text().notNull(),
  incident_id: text(),
  state: text().notNull(),
  started_at: integer().notNull(),
  last_seen_at: integer().notNull(),
  group_key: text().notNull(),
  episode: text().notNull(),
  look_at: integer(),
  /** What keeps it quiet while it fires. */
  held_by: text(),
  /** Made of the source and the fingerprint, and what it is found by. */
  alert_key: integer().notNull(),
});

export const silences = sqliteTable('silences', {
  number: integer().primaryKey(),
  kind: text({ enum: ['silence', 'maintenance'] }).notNull(),
  what: text().notNull(),
  because: text().notNull(),
  set_by: text().notNull(),
  set_at: integer().notNull(),
  from_at: integer().notNull(),
  until_at: integer().notNull(),
  incident_id: text(),
  ended_at: integer(),
  /** The end that whoever set it has been warned of. */
  warned_until: integer(),
});

/** Requests that were taken, by hour; of the name '': minutes in which Muster was there to hear. */
export const sourceHours = sqliteTable(
  'source_hours',
  { name: text().notNull(), at: integer().notNull(), requests: integer().notNull() },
  ({ name, at }) => [primaryKey({ columns: [name, at] })],
);

export const bodies = sqliteTable('bodies', {
  id: text().primaryKey(),
  source: text().notNull(),
  received_at: integer().notNull(),
  request: text().notNull(),
});

export const changes = sqliteTable('changes', {
  id: text().primaryKey(),
  at: integer().notNull(),
  change: text().notNull(),
});

export const jobs = sqliteTable('jobs', {
  key: text().primaryKey(),
  lane: text(),
  position: integer().notNull(),
  due_at: integer().notNull(),
  /** When a failed job may be tried again. */
  not_before: integer(),
  revision: integer().notNull(),
  fence: integer().notNull(),
  leased_until: integer(),
  /** Dropped: no longer wanted, but somebody is carrying it out just now. */
  state: text({ enum: ['waiting', 'quarantined', 'dropped'] }).notNull(),
  /** Times handed out. */
  leases: integer().notNull(),
  /** Tries that count towards giving up. */
  spent: integer().notNull(),
  kind: text().notNull(),
  platform: text(),
  incident_id: text().notNull(),
  task: text().notNull(),
  last_error: text(),
  /** 1: waited when the database was restored, and is not carried out before somebody says so. */
  held: integer().notNull(),
});

export const platformPauses = sqliteTable('platform_pauses', {
  platform: text().primaryKey(),
  until: integer().notNull(),
  reason: text().notNull(),
});

export const deliveries = sqliteTable('deliveries', {
  job_key: text().primaryKey(),
  incident_id: text().notNull(),
  platform: text().notNull(),
  channel: text().notNull(),
  message: text().notNull(),
  at: integer().notNull(),
});

export const receipts = sqliteTable('receipts', {
  id: text().primaryKey(),
  source: text().notNull(),
  received_at: integer().notNull(),
  outcomes: text().notNull(),
});

export const answers = sqliteTable('answers', {
  id: text().primaryKey(),
  at: integer().notNull(),
  reply: text().notNull(),
});

/** What was told outside chat of public incidents, as it was told. */
export const notices = sqliteTable(
  'notices',
  {
    incident_id: text().notNull(),
    seq: integer().notNull(),
    at: integer().notNull(),
    notice: text().notNull(),
    /** 1: a person published it, for everybody. */
    everybody: integer().notNull(),
  },
  ({ incident_id, seq }) => [primaryKey({ columns: [incident_id, seq] })],
);

/** What a person gets by mail; one that has ended stays, so that it is not made again for them. */
export const subscriptions = sqliteTable(
  'subscriptions',
  {
    person_id: text().notNull(),
    about: text().notNull(),
    link: text().notNull().unique(),
    since: integer().notNull(),
    ended_at: integer(),
  },
  ({ person_id, about }) => [primaryKey({ columns: [person_id, about] })],
);

export const playbooks = sqliteTable('playbooks', {
  hash: text().primaryKey(),
  playbook_id: text().notNull(),
  text: text().notNull(),
});

export const postmortems = sqliteTable(
  'postmortems',
  {
    incident_id: text().notNull(),
    version: integer().notNull(),
    at: integer().notNull(),
    markdown: text().notNull(),
    sha256: text().notNull(),
  },
  ({ incident_id, version }) => [primaryKey({ columns: [incident_id, version] })],
);

export const people = sqliteTable('people', {
  person_id: text().primaryKey(),
  name: text().notNull(),
  /** Lower case; nobody shares one. */
  email: text(),
  /** Since when somebody has left; their name stays for the timelines. */
  gone_at: integer(),
});

export const identities = sqliteTable(
  'identities',
  { platform: text().notNull(), external_id: text().notNull(), person_id: text().notNull() },
  ({ platform, external_id }) => [primaryKey({ columns: [platform, external_id] })],
);

/** `digest`: sha256 of the secret in the cookie. `how` and `token_id`: what the person showed. */
export const sessions = sqliteTable('sessions', {
  digest: text().primaryKey(),
  person_id: text().notNull(),
  how: text().notNull(),
  token_id: text(),
  started_at: integer().notNull(),
  seen_at: integer().notNull(),
});

export const tokens = sqliteTable('tokens', {
  id: text().primaryKey(),
  digest: text().notNull().unique(),
  person_id: text().notNull(),
  name: text().notNull(),
  /** 1: may act as anybody. */
  act_as: integer().notNull(),
  issued_at: integer().notNull(),
  expires_at: integer(),
  revoked_at: integer(),
});

/** One-time sign-in links that nobody has used yet. */
export const links = sqliteTable('links', {
  digest: text().primaryKey(),
  person_id: text().notNull(),
  leads_to: text().notNull(),
  expires_at: integer().notNull(),
});

/** Links by which people who were called acknowledge; one works until it is over. */
export const pageLinks = sqliteTable('page_links', {
  digest: text().primaryKey(),
  person_id: text().notNull(),
  incident_id: text().notNull(),
  expires_at: integer().notNull(),
});

export const sourceFigures = sqliteTable('source_figures', {
  name: text().primaryKey(),
  last_seen_at: integer(),
  requests: integer().notNull(),
  refused: integer().notNull(),
  last_refusal: text(),
  silent_since: integer(),
});

export const sourceOutcomes = sqliteTable(
  'source_outcomes',
  { name: text().notNull(), outcome: text().notNull(), count: integer().notNull() },
  ({ name, outcome }) => [primaryKey({ columns: [name, outcome] })],
);

/** Of the last days; null: the disk is not ours. */
export const chatMarks = sqliteTable(
  'chat_marks',
  { platform: text().notNull(), name: text().notNull(), value: text().notNull() },
  ({ platform, name }) => [primaryKey({ columns: [platform, name] })],
);

/** What was last read of a schedule's calendar. */
export const rosters = sqliteTable('rosters', {
  schedule: text().primaryKey(),
  /** sha256 of where it is read from. */
  source: text().notNull(),
  etag: text(),
  modified: text(),
  read_at: integer(),
  covers_until: integer().notNull(),
  times: text().notNull(),
  notes: text().notNull(),
  tried_at: integer().notNull(),
  failing_since: integer(),
  failures: integer().notNull(),
  error: text(),
  /** 1: operators have been told that it cannot be read. */
  told: integer().notNull(),
});

export const onCallOverrides = sqliteTable('on_call_overrides', {
  id: text().primaryKey(),
  schedule: text().notNull(),
  person_id: text().notNull(),
  from_at: integer().notNull(),
  until_at: integer().notNull(),
  set_by: text().notNull(),
  set_at: integer().notNull(),
  dropped_at: integer(),
});

export const diskSamples = sqliteTable('disk_samples', {
  at: integer().primaryKey(),
  data_bytes: integer().notNull(),
  free_bytes: integer(),
});

/**
 * `fence`: the number of the last lease. `pulse`: written to see whether the database can be written. `disk_told`: how
 * urgently it was told that the disk fills.
 */
export const counters = sqliteTable('counters', { name: text().primaryKey(), value: integer().notNull() });
