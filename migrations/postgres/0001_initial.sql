CREATE TABLE timeline (
  stream TEXT NOT NULL,
  seq BIGINT NOT NULL,
  type TEXT NOT NULL,
  at BIGINT NOT NULL,
  recorded_at BIGINT NOT NULL,
  actor TEXT NOT NULL,
  salt TEXT,
  body TEXT,
  body_digest TEXT NOT NULL,
  hash TEXT NOT NULL,
  PRIMARY KEY (stream, seq)
);

CREATE TABLE incidents (
  id TEXT NOT NULL,
  number BIGINT UNIQUE,
  status TEXT NOT NULL,
  severity TEXT NOT NULL,
  visibility TEXT NOT NULL,
  drill BIGINT NOT NULL,
  group_key TEXT,
  open_group_key TEXT UNIQUE,
  opened_at BIGINT NOT NULL,
  resolved_at BIGINT,
  ended_at BIGINT,
  seq BIGINT NOT NULL,
  head TEXT NOT NULL,
  checkpoint_seq BIGINT NOT NULL,
  incident TEXT NOT NULL,
  PRIMARY KEY (id)
);

CREATE TABLE incident_people (
  incident_id TEXT NOT NULL REFERENCES incidents (id),
  person_id TEXT NOT NULL,
  PRIMARY KEY (incident_id, person_id)
);

CREATE TABLE incident_channels (
  platform TEXT NOT NULL,
  channel TEXT NOT NULL,
  incident_id TEXT NOT NULL REFERENCES incidents (id),
  PRIMARY KEY (platform, channel)
);

CREATE TABLE heads (
  stream TEXT NOT NULL,
  seq BIGINT NOT NULL,
  hash TEXT NOT NULL,
  PRIMARY KEY (stream)
);

CREATE TABLE episodes (
  id TEXT NOT NULL,
  source TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  incident_id TEXT,
  state TEXT NOT NULL,
  started_at BIGINT NOT NULL,
  group_key TEXT NOT NULL,
  episode TEXT NOT NULL,
  PRIMARY KEY (id)
);

CREATE TABLE jobs (
  key TEXT NOT NULL,
  lane TEXT,
  position BIGINT NOT NULL,
  due_at BIGINT NOT NULL,
  not_before BIGINT,
  revision BIGINT NOT NULL,
  fence BIGINT NOT NULL,
  leased_until BIGINT,
  state TEXT NOT NULL,
  leases BIGINT NOT NULL,
  spent BIGINT NOT NULL,
  kind TEXT NOT NULL,
  platform TEXT,
  incident_id TEXT NOT NULL,
  task TEXT NOT NULL,
  last_error TEXT,
  PRIMARY KEY (key)
);

CREATE TABLE platform_pauses (
  platform TEXT NOT NULL,
  until BIGINT NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY (platform)
);

CREATE TABLE deliveries (
  job_key TEXT NOT NULL,
  incident_id TEXT NOT NULL,
  platform TEXT NOT NULL,
  channel TEXT NOT NULL,
  message TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (job_key)
);

CREATE TABLE receipts (
  id TEXT NOT NULL,
  source TEXT NOT NULL,
  received_at BIGINT NOT NULL,
  outcomes TEXT NOT NULL,
  PRIMARY KEY (id)
);

CREATE TABLE answers (
  id TEXT NOT NULL,
  at BIGINT NOT NULL,
  reply TEXT NOT NULL,
  PRIMARY KEY (id)
);

CREATE TABLE playbooks (
  hash TEXT NOT NULL,
  playbook_id TEXT NOT NULL,
  text TEXT NOT NULL,
  PRIMARY KEY (hash)
);

CREATE TABLE postmortems (
  incident_id TEXT NOT NULL REFERENCES incidents (id),
  version BIGINT NOT NULL,
  at BIGINT NOT NULL,
  markdown TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  PRIMARY KEY (incident_id, version)
);

CREATE TABLE people (
  person_id TEXT NOT NULL,
  name TEXT NOT NULL,
  PRIMARY KEY (person_id)
);

CREATE TABLE identities (
  platform TEXT NOT NULL,
  external_id TEXT NOT NULL,
  person_id TEXT NOT NULL REFERENCES people (person_id),
  PRIMARY KEY (platform, external_id)
);

CREATE TABLE source_figures (
  name TEXT NOT NULL,
  last_seen_at BIGINT,
  requests BIGINT NOT NULL,
  refused BIGINT NOT NULL,
  last_refusal TEXT,
  PRIMARY KEY (name)
);

CREATE TABLE source_outcomes (
  name TEXT NOT NULL,
  outcome TEXT NOT NULL,
  count BIGINT NOT NULL,
  PRIMARY KEY (name, outcome)
);

CREATE TABLE counters (
  name TEXT NOT NULL,
  value BIGINT NOT NULL,
  PRIMARY KEY (name)
);

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
