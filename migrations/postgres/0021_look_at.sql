-- When an episode that fires has to be looked at although nobody reports it: it is kept quiet until then, or ends by itself.
ALTER TABLE episodes ADD COLUMN look_at BIGINT;
CREATE INDEX episodes_look_at ON episodes (look_at) WHERE look_at IS NOT NULL;
