-- What a chat adapter remembers, such as how far it has read.
CREATE TABLE chat_marks (
  platform TEXT NOT NULL,
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (platform, name)
) STRICT;

-- What a platform calls a person.
CREATE INDEX identities_person ON identities (person_id, platform);
