//! A target and what may leave enter; the open events of one project after the other leave, in the order of capture.

use rusqlite::{Connection, OptionalExtension, named_params};

use super::DispatchError;
use crate::delivery::batch::{ConsentedBatch, Undecodable};
use crate::delivery::ledger::Account;
use crate::generated::DrainBlockedReason;
use crate::journal;
use crate::store::in_transaction;

/// Which events may be sent, beside those of projects that gave their consent.
#[derive(Debug, Clone, Copy, Default)]
pub struct Scope {
    /// Archived events too.
    pub include_archived: bool,
    /// Events of a lower tier stay here.
    pub min_data_tier: i64,
}

/// A batch, and what of the selection cannot be sent.
pub(super) struct Selected {
    pub batch: ConsentedBatch,
    pub undecodable: Vec<Undecodable>,
    /// The last number of the selection; none where nothing is open.
    pub last_seq: Option<i64>,
}

impl Selected {
    pub fn count(&self) -> u64 {
        let count = self.batch.events().len() + self.undecodable.len();
        u64::try_from(count).expect("a batch is small")
    }
}

/// No ledger row, one that is still open, or one that was delivered in an earlier epoch.
const OPEN: &str = "j.payload_purged_at IS NULL
   AND (l.status IS NULL OR l.status IN (3, 4, 5) OR (l.status IN (1, 2) AND l.delivered_epoch < :epoch))";

/// Projects with consent that have open events, and the first of those; that which waits longest first.
pub(super) fn projects(
    connection: &Connection,
    account: Account,
    scope: &Scope,
) -> Result<Vec<(String, i64)>, DispatchError> {
    let mut granted = connection.prepare_cached("SELECT project_uuid FROM project_consent WHERE state = 'granted'")?;
    let granted: Vec<String> = granted.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    let sql = format!(
        "SELECT j.seq FROM event_journal j LEFT JOIN delivery_ledger l ON l.target_pk = :target AND l.seq = j.seq
         WHERE j.project_uuid = :project AND (j.archived_at IS NULL OR :archived) AND j.data_tier >= :tier AND {OPEN}
         ORDER BY j.seq LIMIT 1"
    );
    let mut first = connection.prepare_cached(&sql)?;
    let mut found = Vec::new();
    for project in granted {
        let seq = first.query_row(
            named_params! {":target": account.target_pk, ":epoch": account.epoch, ":project": project,
            ":archived": scope.include_archived, ":tier": scope.min_data_tier},
            |row| row.get::<_, i64>(0),
        );
        if let Some(seq) = seq.optional()? {
            found.push((project, seq));
        }
    }
    found.sort_by_key(|(_, seq)| *seq);
    Ok(found)
}

/// The next open events of a project behind `cursor`: at most `count`, and at most `bytes` unless the first is larger.
pub(super) fn next(
    connection: &Connection,
    account: Account,
    scope: &Scope,
    project: &str,
    cursor: i64,
    count: usize,
    bytes: usize,
) -> Result<Selected, DispatchError> {
    let sql = format!(
        "SELECT j.seq, j.event_id, j.payload FROM event_journal j
         LEFT JOIN delivery_ledger l ON l.target_pk = :target AND l.seq = j.seq
         JOIN project_consent c ON c.project_uuid = j.project_uuid AND c.state = 'granted'
         WHERE j.project_uuid = :project AND j.seq > :cursor AND (j.archived_at IS NULL OR :archived)
           AND j.data_tier >= :tier AND {OPEN}
         ORDER BY j.seq LIMIT :count"
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows = statement.query(named_params! {
    ":target": account.target_pk, ":epoch": account.epoch, ":project": project, ":cursor": cursor,
    ":archived": scope.include_archived, ":tier": scope.min_data_tier,
    ":count": i64::try_from(count).unwrap_or(i64::MAX)})?;
    let (mut found, mut taken) = (Vec::new(), 0);
    while let Some(row) = rows.next()? {
        let payload: Vec<u8> = row.get(2)?;
        taken += payload.len() + 1;
        if taken > bytes && !found.is_empty() {
            break;
        }
        found.push((row.get(0)?, row.get(1)?, payload));
    }
    let last_seq = found.last().map(|(seq, _, _)| *seq);
    let (batch, undecodable) = ConsentedBatch::of_rows(found);
    Ok(Selected { batch, undecodable, last_seq })
}

/// Open events of a project that are not sent, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// The project; none for events that name none.
    pub project_uuid: Option<String>,
    /// What was decided about it: `granted`, `revoked`, or nothing yet.
    pub consent: Option<String>,
    /// Open events.
    pub open: i64,
    /// Those of them whose tier is too low.
    pub withheld: i64,
}

/// Open live events by project, as far as a target has not got them. Without a target all live events are open.
pub fn waiting(
    connection: &Connection,
    account: Option<Account>,
    min_data_tier: i64,
) -> Result<Vec<Waiting>, DispatchError> {
    let (target, epoch) = account.map_or((-1, 0), |account| (account.target_pk, account.epoch));
    let sql = format!(
        "SELECT j.project_uuid, c.state, count(*), sum(j.data_tier < :tier) FROM event_journal j
         LEFT JOIN delivery_ledger l ON l.target_pk = :target AND l.seq = j.seq
         LEFT JOIN project_consent c ON c.project_uuid = j.project_uuid
         WHERE j.archived_at IS NULL AND {OPEN} GROUP BY j.project_uuid ORDER BY min(j.seq)"
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let rows = statement
        .query_map(named_params! {":target": target, ":epoch": epoch, ":tier": min_data_tier}, |row| {
            Ok(Waiting { project_uuid: row.get(0)?, consent: row.get(1)?, open: row.get(2)?, withheld: row.get(3)? })
        })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Whether the counters tell that a target has no open event, without a look at each: a ledger row counts once, and no row
/// of the journal is beyond its largest number. For showing only: what is delivered depends on no counter.
pub fn is_all_settled(connection: &Connection, account: Account) -> Result<bool, DispatchError> {
    let mut statement = connection.prepare_cached(
        "SELECT coalesce(sum(n), 0) = (SELECT coalesce(max(seq), 0) FROM event_journal)
         FROM status_counters WHERE target_pk = ?1 AND status IN (1, 2, 6)",
    )?;
    Ok(statement.query_row([account.target_pk], |row| row.get(0))?)
}

/// Notes on open events of projects with consent why they wait now.
pub fn note_waiting(
    connection: &mut Connection,
    account: Option<Account>,
    reason: DrainBlockedReason,
) -> Result<(), DispatchError> {
    let (target, epoch) = account.map_or((-1, 0), |account| (account.target_pk, account.epoch));
    in_transaction(connection, |transaction| {
        let sql = format!(
            "SELECT j.seq FROM event_journal j
             JOIN project_consent c ON c.project_uuid = j.project_uuid AND c.state = 'granted'
             LEFT JOIN delivery_ledger l ON l.target_pk = :target AND l.seq = j.seq
             WHERE j.archived_at IS NULL AND j.drain_blocked_reason IS NOT :reason AND {OPEN}"
        );
        let mut statement = transaction.prepare(&sql)?;
        let rows = statement
            .query_map(named_params! {":target": target, ":epoch": epoch, ":reason": reason.as_str()}, |row| {
                row.get(0)
            })?;
        let waiting: Vec<i64> = rows.collect::<rusqlite::Result<_>>()?;
        Ok(journal::note_blocked(transaction, waiting.into_iter(), reason)?)
    })
}
