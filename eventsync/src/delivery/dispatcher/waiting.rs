//! A target enters; which events it has not got leaves, counted by project, with why they wait.

use rusqlite::{Connection, OptionalExtension};

use super::DispatchError;
use super::select::{Place, Scope, projects};
use crate::delivery::ledger::Account;
use crate::generated::DrainBlockedReason;
use crate::journal;
use crate::store::in_transaction;

/// Whatever tier an event has.
const ANY_TIER: Scope = Scope { include_archived: false, min_data_tier: i64::MIN };

/// Open events of a project, and how they stand.
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

/// Open live events by project, as far as a target has not got them; that which waits longest first. Without a target all live
/// events are open.
pub fn waiting(
    connection: &Connection,
    account: Option<Account>,
    min_data_tier: i64,
) -> Result<Vec<Waiting>, DispatchError> {
    counted(connection, account, min_data_tier, |_| true)
}

/// Of these, the projects of which something may stay where it is: they gave no consent, or there is a least tier.
pub fn staying(
    connection: &Connection,
    account: Option<Account>,
    min_data_tier: i64,
) -> Result<Vec<Waiting>, DispatchError> {
    let sends_all = Scope { min_data_tier, ..Scope::default() }.is_wide();
    counted(connection, account, min_data_tier, |consent| !sends_all || consent != Some("granted"))
}

/// Whether there is anything that a pass would send.
pub fn is_anything_sendable(
    connection: &Connection,
    account: Option<Account>,
    scope: &Scope,
) -> Result<bool, DispatchError> {
    Ok(!projects(connection, account, scope)?.is_empty())
}

/// Whether a target lacks a live event, or would get it again, whoever may send it.
pub fn is_anything_open(connection: &Connection, account: Account) -> Result<bool, DispatchError> {
    for project in all_projects(connection)? {
        let place = Place::of(connection, Some(account), project.project_uuid.as_deref(), &ANY_TIER)?;
        if place.first(connection, &ANY_TIER)?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Notes on open events of projects with consent why they wait now.
pub fn note_waiting(
    connection: &mut Connection,
    account: Option<Account>,
    reason: DrainBlockedReason,
) -> Result<(), DispatchError> {
    in_transaction(connection, |transaction| {
        let mut open = Vec::new();
        for (project, _) in projects(transaction, account, &ANY_TIER)? {
            let place = Place::of(transaction, account, Some(&project), &ANY_TIER)?;
            place.each(transaction, ", j.drain_blocked_reason", &ANY_TIER, (0, usize::MAX), |row| {
                if row.get_ref(2)?.as_str_or_null()? != Some(reason.as_str()) {
                    open.push(row.get(0)?);
                }
                Ok(true)
            })?;
        }
        Ok(journal::note_blocked(transaction, open.into_iter(), reason)?)
    })
}

fn counted(
    connection: &Connection,
    account: Option<Account>,
    min_data_tier: i64,
    counts: impl Fn(Option<&str>) -> bool,
) -> Result<Vec<Waiting>, DispatchError> {
    let mut found = Vec::new();
    for project in all_projects(connection)? {
        if counts(project.consent.as_deref()) {
            let place = Place::of(connection, account, project.project_uuid.as_deref(), &ANY_TIER)?;
            let (open, withheld, first) = place.count(connection, min_data_tier)?;
            found.push((first, Waiting { open, withheld, ..project }));
        }
    }
    found.retain(|(_, waiting)| waiting.open > 0);
    found.sort_by_key(|(first, _)| *first);
    Ok(found.into_iter().map(|(_, waiting)| waiting).collect())
}

/// Projects that have events, each with what was decided about it and nothing counted: one look into an index for each.
fn all_projects(connection: &Connection) -> Result<Vec<Waiting>, DispatchError> {
    let of = |project_uuid, consent| Waiting { project_uuid, consent, open: 0, withheld: 0 };
    let mut unnamed = connection.prepare_cached("SELECT 1 FROM event_journal WHERE project_uuid IS NULL LIMIT 1")?;
    let mut found: Vec<Waiting> = unnamed.exists([])?.then(|| of(None, None)).into_iter().collect();
    let mut next = connection.prepare_cached(
        "SELECT j.project_uuid, (SELECT state FROM project_consent c WHERE c.project_uuid = j.project_uuid)
         FROM event_journal j WHERE j.project_uuid > ?1 ORDER BY j.project_uuid LIMIT 1",
    )?;
    let mut last = Some(String::new());
    while let Some(project) = next.query_row([&last], |row| Ok(of(row.get(0)?, row.get(1)?))).optional()? {
        last.clone_from(&project.project_uuid);
        found.push(project);
    }
    Ok(found)
}
