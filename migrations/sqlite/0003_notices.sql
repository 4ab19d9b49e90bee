CREATE TABLE notices (
  incident_id TEXT NOT NULL,
  seq INTEGER NOT NULL,
  at INTEGER NOT NULL,
  notice TEXT NOT NULL,
  PRIMARY KEY (incident_id, seq)
) STRICT;
CREATE INDEX notices_at ON notices (at);
