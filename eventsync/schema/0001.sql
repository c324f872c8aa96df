-- Step 1 of the store: sync.db. Steps are only ever added; `user_version` is the number of the last one that was taken.

-- Every event that was captured, in the order of capture. Nothing here says where it was delivered.
CREATE TABLE event_journal (
  seq                  INTEGER PRIMARY KEY AUTOINCREMENT,
  event_id             TEXT NOT NULL UNIQUE,
  event_type           TEXT NOT NULL,
  occurred_at          TEXT NOT NULL,
  created_at           TEXT NOT NULL,
  coalesce_key         TEXT,
  archived_at          TEXT,
  drain_blocked_reason TEXT CHECK (drain_blocked_reason IN ('saas_disabled', 'missing_auth', 'missing_team',
                                   'private_teamspace_gate', 'daemon_lock', 'network_unavailable')),
  project_uuid         TEXT,
  project_slug         TEXT,
  repo_slug            TEXT,
  producer_scope       TEXT NOT NULL,
  family_class         TEXT NOT NULL,
  data_tier            INTEGER NOT NULL DEFAULT 0,
  payload_sha256       BLOB NOT NULL CHECK (length(payload_sha256) = 32),
  payload_size         INTEGER NOT NULL,
  canonical_sha256     BLOB,
  validation_error     TEXT,
  oversize             INTEGER NOT NULL DEFAULT 0,
  payload_purged_at    TEXT,
  payload              BLOB NOT NULL
) STRICT;
CREATE INDEX journal_by_coalesce_key ON event_journal (coalesce_key, created_at);
CREATE INDEX journal_by_event_type   ON event_journal (event_type, created_at);
CREATE INDEX journal_by_project      ON event_journal (project_uuid, seq);
CREATE INDEX journal_live            ON event_journal (seq) WHERE archived_at IS NULL AND payload_purged_at IS NULL;

