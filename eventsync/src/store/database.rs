//! The root enters; connections to `sync.db` leave: one that writes and makes what is missing, and some that only read.

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags, OptionalExtension, Transaction, TransactionBehavior};

use super::{StoreError, clock, files, schema};

/// The database, below the root.
pub const STORE_FILE: &str = "sync.db";

/// From this release on no commit is lost when several connections write to the log.
const OLDEST_SQLITE: (i32, &str) = (3_051_003, "3.51.3");

/// How long a writer waits for another one.
const PATIENCE: Duration = Duration::from_secs(5);

/// How often a writer waits in vain, while nobody else writes, before it fails.
const ATTEMPTS: u32 = 3;

/// How often it waits at most while others do.
const MOST_TURNS: u32 = 24;

/// What a reader finds.
pub enum Found {
    /// Nobody made a store yet.
    Nothing,
    /// A store, opened for reading.
    Store(Connection),
}

/// Opens the store for writing, and makes it and its folder where they are missing.
pub fn create(root: &Path) -> Result<Connection, StoreError> {
    let at = |source| StoreError::Io { path: root.to_owned(), source };
    files::private_folder(root).map_err(at)?;
    if files::is_on_network(root).map_err(at)? {
        return Err(StoreError::StoreOnNetworkFs { path: root.to_owned() });
    }
    let path = root.join(STORE_FILE);
    // SQLite would make the file for everybody; its log takes the permissions over.
    if !path.exists() {
        files::open_private(&path).map_err(|source| match source.kind() {
            std::io::ErrorKind::PermissionDenied | std::io::ErrorKind::ReadOnlyFilesystem => {
                StoreError::ReadOnly { reason: format!("{}: {source}", path.display()) }
            }
            _ => StoreError::Io { path: path.clone(), source },
        })?;
        files::sync_folder(root).map_err(at)?;
    }
    open(&path).map_err(|error| error.at(&path))
}

/// Opens the store for writing where there is one.
pub fn open_existing(root: &Path) -> Result<Option<Connection>, StoreError> {
    if root.join(STORE_FILE).exists() { create(root).map(Some) } else { Ok(None) }
}

/// Opens the store for reading. Nothing is made.
pub fn read(root: &Path) -> Result<Found, StoreError> {
    let path = root.join(STORE_FILE);
    if !path.exists() {
        return Ok(Found::Nothing);
    }
    let at = |error: StoreError| error.at(&path);
    let (mut step, mut connection) = read_only(&path).map_err(at)?;
    // Who reads knows the present schema alone: an older program's store is brought up to date before.
    if (1..schema::newest()).contains(&step) {
        drop(connection);
        open(&path).map_err(at)?;
        (step, connection) = read_only(&path).map_err(at)?;
    }
    // Killed before its first step was committed, a store holds nothing yet.
    Ok(if step == 0 { Found::Nothing } else { Found::Store(connection) })
}

fn open(path: &Path) -> Result<Connection, StoreError> {
    let mut connection = connect(path)?;
    schema::bring_up_to_date(&mut connection, path)?;
    follow_clock(&connection)?;
    Ok(connection)
}

/// A connection whose commits are durable, to a store of any step.
fn connect(path: &Path) -> Result<Connection, StoreError> {
    refuse_old_sqlite()?;
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    prepare(&connection)?;
    // Pages that `gc` frees go back to the system. Only a new file takes this; an old one would be written each time.
    if schema::check(&connection, path)? == 0 {
        connection.pragma_update(None, "auto_vacuum", "INCREMENTAL")?;
    }
    use_log(&connection)?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "wal_autocheckpoint", 1000)?;
    connection.pragma_update(None, "journal_size_limit", 64 * 1024 * 1024)?;
    // What undoes a statement that fails, triggers included: in files it took most writes of a capture.
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    if cfg!(target_os = "macos") {
        connection.pragma_update(None, "fullfsync", true)?;
        connection.pragma_update(None, "checkpoint_fullfsync", true)?;
    }
    refuse_weak_commits(&connection)?;
    Ok(connection)
}

/// Lets the moments of this run follow those that are written, also where the clock was set back since.
fn follow_clock(connection: &Connection) -> Result<(), StoreError> {
    for sql in [
        "SELECT created_at FROM event_journal ORDER BY seq DESC LIMIT 1",
        // The last row may be that of a queue, which has the age that it had there.
        "SELECT max(completed_at) FROM migration_sources",
        "SELECT finished_at FROM delivery_attempts ORDER BY attempt_id DESC LIMIT 1",
    ] {
        let written = connection.query_row(sql, [], |row| row.get::<_, Option<String>>(0)).optional()?;
        if let Some(written) = written.flatten() {
            clock::not_before(&written);
        }
    }
    Ok(())
}

