//! A target and what may leave enter; the open events of one project after the other leave, in the order of capture.

use rusqlite::{Connection, Row, named_params};

use super::{DispatchError, progress};
use crate::delivery::batch::{ConsentedBatch, Undecodable};
use crate::delivery::ledger::Account;

/// Which events may be sent, beside those of projects that gave their consent.
#[derive(Debug, Clone, Copy, Default)]
pub struct Scope {
    /// Archived events too.
    pub include_archived: bool,
    /// Events of a lower tier stay here.
    pub min_data_tier: i64,
}

impl Scope {
    /// Whether all live events of a project may be sent.
    pub(super) fn is_wide(&self) -> bool {
        self.min_data_tier <= 0
    }
}

/// A batch, and what of the selection cannot be sent.
pub(super) struct Selected {
    pub batch: ConsentedBatch,
    pub undecodable: Vec<Undecodable>,
    /// The last number of the selection; none where nothing is open.
    pub last_seq: Option<i64>,
    /// Whether the project may send, and nothing of it is open: everything that it has was gone by.
    pub is_end: bool,
}

impl Selected {
    pub fn count(&self) -> u64 {
        let count = self.batch.events().len() + self.undecodable.len();
        u64::try_from(count).expect("a batch is small")
    }
}

/// Number, tier and `columns` of open events of a project that have bytes, and are not archived or are asked for all the same. Up
/// to the mark they stand in the index of open rows; behind it they have no ledger row, an open one, or one that was delivered in
/// an earlier epoch.
fn open(columns: &str) -> String {
    let there = "j.payload_purged_at IS NULL AND (j.archived_at IS NULL OR :archived)";
    format!(
        "SELECT l.seq AS seq, j.data_tier AS tier{columns}
         FROM delivery_ledger l INDEXED BY ledger_open CROSS JOIN event_journal j ON j.seq = l.seq
         WHERE l.target_pk = :target AND l.status BETWEEN 3 AND 5 AND l.seq > :cursor AND l.seq <= :mark
           AND +j.project_uuid IS :project AND {there}
         UNION ALL
         SELECT j.seq, j.data_tier{columns}
         FROM event_journal j LEFT JOIN delivery_ledger l ON l.target_pk = :target AND l.seq = j.seq
         WHERE j.project_uuid IS :project AND j.seq > max(:cursor, :mark) AND {there}
           AND (l.status IS NULL OR l.status BETWEEN 3 AND 5 OR (l.status < 3 AND l.delivered_epoch < :epoch))"
    )
}

/// Where open events are looked for: one target, one project.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    account: Account,
    project: Option<&'a str>,
    mark: i64,
}

impl<'a> Place<'a> {
    pub fn of(
        connection: &Connection,
        account: Option<Account>,
        project: Option<&'a str>,
        scope: &Scope,
    ) -> Result<Self, DispatchError> {
        let mark = match (account, project) {
            // Archived events may lie before the mark without a row.
            (Some(account), Some(project)) if !scope.include_archived => progress::mark(connection, account, project)?,
            _ => 0,
        };
        // No target has this number: all events are open there.
        Ok(Place { account: account.unwrap_or(Account { target_pk: -1, epoch: 0 }), project, mark })
    }

    /// Hands on what `columns` say of open events behind `cursor`, in the order of capture, until `each` is false. They
    /// follow number and tier.
    pub fn each(
        &self,
        connection: &Connection,
        columns: &str,
        scope: &Scope,
        (cursor, count): (i64, usize),
        mut each: impl FnMut(&Row<'_>) -> rusqlite::Result<bool>,
    ) -> Result<(), DispatchError> {
        let sql = format!("SELECT * FROM ({}) WHERE tier >= :tier ORDER BY seq LIMIT :count", open(columns));
        let mut statement = connection.prepare_cached(&sql)?;
        let mut rows = statement.query(named_params! {
        ":target": self.account.target_pk, ":epoch": self.account.epoch, ":project": self.project,
        ":mark": self.mark, ":cursor": cursor, ":tier": scope.min_data_tier, ":archived": scope.include_archived,
        ":count": i64::try_from(count).unwrap_or(i64::MAX)})?;
        while let Some(row) = rows.next()? {
            if !each(row)? {
                break;
            }
        }
        Ok(())
    }

    /// How many live events are open, how many of them have a lower tier than `tier`, and the first of all.
    pub fn count(&self, connection: &Connection, tier: i64) -> Result<(i64, i64, Option<i64>), DispatchError> {
        let sql = format!("SELECT count(*), coalesce(sum(tier < :tier), 0), min(seq) FROM ({})", open(""));
        let mut statement = connection.prepare_cached(&sql)?;
        let parameters = named_params! {
        ":target": self.account.target_pk, ":epoch": self.account.epoch, ":project": self.project,
        ":mark": self.mark, ":cursor": 0, ":tier": tier, ":archived": false};
        Ok(statement.query_row(parameters, |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?)
    }

    /// The first open event.
    pub fn first(&self, connection: &Connection, scope: &Scope) -> Result<Option<i64>, DispatchError> {
        let mut first = None;
        self.each(connection, "", scope, (0, 1), |row| {
            first = Some(row.get(0)?);
            Ok(false)
        })?;
        Ok(first)
    }
}

/// Projects with consent that have open events, and the first of those; that which waits longest first.
pub(super) fn projects(
    connection: &Connection,
    account: Option<Account>,
    scope: &Scope,
) -> Result<Vec<(String, i64)>, DispatchError> {
    let mut granted = connection.prepare_cached("SELECT project_uuid FROM project_consent WHERE state = 'granted'")?;
    let granted: Vec<String> = granted.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    let mut found = Vec::new();
    for project in granted {
        let place = Place::of(connection, account, Some(&project), scope)?;
        if let Some(seq) = place.first(connection, scope)? {
            found.push((project, seq));
        }
    }
    found.sort_by_key(|(_, seq)| *seq);
    Ok(found)
}

/// Whether events of a project may leave this machine.
pub(super) fn has_consent(connection: &Connection, project: &str) -> Result<bool, DispatchError> {
    let mut consent =
        connection.prepare_cached("SELECT 1 FROM project_consent WHERE project_uuid = ?1 AND state = 'granted'")?;
    Ok(consent.exists([project])?)
}

/// The next open events of a project behind `cursor`, if it gave its consent: at most `count`, and at most `bytes` unless the
/// first is larger.
pub(super) fn next(
    connection: &Connection,
    account: Account,
    scope: &Scope,
    (project, cursor): (&str, i64),
    (count, bytes): (usize, usize),
) -> Result<Selected, DispatchError> {
    let (mut found, mut taken) = (Vec::new(), 0);
    let may_send = count > 0 && has_consent(connection, project)?;
    if may_send {
        let place = Place::of(connection, Some(account), Some(project), scope)?;
        place.each(connection, ", j.event_id, j.payload", scope, (cursor, count), |row| {
            let payload: Vec<u8> = row.get(3)?;
            taken += payload.len() + 1;
            let fits = taken <= bytes || found.is_empty();
            if fits {
                found.push((row.get(0)?, row.get(2)?, payload));
            }
            Ok(fits)
        })?;
    }
    let last_seq = found.last().map(|(seq, _, _)| *seq);
    let (batch, undecodable) = ConsentedBatch::of_rows(found);
    Ok(Selected { batch, undecodable, last_seq, is_end: may_send && last_seq.is_none() })
}
