-- Where an incident lives, and whether it has to be elsewhere just now.
ALTER TABLE incidents ADD COLUMN home TEXT;
ALTER TABLE incidents ADD COLUMN away BIGINT NOT NULL DEFAULT 0;
UPDATE incidents SET home = incident::json -> 'policy' -> 'platforms' ->> 0;
CREATE INDEX incidents_home ON incidents (home, away) WHERE ended_at IS NULL OR away = 1;
