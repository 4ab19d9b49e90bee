CREATE TABLE notices (
  incident_id TEXT NOT NULL,
  seq BIGINT NOT NULL,
  at BIGINT NOT NULL,
  notice TEXT NOT NULL,
  PRIMARY KEY (incident_id, seq)
);
CREATE INDEX notices_at ON notices (at);
