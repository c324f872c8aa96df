//! The root and a target enter; the right to drain it leaves, until it is dropped or the program dies.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OptionalExtension, Transaction};

use super::{DispatchError, lock_path};
use crate::store::files;

/// The right to drain a target. The system takes it back from a program that dies.
#[derive(Debug)]
pub struct DispatchLock {
    file: File,
    path: PathBuf,
}

impl DispatchLock {
    /// Takes the lock; none where another program drains this target. With `wait`, waits for that one to end.
    pub fn take(root: &Path, target_id: &str, wait: bool) -> Result<Option<Self>, DispatchError> {
        let path = lock_path(root, target_id);
        let refused = |source| DispatchError::Lock { path: path.clone(), source };
        files::private_folder(&root.join("locks")).map_err(refused)?;
        let file = files::open_private(&path).map_err(refused)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) if wait => file.lock().map_err(refused)?,
            Err(TryLockError::WouldBlock) => return Ok(None),
            Err(TryLockError::Error(error)) => return Err(refused(error)),
        }
        Ok(Some(DispatchLock { file, path }))
    }

    /// Says in the store who drains.
    pub fn announce(
        &self,
        transaction: &Transaction<'_>,
        target_pk: i64,
        owner_json: &str,
        now: &str,
    ) -> Result<(), DispatchError> {
        transaction.execute(
            "INSERT OR REPLACE INTO dispatch_lease VALUES (?1, ?2, ?3, ?4, NULL)",
            (target_pk, std::process::id(), owner_json, now),
        )?;
        Ok(())
    }

    /// Takes that back.
    pub fn withdraw(self, transaction: &Transaction<'_>, target_pk: i64) -> Result<(), DispatchError> {
        transaction.execute("DELETE FROM dispatch_lease WHERE target_pk = ?1", [target_pk])?;
        self.file.unlock().map_err(|source| DispatchError::Lock { path: self.path.clone(), source })
    }
}

/// Who says to drain a target, and whether that is still so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// The number of the program that began to drain.
    pub pid: i64,
    /// What it said about itself.
    pub owner_json: String,
    /// Whether it still does: a program that died holds no lock.
    pub is_draining: bool,
}

/// Who drains a target; none where nobody began.
pub fn holder(
    connection: &Connection,
    root: &Path,
    target_id: &str,
    target_pk: i64,
) -> Result<Option<Holder>, DispatchError> {
    let mut statement = connection.prepare_cached("SELECT pid, owner_json FROM dispatch_lease WHERE target_pk = ?1")?;
    let found = statement.query_row([target_pk], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    let Some((pid, owner_json)) = found else { return Ok(None) };
    let path = lock_path(root, target_id);
    let is_draining = match File::open(&path) {
        Ok(file) => match file.try_lock_shared() {
            Ok(()) => false,
            Err(TryLockError::WouldBlock) => true,
            Err(TryLockError::Error(source)) => return Err(DispatchError::Lock { path, source }),
        },
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => false,
        Err(source) => return Err(DispatchError::Lock { path, source }),
    };
    Ok(Some(Holder { pid, owner_json, is_draining }))
}
