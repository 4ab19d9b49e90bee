-- What people keep quiet for a while, from chat.
CREATE TABLE silences (
  number INTEGER NOT NULL,
  kind TEXT NOT NULL,
  what TEXT NOT NULL,
  because TEXT NOT NULL,
  set_by TEXT NOT NULL,
  set_at INTEGER NOT NULL,
  from_at INTEGER NOT NULL,
  until_at INTEGER NOT NULL,
  incident_id TEXT,
  ended_at INTEGER,
  warned_until INTEGER,
  PRIMARY KEY (number)
) STRICT;
CREATE INDEX silences_standing ON silences (number) WHERE ended_at IS NULL;

-- What keeps an episode quiet that fires.
ALTER TABLE episodes ADD COLUMN held_by TEXT;
CREATE INDEX episodes_held_by ON episodes (held_by) WHERE held_by IS NOT NULL;

-- How many requests of a source were taken in each hour of the last days, and since when it is silent against that.
CREATE TABLE source_hours (
  name TEXT NOT NULL,
  at INTEGER NOT NULL,
  requests INTEGER NOT NULL,
  PRIMARY KEY (name, at)
) STRICT;
ALTER TABLE source_figures ADD COLUMN silent_since INTEGER;
