-- What was changed lately on services: an incident that begins soon after says so.
CREATE TABLE changes (
  id TEXT PRIMARY KEY,
  at BIGINT NOT NULL,
  change TEXT NOT NULL
);
CREATE INDEX changes_at ON changes (at);
