//! Numbers of events enter; runs without a gap leave, and the runs that are on their way to a server are kept.

use rusqlite::Transaction;

/// Numbers without a gap.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Run {
    pub first: i64,
    pub last: i64,
}

/// Numbers, each with what is said of it, as runs of which the same is said.
pub(super) fn runs<T: PartialEq>(said: impl IntoIterator<Item = (i64, T)>) -> Vec<(Run, T)> {
    let mut runs: Vec<(Run, T)> = Vec::new();
    for (seq, what) in said {
        match runs.last_mut() {
            Some((run, same)) if run.last + 1 == seq && *same == what => run.last = seq,
            _ => runs.push((Run { first: seq, last: seq }, what)),
        }
    }
    runs
}

/// Numbers as runs.
pub(super) fn plain(numbers: impl IntoIterator<Item = i64>) -> Vec<Run> {
    runs(numbers.into_iter().map(|seq| (seq, ()))).into_iter().map(|(run, ())| run).collect()
}

/// Freezes the bytes of events that are about to be sent to a target.
pub(super) fn take_off(
    transaction: &Transaction<'_>,
    target_pk: i64,
    runs: &[Run],
    batch_id: &str,
    now: &str,
) -> rusqlite::Result<()> {
    // A pass that died may have left some of them in runs of its own.
    land(transaction, target_pk, runs)?;
    let mut fly = transaction.prepare_cached("INSERT INTO in_flight VALUES (?1, ?2, ?3, ?4, ?5)")?;
    runs.iter().try_for_each(|run| fly.execute((target_pk, run.first, run.last, batch_id, now)).map(drop))
}

/// Takes events out of what is on its way to a target; what is left of a longer run stays.
pub(super) fn land(transaction: &Transaction<'_>, target_pk: i64, runs: &[Run]) -> rusqlite::Result<()> {
    let mut behind = transaction.prepare_cached(
        "INSERT INTO in_flight SELECT target_pk, ?2 + 1, last_seq, batch_id, leased_at FROM in_flight
         WHERE target_pk = ?1 AND first_seq <= ?2 AND last_seq > ?2",
    )?;
    let mut before = transaction.prepare_cached(
        "UPDATE in_flight SET last_seq = ?2 - 1 WHERE target_pk = ?1 AND first_seq < ?2 AND last_seq >= ?2",
    )?;
    let mut within =
        transaction.prepare_cached("DELETE FROM in_flight WHERE target_pk = ?1 AND first_seq BETWEEN ?2 AND ?3")?;
    for run in runs {
        behind.execute((target_pk, run.last))?;
        before.execute((target_pk, run.first))?;
        within.execute((target_pk, run.first, run.last))?;
    }
    Ok(())
}
