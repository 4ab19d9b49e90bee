/**
 * Every table, once, for both databases. There are two column types: text (JSON is text too, so that it is read back
 * byte for byte) and integer (times in ms, counts, flags as 0 or 1). The files in `migrations/` create them, with the
 * indexes; a test compares.
 */
export interface Table {
  name: string;
  columns: Record<string, Column>;
  /** The primary key. */
  key: string[];
  unique?: string[];
}
export interface Column {
  type: 'text' | 'integer';
  nullable: boolean;
}

const text = { type: 'text', nullable: false } as const;
const textOrNull = { type: 'text', nullable: true } as const;
const integer = { type: 'integer', nullable: false } as const;
const integerOrNull = { type: 'integer', nullable: true } as const;

const table = <const C extends Record<string, Column>>(
  name: string,
  columns: C,
  keys: { key: (keyof C & string)[]; unique?: (keyof C & string)[] },
) => ({ name, columns, ...keys });

/** A row of a table, as both databases give and take it. */
export type RowOf<T extends Table> = {
  [K in keyof T['columns']]: T['columns'][K] extends { type: 'text'; nullable: false }
    ? string
    : T['columns'][K] extends { type: 'integer'; nullable: false }
      ? number
      : T['columns'][K] extends { type: 'text' }
        ? string | null
        : number | null;
};

export const timeline = table(
  'timeline',
  {
    stream: text,
    seq: integer,
    type: text,
    at: integer,
    recorded_at: integer,
    actor: text,
    /** Hex. Null, like the body, once redacted. */
    salt: textOrNull,
    body: textOrNull,
    /** sha256(salt ‖ body), hex; stays when the body is erased. */
    body_digest: text,
    hash: text,
  },
  { key: ['stream', 'seq'] },
);

export const incidents = table(
  'incidents',
  {
    id: text,
    number: integerOrNull,
    status: text,
    severity: text,
    visibility: text,
    drill: integer,
    group_key: textOrNull,
    /** The group key while the incident is open: unique, so that two opened at once cannot both stand. */
    open_group_key: textOrNull,
    opened_at: integer,
    resolved_at: integerOrNull,
    ended_at: integerOrNull,
    seq: integer,
    head: text,
    /** The seq whose head the last checkpoint holds. */
    checkpoint_seq: integer,
    incident: text,
  },
  { key: ['id'], unique: ['number', 'open_group_key'] },
);

export const incidentPeople = table(
  'incident_people',
  { incident_id: text, person_id: text },
  { key: ['incident_id', 'person_id'] },
);

export const incidentChannels = table(
  'incident_channels',
  { platform: text, channel: text, incident_id: text },
  { key: ['platform', 'channel'] },
);

/** Heads of the streams that have no incident row. */
export const heads = table('heads', { stream: text, seq: integer, hash: text }, { key: ['stream'] });

export const episodes = table(
  'episodes',
  {
    id: text,
    source: text,
    fingerprint: text,
    incident_id: textOrNull,
    state: text,
    started_at: integer,
    group_key: text,
    episode: text,
  },
  { key: ['id'] },
);

export const jobs = table(
  'jobs',
  {
    key: text,
    lane: textOrNull,
    position: integer,
    due_at: integer,
    /** When a failed job may be tried again. */
    not_before: integerOrNull,
    revision: integer,
    fence: integer,
    leased_until: integerOrNull,
    /** waiting, quarantined, or dropped: no longer wanted, but somebody is carrying it out just now. */
    state: text,
    /** Times handed out. */
    leases: integer,
    /** Tries that count towards giving up. */
    spent: integer,
    kind: text,
    platform: textOrNull,
    incident_id: text,
    task: text,
    last_error: textOrNull,
  },
  { key: ['key'] },
);

export const platformPauses = table(
  'platform_pauses',
  { platform: text, until: integer, reason: text },
  { key: ['platform'] },
);

export const deliveries = table(
  'deliveries',
  { job_key: text, incident_id: text, platform: text, channel: text, message: text, at: integer },
  { key: ['job_key'] },
);

export const receipts = table(
  'receipts',
  { id: text, source: text, received_at: integer, outcomes: text },
  { key: ['id'] },
);

export const answers = table('answers', { id: text, at: integer, reply: text }, { key: ['id'] });

export const playbooks = table('playbooks', { hash: text, playbook_id: text, text }, { key: ['hash'] });

export const postmortems = table(
  'postmortems',
  { incident_id: text, version: integer, at: integer, markdown: text, sha256: text },
  { key: ['incident_id', 'version'] },
);

export const people = table('people', { person_id: text, name: text }, { key: ['person_id'] });

export const identities = table(
  'identities',
  { platform: text, external_id: text, person_id: text },
  { key: ['platform', 'external_id'] },
);

export const sourceFigures = table(
  'source_figures',
  { name: text, last_seen_at: integerOrNull, requests: integer, refused: integer, last_refusal: textOrNull },
  { key: ['name'] },
);

export const sourceOutcomes = table(
  'source_outcomes',
  { name: text, outcome: text, count: integer },
  { key: ['name', 'outcome'] },
);

/** `fence`: the number of the last lease. `pulse`: written to see whether the database can be written. */
const counters = table('counters', { name: text, value: integer }, { key: ['name'] });

export const tables: Table[] = [
  timeline,
  incidents,
  incidentPeople,
  incidentChannels,
  heads,
  episodes,
  jobs,
  platformPauses,
  deliveries,
  receipts,
  answers,
  playbooks,
  postmortems,
  people,
  identities,
  sourceFigures,
  sourceOutcomes,
  counters,
];
