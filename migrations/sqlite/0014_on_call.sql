-- Calendars of schedules as they were last read, so that a copy is there when one cannot be reached.
CREATE TABLE rosters (
  schedule TEXT NOT NULL,
  source TEXT NOT NULL,
  etag TEXT,
  modified TEXT,
  read_at INTEGER,
  covers_until INTEGER NOT NULL,
  times TEXT NOT NULL,
  notes TEXT NOT NULL,
  tried_at INTEGER NOT NULL,
  failing_since INTEGER,
  failures INTEGER NOT NULL,
  error TEXT,
  told INTEGER NOT NULL,
  PRIMARY KEY (schedule)
) STRICT;

-- One person instead of whoever is planned.
CREATE TABLE on_call_overrides (
  id TEXT NOT NULL,
  schedule TEXT NOT NULL,
  person_id TEXT NOT NULL,
  from_at INTEGER NOT NULL,
  until_at INTEGER NOT NULL,
  set_by TEXT NOT NULL,
  set_at INTEGER NOT NULL,
  dropped_at INTEGER,
  PRIMARY KEY (id)
) STRICT;
CREATE INDEX on_call_overrides_until ON on_call_overrides (until_at);
