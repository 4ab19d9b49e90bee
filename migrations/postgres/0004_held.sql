-- 1: waited when this database was restored, and is not carried out before somebody says so.
ALTER TABLE jobs ADD COLUMN held BIGINT NOT NULL DEFAULT 0;
CREATE INDEX jobs_held ON jobs (held) WHERE held = 1;
