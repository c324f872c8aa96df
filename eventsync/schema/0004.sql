-- Step 4: capturing an event writes fewer pages, and looks at none that grows with what was captured before.

-- Most events have no key.
DROP INDEX journal_by_coalesce_key;
CREATE INDEX journal_by_coalesce_key ON event_journal (coalesce_key, created_at) WHERE coalesce_key IS NOT NULL;

-- A tier below the lowest is none.
UPDATE event_journal SET data_tier = 0 WHERE data_tier < 0;

-- Whether a row took up another event is asked of each that comes again.
CREATE INDEX collapsed_into ON coalesce_collapsed (into_event_id);

-- A trigger makes SQLite ready to undo each insert by itself, which took a fifth of a capture: the journal counts its
-- new rows in a statement of its own, once a transaction.
DROP TRIGGER journal_counts_new;

-- Two words of the table's definition change, none of its rows: SQLite builds a table for each row that it compares with a
-- list of more than two, and keeps the last number in a page of its own where rows could be deleted, which these cannot.
PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(replace(sql, 'PRIMARY KEY AUTOINCREMENT', 'PRIMARY KEY'),
  'CHECK (drain_blocked_reason IN (''saas_disabled'', ''missing_auth'', ''missing_team'',
                                   ''private_teamspace_gate'', ''daemon_lock'', ''network_unavailable''))',
  'CHECK (drain_blocked_reason = ''saas_disabled'' OR drain_blocked_reason = ''missing_auth''
          OR drain_blocked_reason = ''missing_team'' OR drain_blocked_reason = ''private_teamspace_gate''
          OR drain_blocked_reason = ''daemon_lock'' OR drain_blocked_reason = ''network_unavailable'')')
WHERE type = 'table' AND name = 'event_journal';
PRAGMA writable_schema = RESET;
DELETE FROM sqlite_sequence;
