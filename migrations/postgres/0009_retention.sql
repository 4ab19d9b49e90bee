-- When an alert was last heard of, by our own clock.
ALTER TABLE episodes ADD COLUMN last_seen_at BIGINT NOT NULL DEFAULT 0;
UPDATE episodes SET last_seen_at = coalesce((episode::json->>'lastSeenAt')::bigint, started_at);

-- What is oldest, for what is not kept for ever.
CREATE INDEX answers_at ON answers (at);
CREATE INDEX receipts_received ON receipts (received_at);
CREATE INDEX deliveries_at ON deliveries (at);
CREATE INDEX episodes_last_seen ON episodes (last_seen_at);

-- A few days of sizes, from which it is told when the disk will be full.
CREATE TABLE disk_samples (
  at BIGINT NOT NULL,
  data_bytes BIGINT NOT NULL,
  free_bytes BIGINT,
  PRIMARY KEY (at)
);
