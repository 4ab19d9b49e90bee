-- Lower case; nobody shares one.
ALTER TABLE people ADD COLUMN email TEXT;
-- Since when somebody has left; their name stays for the timelines.
ALTER TABLE people ADD COLUMN gone_at INTEGER;
CREATE UNIQUE INDEX people_email ON people (email) WHERE email IS NOT NULL;

-- Secrets are kept as their sha256 only.
CREATE TABLE sessions (
  digest TEXT NOT NULL,
  person_id TEXT NOT NULL,
  how TEXT NOT NULL,
  token_id TEXT,
  started_at INTEGER NOT NULL,
  seen_at INTEGER NOT NULL,
  PRIMARY KEY (digest)
) STRICT, WITHOUT ROWID;

CREATE TABLE tokens (
  id TEXT NOT NULL,
  digest TEXT NOT NULL UNIQUE,
  person_id TEXT NOT NULL,
  name TEXT NOT NULL,
  act_as INTEGER NOT NULL,
  issued_at INTEGER NOT NULL,
  expires_at INTEGER,
  revoked_at INTEGER,
  PRIMARY KEY (id)
) STRICT, WITHOUT ROWID;

CREATE TABLE links (
  digest TEXT NOT NULL,
  person_id TEXT NOT NULL,
  leads_to TEXT NOT NULL,
  expires_at INTEGER NOT NULL,
  PRIMARY KEY (digest)
) STRICT, WITHOUT ROWID;

CREATE INDEX sessions_person ON sessions (person_id);
CREATE INDEX tokens_person ON tokens (person_id);
