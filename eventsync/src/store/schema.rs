//! A connection enters; it leaves with every step of the schema taken.

use std::path::Path;

use rusqlite::{Connection, Transaction, TransactionBehavior};

use super::StoreError;

/// "EVSY": says whose database it is.
const APPLICATION_ID: i64 = 0x4556_5359;

/// Steps from nothing to the present schema; each takes the store from the number before it. Never change one that was
/// released: add another.
const STEPS: &[&str] = &[
    include_str!("../../schema/0001.sql"),
    include_str!("../../schema/0002.sql"),
    include_str!("../../schema/0003.sql"),
    include_str!("../../schema/0004.sql"),
];

/// The number of the last step.
pub(super) fn newest() -> i64 {
    i64::try_from(STEPS.len()).expect("few steps")
}

/// Takes the steps that are missing, all or none. A store of a newer program is refused.
pub(super) fn bring_up_to_date(connection: &mut Connection, path: &Path) -> Result<(), StoreError> {
    if check(connection, path)? == newest() {
        return Ok(());
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    take_steps(&transaction, path)?;
    Ok(transaction.commit()?)
}

/// Takes the steps that are missing, in a transaction of the caller.
pub(super) fn take_steps(transaction: &Transaction<'_>, path: &Path) -> Result<(), StoreError> {
    // Another program may have been faster.
    let taken = usize::try_from(check(transaction, path)?).unwrap_or(0);
    for step in &STEPS[taken..] {
        transaction.execute_batch(step)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    Ok(transaction.pragma_update(None, "user_version", newest())?)
}

/// The step that the store is at.
pub(super) fn check(connection: &Connection, path: &Path) -> Result<i64, StoreError> {
    let number = |pragma| connection.pragma_query_value(None, pragma, |row| row.get::<_, i64>(0));
    let (application, found) = (number("application_id")?, number("user_version")?);
    if application != APPLICATION_ID && (application, found) != (0, 0) {
        let reason = format!("application id {application:#x}");
        return Err(StoreError::Corrupt { path: path.to_owned(), reason });
    }
    if found > newest() {
        return Err(StoreError::SchemaTooNew { path: path.to_owned(), found, known: newest() });
    }
    Ok(found)
}
