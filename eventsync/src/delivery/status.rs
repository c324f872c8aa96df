//! The store and what the run resolved enter; one object that says where everything stands leaves. Nothing is written.

use std::path::Path;

use rusqlite::{Connection, OptionalExtension};
use serde_json::{Value, json};

use super::dispatcher::{self, Holder};
use super::ledger::Account;
use super::retention::{self, RetentionError};
use super::targets::{self, Target, TargetIdentity};
use super::{Dispute, MigrationView, QueueState};
use crate::generated::{Id, Mode, OverrideMode, ResolvedSyncTarget, Text};
use crate::journal;
use crate::store::clock;

/// Parked events beyond these are counted and not listed.
const MOST_LISTED: usize = 100;

/// Why there is no status.
#[derive(Debug, thiserror::Error)]
pub enum StatusError {
    /// The counts cannot be read.
    #[error(transparent)]
    Retention(#[from] RetentionError),
    /// The journal cannot be read.
    #[error(transparent)]
    Journal(#[from] journal::JournalError),
    /// The targets cannot be read.
    #[error(transparent)]
    Targets(#[from] targets::TargetsError),
    /// Older stores cannot be looked for.
    #[error("{path}: {source}")]
    Queues {
        /// Where they would be.
        path: std::path::PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// Who drains cannot be told.
    #[error(transparent)]
    Dispatch(#[from] dispatcher::DispatchError),
}

impl From<rusqlite::Error> for StatusError {
    fn from(error: rusqlite::Error) -> Self {
        StatusError::Retention(error.into())
    }
}

/// What a run knows before it looks into the store.
pub struct Known<'a> {
    /// The folder of everything.
    pub root: &'a Path,
    /// The server.
    pub target: &'a ResolvedSyncTarget,
    /// The target of now, if the mode has one.
    pub identity: Option<&'a TargetIdentity>,
    /// What is kept and where it goes.
    pub mode: Mode,
    /// Events of a lower tier stay here.
    pub min_data_tier: i64,
    /// Whether events are to go to the hosted service, and nobody is logged in.
    pub lacks_identity: bool,
    /// What a migration left.
    pub migration: &'a dyn MigrationView,
    /// What else there is to say.
    pub diagnostics: Vec<String>,
}

/// What there is to look into.
pub enum Store<'a> {
    /// Nobody made a store yet: everything is zero.
    Nothing,
    /// A store.
    There(&'a Connection),
    /// A store that cannot be read: nothing is known.
    Unavailable,
}

/// This program as status shows it.
pub fn foreground(target: &ResolvedSyncTarget) -> Value {
    let executable = std::env::current_exe().ok().map(|path| path.display().to_string());
    let who = target.team_slug().map(Text::as_str).or(target.user_id().map(Id::as_str));
    json!({"package_version": env!("CARGO_PKG_VERSION"), "executable_path": executable, "source_path": null,
        "server_url": target.resolved_server_url().as_str(), "team_or_user": who,
        "queue_db_path": target.queue_db_path().as_str(), "pid": std::process::id()})
}

/// Where everything stands, as the contract `delivery_report` has it.
pub fn report(known: &Known<'_>, store: &Store<'_>) -> Result<Value, StatusError> {
    let seen = match store {
        Store::There(connection) => Some(Seen::read(known, connection)?),
        Store::Nothing | Store::Unavailable => None,
    };
    let is_available = !matches!(store, Store::Unavailable);
    let older = Older::look(known, store)?;
    let seen = seen.unwrap_or_else(|| if is_available { Seen::nothing() } else { Seen::unknown() });
    let foreground = foreground(known.target);
    let (owner, orphans) = owners(seen.owner.as_ref());
    let mismatches = mismatches(&foreground, seen.owner.as_ref());
    let is_wrong = !mismatches.is_empty()
        || !orphans.is_empty()
        || older.rows_in_scope() > 0
        || known.lacks_identity
        || known.target.override_mode() == OverrideMode::SetupOnly
        || !is_available;
    let mut report = json!({
        "ok": !is_wrong,
        "exit_code": if is_wrong { 2 } else { 0 },
        "foreground": foreground,
        "daemon_owner_record": owner,
        "mismatches": mismatches,
        "orphan_records": orphans,
        "schema_version": "1.0.0",
        "generated_at": clock::now(),
        "mode": known.mode.as_str(),
        "last_drain": seen.last_drain,
        "consent": seen.consent,
        "withheld": seen.withheld,
        "diagnostics": known.diagnostics.iter().cloned().chain(older.errors()).collect::<Vec<String>>(),
        "event_journal": seen.journal,
        "delivery_targets": {"available": is_available, "current": current(known, seen.current_id.as_deref()),
            "previous": seen.previous},
        "delivery_ledger": seen.ledger,
        "terminal_failures": seen.failures,
    });
    report["target_authority"] = serde_json::from_str(&known.target.to_json()).expect("a record is JSON");
    older.describe(&mut report);
    report["migration_conflicts"]["available"] = json!(is_available);
    for part in ["event_journal", "delivery_ledger", "terminal_failures"] {
        report[part]["available"] = json!(is_available);
    }
    Ok(report)
}

/// What the store says.
struct Seen {
    journal: Value,
    ledger: Value,
    failures: Value,
    previous: Vec<Value>,
    current_id: Option<String>,
    consent: Vec<Value>,
    withheld: Value,
    last_drain: Value,
    owner: Option<(Holder, Value)>,
}

impl Seen {
    /// Zeros: there is no store.
    fn nothing() -> Self {
        Seen::of(json!(0))
    }

    /// Nulls: there is a store that cannot be read.
    fn unknown() -> Self {
        Seen::of(Value::Null)
    }

    fn of(count: Value) -> Self {
        Seen {
            journal: json!({"retained_event_count": count, "archived_event_count": count,
                "oldest_retained_event_at": null, "journal_size_bytes": count, "gc_suggested": false,
                "gc_suggestion": null, "blocked": {}, "last_capture_at": null}),
            ledger: json!({"delivered_current_target": count, "delivered_previous_target": count, "pending": count,
                "rejected": count, "transient": count, "undelivered_current_target": count,
                "rejected_permanent_hint": null}),
            failures: json!({"count": count, "events": [], "truncated": false}),
            previous: Vec::new(),
            current_id: None,
            consent: Vec::new(),
            withheld: count,
            last_drain: Value::Null,
            owner: None,
        }
    }

    fn read(known: &Known<'_>, connection: &Connection) -> Result<Self, StatusError> {
        // Of one moment, whoever writes meanwhile.
        let connection = &*connection.unchecked_transaction()?;
        let target =
            known.identity.map(|identity| targets::find(connection, &identity.target_id)).transpose()?.flatten();
        let account =
            target.as_ref().map(|target| Account { target_pk: target.target_pk, epoch: target.redrain_epoch });
        let waiting = dispatcher::waiting(connection, account, known.min_data_tier)?;
        let undelivered: i64 = waiting.iter().map(|one| one.open).sum();
        let current = account.map(|account| account.target_pk);
        let (failures, ledger) = (failures(connection)?, ledger(connection, current, undelivered)?);
        let owner = target.as_ref().map(|target| owner(known.root, connection, target)).transpose()?.flatten();
        Ok(Seen {
            journal: journal_section(connection)?,
            ledger,
            failures,
            previous: previous(connection, current)?,
            current_id: target.map(|target| target.target_id),
            consent: consent(connection, &waiting)?,
            withheld: json!(waiting.iter().map(|one| one.withheld).sum::<i64>()),
            last_drain: last_drain(connection)?,
            owner,
        })
    }
}

fn journal_section(connection: &Connection) -> Result<Value, StatusError> {
    let totals = journal::totals(connection)?;
    let is_large = totals.bytes >= retention::SUGGESTED_FROM;
    let is_suggested = is_large && retention::is_delivered_everywhere(connection)?;
    let suggestion = is_suggested.then(|| {
        json!({"reason": "every known target has every event: `eventsync gc` frees their bytes",
            "retained_event_count": totals.live, "journal_size_bytes": totals.bytes})
    });
    let blocked: serde_json::Map<String, Value> =
        totals.blocked.iter().map(|(reason, count)| (reason.clone(), json!(count))).collect();
    Ok(json!({"retained_event_count": totals.live, "archived_event_count": totals.archived,
        "oldest_retained_event_at": totals.oldest_created_at, "journal_size_bytes": totals.bytes,
        "gc_suggested": is_suggested, "gc_suggestion": suggestion, "blocked": blocked,
        "last_capture_at": totals.last_capture_at}))
}

/// How many rows of these statuses there are, at one target or at all others.
fn counted(connection: &Connection, current: Option<i64>, here: bool, statuses: &str) -> Result<i64, StatusError> {
    let comparison = if here { "=" } else { "<>" };
    let sql = format!(
        "SELECT coalesce(sum(n), 0) FROM status_counters WHERE target_pk {comparison} ?1 AND status IN ({statuses})"
    );
    Ok(connection.prepare_cached(&sql)?.query_row([current.unwrap_or(-1)], |row| row.get(0))?)
}

fn ledger(connection: &Connection, current: Option<i64>, undelivered: i64) -> Result<Value, StatusError> {
    let here = |statuses| counted(connection, current, true, statuses);
    let rejected = here("4")?;
    let hint =
        (rejected > 0).then_some("rejected events are sent again with each `now`: see `now --report` for reasons");
    Ok(json!({"delivered_current_target": here("1, 2")?,
        "delivered_previous_target": counted(connection, current, false, "1, 2")?,
        "pending": here("3")?, "rejected": rejected, "transient": here("5")?,
        "undelivered_current_target": undelivered, "rejected_permanent_hint": hint}))
}

fn failures(connection: &Connection) -> Result<Value, StatusError> {
    let count: i64 =
        connection
            .query_row("SELECT coalesce(sum(n), 0) FROM status_counters WHERE status = 6", [], |row| row.get(0))?;
    let mut statement = connection.prepare_cached(
        "SELECT j.event_id, t.target_id, l.last_error, l.error_category FROM delivery_targets t
         CROSS JOIN delivery_ledger l INDEXED BY ledger_by_status ON l.target_pk = t.target_pk AND l.status = 6
         CROSS JOIN event_journal j ON j.seq = l.seq ORDER BY l.seq LIMIT ?1",
    )?;
    let rows = statement.query_map([i64::try_from(MOST_LISTED).expect("it is small")], |row| {
        let (event_id, target_id): (String, String) = (row.get(0)?, row.get(1)?);
        Ok(json!({"event_id": event_id, "target_id": target_id, "last_error": row.get::<_, Option<String>>(2)?,
            "error_category": row.get::<_, Option<String>>(3)?}))
    })?;
    let events = rows.collect::<rusqlite::Result<Vec<Value>>>()?;
    let truncated = usize::try_from(count).is_ok_and(|count| count > events.len());
    Ok(json!({"count": count, "events": events, "truncated": truncated}))
}

fn previous(connection: &Connection, current: Option<i64>) -> Result<Vec<Value>, StatusError> {
    let mut statement = connection.prepare_cached(
        "SELECT target_id, canonical_url, team_slug, user_email, sum(n) FROM delivery_targets JOIN status_counters
         USING (target_pk) WHERE target_pk <> ?1 AND status IN (1, 2) GROUP BY target_pk HAVING sum(n) > 0 ORDER BY target_pk",
    )?;
    let text = |row: &rusqlite::Row<'_>, at| row.get::<_, String>(at);
    let rows = statement.query_map([current.unwrap_or(-1)], |row| {
        Ok(json!({"target_id": text(row, 0)?, "canonical_url": text(row, 1)?, "team_slug": text(row, 2)?,
            "user_email": text(row, 3)?, "delivered_count": row.get::<_, i64>(4)?}))
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Projects that wait or were decided about.
fn consent(connection: &Connection, waiting: &[dispatcher::Waiting]) -> Result<Vec<Value>, StatusError> {
    let mut found: Vec<Value> = waiting
        .iter()
        .filter_map(|one| {
            Some(json!({"project_uuid": one.project_uuid.as_ref()?, "state": one.consent, "undelivered": one.open}))
        })
        .collect();
    let mut statement = connection.prepare_cached("SELECT project_uuid, state FROM project_consent ORDER BY 1")?;
    let rows = statement.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)))?;
    for row in rows {
        let (project, state) = row?;
        if !found.iter().any(|one| one["project_uuid"] == project.as_str()) {
            found.push(json!({"project_uuid": project, "state": state, "undelivered": 0}));
        }
    }
    Ok(found)
}

fn last_drain(connection: &Connection) -> Result<Value, StatusError> {
    let mut statement = connection
        .prepare_cached("SELECT finished_at, http_status FROM delivery_attempts ORDER BY attempt_id DESC LIMIT 1")?;
    let last =
        statement.query_row([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, Option<i64>>(1)?))).optional()?;
    Ok(last.map_or(Value::Null, |(at, status)| {
        json!({"at": at, "outcome": status.map_or("no answer".to_owned(), |status| format!("answered {status}"))})
    }))
}

fn owner(root: &Path, connection: &Connection, target: &Target) -> Result<Option<(Holder, Value)>, StatusError> {
    let holder = dispatcher::holder(connection, root, &target.target_id, target.target_pk)?;
    Ok(holder.map(|holder| {
        let told = serde_json::from_str(&holder.owner_json).unwrap_or_default();
        (holder, told)
    }))
}

/// The record of who drains, and of who died while draining.
fn owners(owner: Option<&(Holder, Value)>) -> (Value, Vec<Value>) {
    let record = |status: &str, told: &Value| {
        let mut record = json!({"status": status, "port": null});
        for key in
            ["package_version", "executable_path", "source_path", "server_url", "team_or_user", "queue_db_path", "pid"]
        {
            record[key] = told[key].clone();
        }
        record
    };
    match owner {
        None => (record("absent", &Value::Null), Vec::new()),
        Some((holder, told)) if holder.is_draining => (record("present", told), Vec::new()),
        Some((_, told)) => (record("orphan", told), vec![record("orphan", told)]),
    }
}

/// Where the program that drains differs from this one.
fn mismatches(foreground: &Value, owner: Option<&(Holder, Value)>) -> Vec<Value> {
    let Some((_, told)) = owner.filter(|(holder, _)| holder.is_draining) else { return Vec::new() };
    let keys = ["package_version", "executable_path", "source_path", "server_url", "team_or_user", "queue_db_path"];
    let differing = keys.iter().filter(|key| told[**key] != foreground[**key]);
    differing
        .map(|key| {
            json!({"field": format!("daemon_{key}"), "foreground_value": foreground[*key], "daemon_value": told[*key],
                "remediation_hint": "wait for the other program: `eventsync now --wait`"})
        })
        .collect()
}

fn current(known: &Known<'_>, target_id: Option<&str>) -> Value {
    let of = |part: fn(&TargetIdentity) -> &str| known.identity.map(part).unwrap_or_default();
    json!({"target_id": target_id, "canonical_url": known.identity.map(|identity| identity.canonical_url.as_str()),
        "team_slug": of(|identity| identity.team_slug.as_str()), "user_email": of(|identity| identity.user_email.as_str())})
}

/// What is left of older stores.
struct Older {
    active_path: String,
    legacy_path: String,
    queues: Vec<QueueState>,
    disputes: Vec<Dispute>,
}

impl Older {
    fn look(known: &Known<'_>, store: &Store<'_>) -> Result<Self, StatusError> {
        let connection = if let Store::There(connection) = store { Some(*connection) } else { None };
        let at_root = |source| StatusError::Queues { path: known.root.to_owned(), source };
        let disputes = connection.map(|connection| known.migration.disputes(connection)).transpose();
        Ok(Older {
            active_path: known.target.queue_db_path().as_str().to_owned(),
            legacy_path: known.root.join("queue.db").display().to_string(),
            queues: known.migration.queues(connection).map_err(at_root)?,
            disputes: disputes.map_err(RetentionError::from)?.unwrap_or_default(),
        })
    }

    /// The queue of this file, if it is there.
    fn queue(&self, path: &str) -> Option<&QueueState> {
        self.queues.iter().find(|queue| queue.path.as_os_str() == path)
    }

    fn rows_in_scope(&self) -> i64 {
        self.queue(&self.legacy_path).map_or(0, |queue| queue.unmigrated)
    }

    fn errors(&self) -> impl Iterator<Item = String> {
        self.queues.iter().filter_map(|queue| Some(format!("{}: {}", queue.path.display(), queue.error.as_ref()?)))
    }

    fn describe(&self, report: &mut Value) {
        let described = |path: &str| {
            let (events, uploads) = self.queue(path).map_or((0, 0), |queue| (queue.events, queue.body_uploads));
            json!({"path": path, "event_count": events, "body_upload_count": uploads})
        };
        report["active_queue"] = described(&self.active_path);
        report["legacy_queue"] = described(&self.legacy_path);
        report["legacy_queue"]["rows_in_scope"] = json!(self.rows_in_scope());
        let conflict = |dispute: &Dispute| {
            json!({"event_id": dispute.event_id, "source_digest": dispute.source_digest,
                "existing_sha": dispute.existing_sha, "incoming_sha": dispute.incoming_sha, "detail": dispute.detail})
        };
        report["migration_conflicts"] = json!({"count": self.disputes.len(),
            "cleanup_blocked": !self.disputes.is_empty(),
            "conflicts": self.disputes.iter().map(conflict).collect::<Vec<Value>>()});
        let sum = |count: fn(&QueueState) -> i64| self.queues.iter().map(count).sum::<i64>();
        report["body_upload_compatibility"] = json!({
            "body_upload_queue_count": sum(|queue| queue.body_uploads),
            "body_upload_failure_log_count": sum(|queue| queue.body_upload_failures)});
        let unmigrated = self.queues.iter().filter(|queue| queue.unmigrated > 0);
        report["unmigrated"] =
            unmigrated.map(|queue| json!({"source_digest": queue.source_digest, "rows": queue.unmigrated})).collect();
    }
}
