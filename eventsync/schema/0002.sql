-- Step 2: what was taken over from the queues of older programs. A source is named by the digest in its file's name, or `legacy`.

-- Where an event was found, each time with the hash of what its payload says. `target_id` is `known:` or `unknown:` and the source.
CREATE TABLE migration_provenance (
  event_id      TEXT NOT NULL,
  source_digest TEXT NOT NULL,
  target_id     TEXT NOT NULL,
  payload_sha   TEXT NOT NULL,
  recorded_at   TEXT NOT NULL,
  PRIMARY KEY (event_id, source_digest)
) STRICT, WITHOUT ROWID;

-- Events of which a source has another payload than the journal, until somebody decides.
CREATE TABLE migration_conflicts (
  event_id      TEXT NOT NULL,
  source_digest TEXT NOT NULL,
  existing_sha  TEXT NOT NULL,
  incoming_sha  TEXT NOT NULL,
  detail        TEXT NOT NULL,
  recorded_at   TEXT NOT NULL,
  PRIMARY KEY (event_id, source_digest)
) STRICT, WITHOUT ROWID;

-- The payloads that lost, or may. The hash belongs to the key: a payload that was put here is never written over.
CREATE TABLE quarantined_conflicts (
  event_id      TEXT NOT NULL,
  source_digest TEXT NOT NULL,
  payload       BLOB NOT NULL,
  existing_sha  TEXT NOT NULL,
  incoming_sha  TEXT NOT NULL,
  resolved_at   TEXT,
  PRIMARY KEY (event_id, source_digest, incoming_sha)
) STRICT;

-- What became of each source. Rows of a source that came after `max_id` were put there by a program that still writes to it.
CREATE TABLE migration_sources (
  digest       TEXT PRIMARY KEY,
  status       TEXT NOT NULL CHECK (status IN ('imported', 'already_imported', 'conflict', 'error')),
  imported     INTEGER NOT NULL DEFAULT 0,
  deduped      INTEGER NOT NULL DEFAULT 0,
  conflicts    INTEGER NOT NULL DEFAULT 0,
  error        TEXT,
  completed_at TEXT,
  row_count    INTEGER,
  max_id       INTEGER
) STRICT, WITHOUT ROWID;