CREATE TABLE coalesce_superseded (
  superseded_event_id    TEXT NOT NULL,
  superseded_by_event_id TEXT NOT NULL,
  coalesce_key           TEXT NOT NULL,
  at                     TEXT NOT NULL,
  PRIMARY KEY (superseded_event_id, superseded_by_event_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE coalesce_collapsed (event_id TEXT PRIMARY KEY, into_event_id TEXT NOT NULL, at TEXT NOT NULL)
  STRICT, WITHOUT ROWID;
CREATE TABLE capture_divergence (event_id TEXT NOT NULL, incoming_sha256 BLOB NOT NULL, at TEXT NOT NULL) STRICT;

-- Servers that events were sent to, or may be. Rows stay forever.
CREATE TABLE delivery_targets (
  target_pk          INTEGER PRIMARY KEY,
  target_id          TEXT NOT NULL UNIQUE,
  kind               TEXT NOT NULL CHECK (kind IN ('teamspace', 'external', 'stub')),
  canonical_url      TEXT NOT NULL,
  url_hash           TEXT NOT NULL,
  team_slug          TEXT NOT NULL,
  user_email         TEXT NOT NULL,
  server_instance_id TEXT,
  deployment_id      TEXT,
  environment_name   TEXT,
  git_sha            TEXT,
  first_seen_at      TEXT NOT NULL,
  last_seen_at       TEXT NOT NULL,
  redrain_epoch      INTEGER NOT NULL DEFAULT 0,
  retired_at         TEXT,
  reset_signal_json  TEXT,
  UNIQUE (url_hash, team_slug, user_email)
) STRICT;

-- One row for an event and a target: 1 success, 2 duplicate, 3 pending, 4 rejected, 5 failed_transient, 6 terminal_failed.
CREATE TABLE delivery_ledger (
  target_pk            INTEGER NOT NULL REFERENCES delivery_targets (target_pk),
  seq                  INTEGER NOT NULL REFERENCES event_journal (seq),
  status               INTEGER NOT NULL CHECK (status IN (1, 2, 3, 4, 5, 6)),
  attempt_count        INTEGER NOT NULL DEFAULT 0,
  first_attempted_at   TEXT,
  last_attempted_at    TEXT,
  accepted_at          TEXT,
  completed_at         TEXT,
  server_drain_state   TEXT,
  last_http_status     INTEGER,
  last_error           TEXT,
  last_response_json   TEXT,
  rejection_count      INTEGER NOT NULL DEFAULT 0,
  last_rejection_error TEXT,
  error_category       TEXT,
  ever_delivered_at    TEXT,
  delivered_epoch      INTEGER,
  maybe_effective      INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (target_pk, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX ledger_by_status ON delivery_ledger (target_pk, status);
CREATE INDEX ledger_by_event  ON delivery_ledger (seq);
CREATE INDEX ledger_open      ON delivery_ledger (target_pk, seq) WHERE status IN (3, 4, 5);

CREATE VIEW delivery_ledger_view AS
  SELECT j.event_id, t.target_id,
         CASE l.status WHEN 1 THEN 'success' WHEN 2 THEN 'duplicate' WHEN 3 THEN 'pending' WHEN 4 THEN 'rejected'
                       WHEN 5 THEN 'failed_transient' WHEN 6 THEN 'terminal_failed' END AS status_text,
         l.*
  FROM delivery_ledger l JOIN event_journal j USING (seq) JOIN delivery_targets t USING (target_pk);

CREATE TABLE delivery_attempts (
  attempt_id          INTEGER PRIMARY KEY,
  target_pk           INTEGER NOT NULL REFERENCES delivery_targets (target_pk),
  batch_id            TEXT NOT NULL,
  started_at          TEXT NOT NULL,
  finished_at         TEXT NOT NULL,
  http_status         INTEGER,
  outcome_counts_json TEXT NOT NULL,
  request_bytes       INTEGER NOT NULL,
  effect_certainty    TEXT NOT NULL
) STRICT;
CREATE TABLE attempt_events (
  attempt_id INTEGER NOT NULL REFERENCES delivery_attempts (attempt_id),
  seq        INTEGER NOT NULL,
  outcome    TEXT NOT NULL,
  PRIMARY KEY (attempt_id, seq)
) STRICT, WITHOUT ROWID;

-- What was put into a batch and has no recorded answer yet. Its bytes are frozen.
CREATE TABLE in_flight (
  target_pk INTEGER NOT NULL REFERENCES delivery_targets (target_pk),
  seq       INTEGER NOT NULL REFERENCES event_journal (seq),
  batch_id  TEXT NOT NULL,
  leased_at TEXT NOT NULL,
  PRIMARY KEY (target_pk, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX in_flight_by_event ON in_flight (seq);
CREATE TABLE dispatch_lease (
  target_pk     INTEGER PRIMARY KEY REFERENCES delivery_targets (target_pk),
  pid           INTEGER NOT NULL,
  owner_json    TEXT NOT NULL,
  heartbeat_at  TEXT NOT NULL,
  batch_id      TEXT
) STRICT;

CREATE TABLE project_consent (
  project_uuid TEXT PRIMARY KEY,
  state        TEXT NOT NULL CHECK (state IN ('granted', 'revoked')),
  actor        TEXT NOT NULL,
  changed_at   TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Counts that `status` shows, kept by triggers in the transaction that changes what they count.
CREATE TABLE journal_totals (
  id             INTEGER PRIMARY KEY CHECK (id = 1),
  live_events    INTEGER NOT NULL,
  live_bytes     INTEGER NOT NULL,
  archived       INTEGER NOT NULL,
  purged         INTEGER NOT NULL
) STRICT;
INSERT INTO journal_totals VALUES (1, 0, 0, 0, 0);
-- A delivered row counts only while it was delivered in the target's present epoch.
CREATE TABLE status_counters (
  target_pk INTEGER NOT NULL,
  status    INTEGER NOT NULL,
  n         INTEGER NOT NULL,
  PRIMARY KEY (target_pk, status)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER journal_counts_new AFTER INSERT ON event_journal BEGIN
  UPDATE journal_totals SET live_events = live_events + (NEW.archived_at IS NULL AND NEW.payload_purged_at IS NULL),
    live_bytes = live_bytes + iif(NEW.archived_at IS NULL AND NEW.payload_purged_at IS NULL, NEW.payload_size, 0),
    archived = archived + (NEW.archived_at IS NOT NULL), purged = purged + (NEW.payload_purged_at IS NOT NULL);
END;
CREATE TRIGGER journal_counts_change AFTER UPDATE OF archived_at, payload_purged_at, payload_size ON event_journal BEGIN
  UPDATE journal_totals SET
    live_events = live_events + (NEW.archived_at IS NULL AND NEW.payload_purged_at IS NULL)
                              - (OLD.archived_at IS NULL AND OLD.payload_purged_at IS NULL),
    live_bytes = live_bytes + iif(NEW.archived_at IS NULL AND NEW.payload_purged_at IS NULL, NEW.payload_size, 0)
                            - iif(OLD.archived_at IS NULL AND OLD.payload_purged_at IS NULL, OLD.payload_size, 0),
    archived = archived + (NEW.archived_at IS NOT NULL) - (OLD.archived_at IS NOT NULL),
    purged = purged + (NEW.payload_purged_at IS NOT NULL) - (OLD.payload_purged_at IS NOT NULL);
END;
CREATE TRIGGER ledger_counts_new AFTER INSERT ON delivery_ledger BEGIN
  INSERT INTO status_counters VALUES (NEW.target_pk, NEW.status, 1)
    ON CONFLICT (target_pk, status) DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER ledger_counts_change AFTER UPDATE OF status, delivered_epoch ON delivery_ledger BEGIN
  UPDATE status_counters SET n = n - 1
    WHERE target_pk = OLD.target_pk AND status = OLD.status
      AND (OLD.status > 2 OR OLD.delivered_epoch = (SELECT redrain_epoch FROM delivery_targets WHERE target_pk = OLD.target_pk));
  INSERT INTO status_counters
    SELECT NEW.target_pk, NEW.status, 1
    WHERE NEW.status > 2 OR NEW.delivered_epoch = (SELECT redrain_epoch FROM delivery_targets WHERE target_pk = NEW.target_pk)
    ON CONFLICT (target_pk, status) DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER redrain_counts AFTER UPDATE OF redrain_epoch ON delivery_targets WHEN NEW.redrain_epoch <> OLD.redrain_epoch BEGIN
  UPDATE status_counters SET n = 0 WHERE target_pk = NEW.target_pk AND status IN (1, 2);
END;

-- What always holds, whoever writes.
CREATE TRIGGER journal_keeps_rows BEFORE DELETE ON event_journal BEGIN
  SELECT RAISE(ABORT, 'events are never deleted');
END;
CREATE TRIGGER journal_keeps_ids BEFORE UPDATE OF event_id ON event_journal WHEN NEW.event_id <> OLD.event_id BEGIN
  SELECT RAISE(ABORT, 'the id of an event never changes');
END;
CREATE TRIGGER journal_freezes_payload BEFORE UPDATE OF payload ON event_journal
WHEN NOT (length(NEW.payload) = 0 AND NEW.payload_purged_at IS NOT NULL)
 AND (EXISTS (SELECT 1 FROM delivery_ledger WHERE seq = OLD.seq AND (ever_delivered_at IS NOT NULL OR maybe_effective = 1))
      OR EXISTS (SELECT 1 FROM in_flight WHERE seq = OLD.seq)
      OR OLD.payload_purged_at IS NOT NULL)
BEGIN
  SELECT RAISE(ABORT, 'the bytes of an event that a server may have are never changed');
END;
CREATE TRIGGER ledger_keeps_rows BEFORE DELETE ON delivery_ledger BEGIN
  SELECT RAISE(ABORT, 'the ledger keeps its rows');
END;
CREATE TRIGGER ledger_keeps_success BEFORE UPDATE OF status ON delivery_ledger
WHEN OLD.status IN (1, 2) AND NEW.status NOT IN (1, 2) BEGIN
  SELECT RAISE(ABORT, 'a delivered event stays delivered');
END;
