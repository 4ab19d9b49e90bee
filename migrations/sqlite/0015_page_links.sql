-- Links by which people who were called acknowledge; one works until it is over.
CREATE TABLE page_links (
  digest TEXT NOT NULL,
  person_id TEXT NOT NULL,
  incident_id TEXT NOT NULL,
  expires_at INTEGER NOT NULL,
  PRIMARY KEY (digest)
) STRICT, WITHOUT ROWID;
CREATE INDEX page_links_expiry ON page_links (expires_at);
