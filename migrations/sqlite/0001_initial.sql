CREATE TABLE timeline (
  stream TEXT NOT NULL,
  seq INTEGER NOT NULL,
  type TEXT NOT NULL,
  at INTEGER NOT NULL,
  recorded_at INTEGER NOT NULL,
  actor TEXT NOT NULL,
  salt TEXT,
  body TEXT,
  body_digest TEXT NOT NULL,
  hash TEXT NOT NULL,
  PRIMARY KEY (stream, seq)
) STRICT;

CREATE TABLE incidents (
  id TEXT NOT NULL,
  number INTEGER UNIQUE,
  status TEXT NOT NULL,
  severity TEXT NOT NULL,
  visibility TEXT NOT NULL,
  drill INTEGER NOT NULL,
  group_key TEXT,
  open_group_key TEXT UNIQUE,
  opened_at INTEGER NOT NULL,
  resolved_at INTEGER,
  ended_at INTEGER,
  seq INTEGER NOT NULL,
  head TEXT NOT NULL,
  checkpoint_seq INTEGER NOT NULL,
  incident TEXT NOT NULL,
  PRIMARY KEY (id)
) STRICT;

CREATE TABLE incident_people (
  incident_id TEXT NOT NULL REFERENCES incidents (id),
  person_id TEXT NOT NULL,
  PRIMARY KEY (incident_id, person_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE incident_channels (
  platform TEXT NOT NULL,
  channel TEXT NOT NULL,
  incident_id TEXT NOT NULL REFERENCES incidents (id),
  PRIMARY KEY (platform, channel)
) STRICT, WITHOUT ROWID;

CREATE TABLE heads (
  stream TEXT NOT NULL,
  seq INTEGER NOT NULL,
  hash TEXT NOT NULL,
  PRIMARY KEY (stream)
) STRICT, WITHOUT ROWID;

CREATE TABLE episodes (
  id TEXT NOT NULL,
  source TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  incident_id TEXT,
  state TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  group_key TEXT NOT NULL,
  episode TEXT NOT NULL,
  PRIMARY KEY (id)
) STRICT;

CREATE TABLE jobs (
  key TEXT NOT NULL,
  lane TEXT,
  position INTEGER NOT NULL,
  due_at INTEGER NOT NULL,
  not_before INTEGER,
  revision INTEGER NOT NULL,
  fence INTEGER NOT NULL,
  leased_until INTEGER,
  state TEXT NOT NULL,
  leases INTEGER NOT NULL,
  spent INTEGER NOT NULL,
  kind TEXT NOT NULL,
  platform TEXT,
  incident_id TEXT NOT NULL,
  task TEXT NOT NULL,
  last_error TEXT,
  PRIMARY KEY (key)
) STRICT;

CREATE TABLE platform_pauses (
  platform TEXT NOT NULL,
  until INTEGER NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY (platform)
) STRICT, WITHOUT ROWID;

CREATE TABLE deliveries (
  job_key TEXT NOT NULL,
  incident_id TEXT NOT NULL,
  platform TEXT NOT NULL,
  channel TEXT NOT NULL,
  message TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (job_key)
) STRICT;

CREATE TABLE receipts (
  id TEXT NOT NULL,
  source TEXT NOT NULL,
  received_at INTEGER NOT NULL,
  outcomes TEXT NOT NULL,
  PRIMARY KEY (id)
) STRICT, WITHOUT ROWID;

CREATE TABLE answers (
  id TEXT NOT NULL,
  at INTEGER NOT NULL,
  reply TEXT NOT NULL,
  PRIMARY KEY (id)
) STRICT;

CREATE TABLE playbooks (
  hash TEXT NOT NULL,
  playbook_id TEXT NOT NULL,
  text TEXT NOT NULL,
  PRIMARY KEY (hash)
) STRICT;

CREATE TABLE postmortems (
  incident_id TEXT NOT NULL REFERENCES incidents (id),
  version INTEGER NOT NULL,
  at INTEGER NOT NULL,
  markdown TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  PRIMARY KEY (incident_id, version)
) STRICT;

CREATE TABLE people (
  person_id TEXT NOT NULL,
  name TEXT NOT NULL,
  PRIMARY KEY (person_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE identities (
  platform TEXT NOT NULL,
  external_id TEXT NOT NULL,
  person_id TEXT NOT NULL REFERENCES people (person_id),
  PRIMARY KEY (platform, external_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE source_figures (
  name TEXT NOT NULL,
  last_seen_at INTEGER,
  requests INTEGER NOT NULL,
  refused INTEGER NOT NULL,
  last_refusal TEXT,
  PRIMARY KEY (name)
) STRICT;

CREATE TABLE source_outcomes (
  name TEXT NOT NULL,
  outcome TEXT NOT NULL,
  count INTEGER NOT NULL,
  PRIMARY KEY (name, outcome)
) STRICT, WITHOUT ROWID;

CREATE TABLE counters (
  name TEXT NOT NULL,
  value INTEGER NOT NULL,
  PRIMARY KEY (name)
) STRICT, WITHOUT ROWID;

-- What the next checkpoint takes.
CREATE INDEX incidents_unchecked ON incidents (id) WHERE seq <> checkpoint_seq;
CREATE INDEX incidents_ended ON incidents (group_key, ended_at);
CREATE INDEX incidents_status ON incidents (status, number);
CREATE INDEX incident_people_person ON incident_people (person_id, incident_id);
CREATE INDEX incident_channels_incident ON incident_channels (incident_id);
CREATE INDEX episodes_fingerprint ON episodes (source, fingerprint, started_at);
CREATE INDEX episodes_incident ON episodes (incident_id, started_at) WHERE incident_id IS NOT NULL;
CREATE INDEX jobs_due ON jobs (state, due_at);
CREATE INDEX jobs_in_hand ON jobs (leased_until) WHERE leased_until IS NOT NULL;

INSERT INTO counters (name, value) VALUES ('fence', 0), ('pulse', 0);
