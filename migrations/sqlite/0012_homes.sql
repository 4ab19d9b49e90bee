-- Where an incident lives, and whether it has to be elsewhere just now.
ALTER TABLE incidents ADD COLUMN home TEXT;
ALTER TABLE incidents ADD COLUMN away INTEGER NOT NULL DEFAULT 0;
UPDATE incidents SET home = json_extract(incident, '$.policy.platforms[0]');
CREATE INDEX incidents_home ON incidents (home, away) WHERE ended_at IS NULL OR away = 1;
