//! An identity enters; its row leaves, new or known, and changes in what the server says about itself are kept.

use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};

use super::{Facts, TargetIdentity, TargetsError, reset_signal};
use crate::generated::{ResetSignal, ResolvedSyncTarget, TargetKind};

/// A row of `delivery_targets`.
#[derive(Debug, Clone, PartialEq)]
pub struct Target {
    /// Its number in this store.
    pub target_pk: i64,
    /// Its id.
    pub target_id: String,
    /// What kind of receiver it is.
    pub kind: TargetKind,
    /// The endpoint in its one spelling.
    pub canonical_url: String,
    /// SHA-256 of that.
    pub url_hash: String,
    /// The team; empty where none is known.
    pub team_slug: String,
    /// The user; empty where none is known.
    pub user_email: String,
    /// What the server last said about itself.
    pub facts: Facts,
    /// When it was registered.
    pub first_seen_at: String,
    /// When it was last registered again.
    pub last_seen_at: String,
    /// How often it was to be delivered anew.
    pub redrain_epoch: i64,
    /// Since when it counts no more.
    pub retired_at: Option<String>,
    /// The last sign that the server was set up anew.
    pub reset_signal: Option<ResetSignal>,
}

const COLUMNS: &str = "target_pk, target_id, kind, canonical_url, url_hash, team_slug, user_email, server_instance_id, \
                       deployment_id, environment_name, git_sha, first_seen_at, last_seen_at, redrain_epoch, retired_at, \
                       reset_signal_json";

/// Registers a target, or says that it was seen again. Facts that are given replace those that were known, others stay;
/// none of them makes another target of it.
///
/// # Errors
/// [`TargetsError::OtherKind`] and [`TargetsError::Store`].
pub fn register(
    transaction: &Transaction<'_>,
    identity: &TargetIdentity,
    facts: &Facts,
    now: &str,
) -> Result<Target, TargetsError> {
    let known = find(transaction, &identity.target_id)?;
    if let Some(known) = known.as_ref().filter(|known| known.kind != identity.kind) {
        let (url, known, wanted) = (identity.canonical_url.clone(), known.kind, identity.kind);
        return Err(TargetsError::OtherKind { url, known, wanted });
    }
    let signal = known.and_then(|known| reset_signal(&identity.target_id, &known.facts, facts));
    transaction
        .prepare_cached(
            "INSERT INTO delivery_targets (target_id, kind, canonical_url, url_hash, team_slug, user_email,
               server_instance_id, deployment_id, environment_name, git_sha, first_seen_at, last_seen_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?11)
             ON CONFLICT (url_hash, team_slug, user_email) DO UPDATE SET
               server_instance_id = coalesce(excluded.server_instance_id, server_instance_id),
               deployment_id = coalesce(excluded.deployment_id, deployment_id),
               environment_name = coalesce(excluded.environment_name, environment_name),
               git_sha = coalesce(excluded.git_sha, git_sha),
               last_seen_at = max(last_seen_at, excluded.last_seen_at),
               reset_signal_json = coalesce(?12, reset_signal_json)",
        )?
        .execute(params![
            identity.target_id,
            identity.kind.as_str(),
            identity.canonical_url,
            identity.url_hash,
            identity.team_slug,
            identity.user_email,
            facts.server_instance_id,
            facts.deployment_id,
            facts.environment_name,
            facts.git_sha,
            now,
            signal.map(|signal| signal.to_json()),
        ])?;
    find(transaction, &identity.target_id)?.ok_or_else(|| TargetsError::Unknown { id: identity.target_id.clone() })
}

/// Registers the hosted service at the resolved server: no other way leads to a target of that kind.
///
/// # Errors
/// [`TargetsError::InvalidTargetUrl`] and [`TargetsError::Store`].
pub fn register_from_resolved(
    transaction: &Transaction<'_>,
    target: &ResolvedSyncTarget,
    facts: &Facts,
    now: &str,
) -> Result<Target, TargetsError> {
    register(transaction, &TargetIdentity::from_resolved(target)?, facts, now)
}

/// The target of an id.
///
/// # Errors
/// [`TargetsError::Store`].
pub fn find(connection: &Connection, target_id: &str) -> Result<Option<Target>, TargetsError> {
    let mut found =
        connection.prepare_cached(&format!("SELECT {COLUMNS} FROM delivery_targets WHERE target_id = ?1"))?;
    Ok(found.query_row([target_id], read).optional()?)
}

/// Every target, in the order in which they were registered.
///
/// # Errors
/// [`TargetsError::Store`].
pub fn list(connection: &Connection) -> Result<Vec<Target>, TargetsError> {
    let mut found = connection.prepare_cached(&format!("SELECT {COLUMNS} FROM delivery_targets ORDER BY target_pk"))?;
    let listed = found.query_map([], read)?.collect::<Result<_, _>>()?;
    Ok(listed)
}

/// Says that a target is gone for good. Its row and its ledger stay; since when it is gone stays as it was said first.
///
/// # Errors
/// [`TargetsError::Unknown`] and [`TargetsError::Store`].
pub fn retire(transaction: &Transaction<'_>, target_id: &str, now: &str) -> Result<(), TargetsError> {
    let sql = "UPDATE delivery_targets SET retired_at = coalesce(retired_at, ?2) WHERE target_id = ?1";
    changed(target_id, transaction.execute(sql, [target_id, now])?)
}

/// Takes that back.
///
/// # Errors
/// [`TargetsError::Unknown`] and [`TargetsError::Store`].
pub fn unretire(transaction: &Transaction<'_>, target_id: &str) -> Result<(), TargetsError> {
    let sql = "UPDATE delivery_targets SET retired_at = NULL WHERE target_id = ?1";
    changed(target_id, transaction.execute(sql, [target_id])?)
}

fn changed(target_id: &str, rows: usize) -> Result<(), TargetsError> {
    if rows == 0 { Err(TargetsError::Unknown { id: target_id.to_owned() }) } else { Ok(()) }
}

fn read(row: &Row<'_>) -> rusqlite::Result<Target> {
    let kind: String = row.get("kind")?;
    let kind = kind.parse().map_err(|_| rusqlite::Error::InvalidColumnType(2, kind, rusqlite::types::Type::Text))?;
    let signal: Option<String> = row.get("reset_signal_json")?;
    Ok(Target {
        target_pk: row.get("target_pk")?,
        target_id: row.get("target_id")?,
        kind,
        canonical_url: row.get("canonical_url")?,
        url_hash: row.get("url_hash")?,
        team_slug: row.get("team_slug")?,
        user_email: row.get("user_email")?,
        facts: Facts {
            server_instance_id: row.get("server_instance_id")?,
            deployment_id: row.get("deployment_id")?,
            environment_name: row.get("environment_name")?,
            git_sha: row.get("git_sha")?,
        },
        first_seen_at: row.get("first_seen_at")?,
        last_seen_at: row.get("last_seen_at")?,
        redrain_epoch: row.get("redrain_epoch")?,
        retired_at: row.get("retired_at")?,
        // A hint that cannot be read is none.
        reset_signal: signal.and_then(|text| ResetSignal::from_json(text.as_bytes()).ok()),
    })
}
