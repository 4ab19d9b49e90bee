-- What a person gets by mail. `about`: everything, a service or an incident. One that has ended stays, so that it is not made again for them.
CREATE TABLE subscriptions (
  person_id TEXT NOT NULL,
  about TEXT NOT NULL,
  link TEXT NOT NULL UNIQUE,
  since INTEGER NOT NULL,
  ended_at INTEGER,
  PRIMARY KEY (person_id, about)
) STRICT;

-- 1: a person published it, for everybody.
ALTER TABLE notices ADD COLUMN everybody INTEGER NOT NULL DEFAULT 0;
CREATE INDEX notices_everybody ON notices (everybody, at);