/// A commit that is not on the disk when it returns would be answered all the same.
fn refuse_weak_commits(connection: &Connection) -> Result<(), StoreError> {
    const FULL: i64 = 2;
    let synchronous: i64 = connection.pragma_query_value(None, "synchronous", |row| row.get(0))?;
    if synchronous == FULL {
        return Ok(());
    }
    Err(StoreError::ReadOnly { reason: format!("SQLite keeps synchronous at {synchronous}, so commits may be lost") })
}

/// Lets SQLite refresh what it knows of its tables, for those who have written much.
pub fn optimize(connection: &Connection) -> Result<(), StoreError> {
    Ok(connection.execute_batch("PRAGMA optimize")?)
}

fn read_only(path: &Path) -> Result<(i64, Connection), StoreError> {
    refuse_old_sqlite()?;
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_with_flags(path, flags)?;
    prepare(&connection)?;
    let step = match schema::check(&connection, path) {
        // A folder that may not be written has no room for the log's index: without a log beside it, the file is all.
        Err(StoreError::ReadOnly { .. }) if !path.with_extension("db-wal").exists() => {
            connection = Connection::open_with_flags(immutable(path), flags | OpenFlags::SQLITE_OPEN_URI)?;
            prepare(&connection)?;
            schema::check(&connection, path)?
        }
        other => other?,
    };
    Ok((step, connection))
}

/// The URI under which SQLite reads a database that nobody writes: it locks nothing and makes no file beside it.
pub fn immutable(path: &Path) -> String {
    let escaped = path.to_string_lossy().replace('%', "%25").replace('?', "%3f").replace('#', "%23");
    format!("file:{escaped}?immutable=1")
}

/// Runs `work` on the store, or on an empty one in memory where there is none, and undoes what it did; the steps of the
/// schema that the store lacks too.
pub fn undone<T, E: From<StoreError>>(
    root: &Path,
    work: impl FnOnce(&Transaction<'_>) -> Result<T, E>,
) -> Result<T, E> {
    let path = root.join(STORE_FILE);
    let is_there = path.metadata().is_ok_and(|found| found.len() > 0);
    let connection = if is_there { connect(&path) } else { in_memory() }.map_err(|error| error.at(&path))?;
    let transaction = begin(&connection)?;
    schema::take_steps(&transaction, &path).map_err(|error| error.at(&path))?;
    let found = work(&transaction)?;
    transaction.rollback().map_err(StoreError::from)?;
    Ok(found)
}

fn in_memory() -> Result<Connection, StoreError> {
    let connection = Connection::open_in_memory()?;
    prepare(&connection)?;
    Ok(connection)
}

fn prepare(connection: &Connection) -> Result<(), StoreError> {
    connection.busy_timeout(PATIENCE)?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(())
}

/// Turns the log on. SQLite does not wait for a lock here, so this does.
fn use_log(connection: &Connection) -> Result<(), StoreError> {
    for attempt in 0.. {
        let mode = connection.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get::<_, String>(0));
        match mode {
            Ok(mode) if mode == "wal" => return Ok(()),
            Ok(mode) => return Err(StoreError::ReadOnly { reason: format!("SQLite keeps journal mode {mode}") }),
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) && attempt < 100 => {
                std::thread::sleep(Duration::from_millis(50));
            }
            Err(error) => return Err(error.into()),
        }
    }
    unreachable!("the loop returns")
}

fn refuse_old_sqlite() -> Result<(), StoreError> {
    let (number, needed) = OLDEST_SQLITE;
    if rusqlite::version_number() < number {
        return Err(StoreError::SqliteTooOld { found: rusqlite::version(), needed });
    }
    Ok(())
}

/// Runs `write` in one transaction that holds the write lock from its beginning. It is durable when this returns, and
/// undone whole where `write` or the commit fails.
pub fn in_transaction<T, E: From<StoreError>>(
    connection: &mut Connection,
    write: impl FnOnce(&Transaction<'_>) -> Result<T, E>,
) -> Result<T, E> {
    let transaction = begin(connection)?;
    let written = write(&transaction)?;
    transaction.commit().map_err(StoreError::from)?;
    Ok(written)
}

fn begin(connection: &Connection) -> Result<Transaction<'_>, StoreError> {
    let (mut in_vain, mut seen) = (1, None);
    for turn in 1.. {
        match Transaction::new_unchecked(connection, TransactionBehavior::Immediate) {
            Ok(transaction) => return Ok(transaction),
            Err(error) if error.sqlite_error_code() != Some(ErrorCode::DatabaseBusy) => return Err(error.into()),
            Err(error) if in_vain == ATTEMPTS || turn == MOST_TURNS => return Err(error.into()),
            // SQLite lets writers in without any order: while others get on, this one has not been forgotten.
            Err(_) => {
                let now = connection.pragma_query_value(None, "data_version", |row| row.get::<_, i64>(0)).ok();
                in_vain += u32::from(seen.is_none() || now == seen);
                seen = now;
            }
        }
    }
    unreachable!("the loop returns")
}
