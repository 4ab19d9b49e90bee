-- Alerts are found by a number made of their source and fingerprint: an index of numbers is a third as large, and every
-- new alert dirties a page of it.
ALTER TABLE episodes ADD COLUMN alert_key INTEGER NOT NULL DEFAULT 0;
UPDATE episodes SET alert_key = (
  WITH RECURSIVE step (at, value, said) AS (
    SELECT 0, 0, source || char(10) || fingerprint
    UNION ALL
    SELECT at + 1, (value * 31 + unicode(substr(said, at + 1, 1))) % 2147483647, said FROM step WHERE at < length(said)
  )
  SELECT value FROM step ORDER BY at DESC LIMIT 1
);
DROP INDEX episodes_fingerprint;
CREATE INDEX episodes_alert ON episodes (alert_key, started_at);
