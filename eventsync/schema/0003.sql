-- Step 3: delivery in runs of events. A run holds every number from `first_seq` to `last_seq`, and runs of one key share none.

-- What was put into a batch and has no recorded answer yet. Its bytes are frozen.
CREATE TABLE in_flight_runs (
  target_pk INTEGER NOT NULL REFERENCES delivery_targets (target_pk),
  first_seq INTEGER NOT NULL,
  last_seq  INTEGER NOT NULL CHECK (last_seq >= first_seq),
  batch_id  TEXT NOT NULL,
  leased_at TEXT NOT NULL,
  PRIMARY KEY (target_pk, first_seq)
) STRICT, WITHOUT ROWID;
INSERT INTO in_flight_runs
  SELECT target_pk, min(seq), max(seq), batch_id, min(leased_at)
  FROM (SELECT *, seq - row_number() OVER (PARTITION BY target_pk, batch_id ORDER BY seq) AS run FROM in_flight)
  GROUP BY target_pk, batch_id, run;

-- What each attempt said of the events that it decided.
CREATE TABLE attempt_runs (
  attempt_id INTEGER NOT NULL REFERENCES delivery_attempts (attempt_id),
  first_seq  INTEGER NOT NULL,
  last_seq   INTEGER NOT NULL CHECK (last_seq >= first_seq),
  outcome    TEXT NOT NULL,
  PRIMARY KEY (attempt_id, first_seq)
) STRICT, WITHOUT ROWID;
INSERT INTO attempt_runs
  SELECT attempt_id, min(seq), max(seq), outcome
  FROM (SELECT *, seq - row_number() OVER (PARTITION BY attempt_id, outcome ORDER BY seq) AS run FROM attempt_events)
  GROUP BY attempt_id, outcome, run;

-- Recording what a server said of an event is one insert: a trigger makes SQLite ready to undo each by itself, and a list of more
-- than two is a table that is built for each row. The ledger counts its new rows in a statement of its own, once an answer.
DROP TRIGGER ledger_counts_new;
DROP INDEX ledger_open;
CREATE INDEX ledger_open ON delivery_ledger (target_pk, seq) WHERE status BETWEEN 3 AND 5;
PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(sql, 'CHECK (status IN (1, 2, 3, 4, 5, 6))', 'CHECK (status BETWEEN 1 AND 6)')
WHERE type = 'table' AND name = 'delivery_ledger';
PRAGMA writable_schema = RESET;

-- The targets are few: who asks about an event at all of them asks at each, by the ledger's own key.
DROP INDEX ledger_by_event;
DROP TRIGGER journal_freezes_payload;
DROP TABLE in_flight;
DROP TABLE attempt_events;
ALTER TABLE in_flight_runs RENAME TO in_flight;
ALTER TABLE attempt_runs RENAME TO attempt_events;
CREATE TRIGGER journal_freezes_payload BEFORE UPDATE OF payload ON event_journal
WHEN NOT (length(NEW.payload) = 0 AND NEW.payload_purged_at IS NOT NULL)
 AND (EXISTS (SELECT 1 FROM delivery_targets t CROSS JOIN delivery_ledger l USING (target_pk)
              WHERE l.seq = OLD.seq AND (l.ever_delivered_at IS NOT NULL OR l.maybe_effective = 1))
      OR EXISTS (SELECT 1 FROM in_flight WHERE OLD.seq BETWEEN first_seq AND last_seq)
      OR OLD.payload_purged_at IS NOT NULL)
BEGIN
  SELECT RAISE(ABORT, 'the bytes of an event that a server may have are never changed');
END;

-- Events that wait for a reason are few, or the drain that finds them takes all of them.
CREATE INDEX journal_blocked ON event_journal (seq) WHERE drain_blocked_reason IS NOT NULL;

-- Up to `low_water_seq`, each live event of the project has a row in the ledger of this target that is settled in this epoch or
-- stands in `ledger_open`: who looks for open events reads that index, and the journal only behind the mark.
CREATE TABLE target_progress (
  target_pk     INTEGER NOT NULL REFERENCES delivery_targets (target_pk),
  project_uuid  TEXT NOT NULL,
  epoch         INTEGER NOT NULL,
  low_water_seq INTEGER NOT NULL,
  PRIMARY KEY (target_pk, project_uuid)
) STRICT, WITHOUT ROWID;
INSERT INTO target_progress
  SELECT t.target_pk, p.project_uuid, t.redrain_epoch, coalesce(
    (SELECT j.seq - 1 FROM event_journal j LEFT JOIN delivery_ledger l ON l.target_pk = t.target_pk AND l.seq = j.seq
     WHERE j.project_uuid = p.project_uuid AND j.archived_at IS NULL AND j.payload_purged_at IS NULL
       AND (l.status IS NULL OR (l.status <= 2 AND l.delivered_epoch < t.redrain_epoch))
     ORDER BY j.seq LIMIT 1), p.last_seq)
  FROM delivery_targets t
  CROSS JOIN (SELECT project_uuid, max(seq) AS last_seq FROM event_journal WHERE project_uuid IS NOT NULL GROUP BY 1) p;
