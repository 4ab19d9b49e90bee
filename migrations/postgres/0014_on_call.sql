-- Calendars of schedules as they were last read, so that a copy is there when one cannot be reached.
CREATE TABLE rosters (
  schedule TEXT NOT NULL,
  source TEXT NOT NULL,
  etag TEXT,
  modified TEXT,
  read_at BIGINT,
  covers_until BIGINT NOT NULL,
  times TEXT NOT NULL,
  notes TEXT NOT NULL,
  tried_at BIGINT NOT NULL,
  failing_since BIGINT,
  failures BIGINT NOT NULL,
  error TEXT,
  told BIGINT NOT NULL,
  PRIMARY KEY (schedule)
);

-- One person instead of whoever is planned.
CREATE TABLE on_call_overrides (
  id TEXT NOT NULL,
  schedule TEXT NOT NULL,
  person_id TEXT NOT NULL,
  from_at BIGINT NOT NULL,
  until_at BIGINT NOT NULL,
  set_by TEXT NOT NULL,
  set_at BIGINT NOT NULL,
  dropped_at BIGINT,
  PRIMARY KEY (id)
);
CREATE INDEX on_call_overrides_until ON on_call_overrides (until_at);
