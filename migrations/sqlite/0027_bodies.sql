-- Requests with alerts as they came, secrets hidden: to read them again by other rules. `id` is the receipt's.
CREATE TABLE bodies (
  id TEXT PRIMARY KEY,
  source TEXT NOT NULL,
  received_at INTEGER NOT NULL,
  request TEXT NOT NULL
) STRICT;
CREATE INDEX bodies_source ON bodies (source, received_at);
CREATE INDEX bodies_received ON bodies (received_at);
