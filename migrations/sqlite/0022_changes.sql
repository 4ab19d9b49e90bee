-- What was changed lately on services: an incident that begins soon after says so.
CREATE TABLE changes (
  id TEXT PRIMARY KEY,
  at INTEGER NOT NULL,
  change TEXT NOT NULL
) STRICT;
CREATE INDEX changes_at ON changes (at);
