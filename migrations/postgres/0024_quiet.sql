-- What people keep quiet for a while, from chat.
CREATE TABLE silences (
  number BIGINT NOT NULL,
  kind TEXT NOT NULL,
  what TEXT NOT NULL,
  because TEXT NOT NULL,
  set_by TEXT NOT NULL,
  set_at BIGINT NOT NULL,
  from_at BIGINT NOT NULL,
  until_at BIGINT NOT NULL,
  incident_id TEXT,
  ended_at BIGINT,
  warned_until BIGINT,
  PRIMARY KEY (number)
);
CREATE INDEX silences_standing ON silences (number) WHERE ended_at IS NULL;

-- What keeps an episode quiet that fires.
ALTER TABLE episodes ADD COLUMN held_by TEXT;
CREATE INDEX episodes_held_by ON episodes (held_by) WHERE held_by IS NOT NULL;

-- How many requests of a source were taken in each hour of the last days, and since when it is silent against that.
CREATE TABLE source_hours (
  name TEXT NOT NULL,
  at BIGINT NOT NULL,
  requests BIGINT NOT NULL,
  PRIMARY KEY (name, at)
);
ALTER TABLE source_figures ADD COLUMN silent_since BIGINT;
