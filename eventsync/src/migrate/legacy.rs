//! The file of an older program's queue enters; its rows leave. It is never written, and what its log holds counts.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use rusqlite::types::ValueRef;
use rusqlite::{Connection, ErrorCode, OpenFlags, Row};
use tempfile::TempDir;

use crate::store;

/// How long a queue may be held by an older program.
const PATIENCE: Duration = Duration::from_secs(1);

/// Why a queue could not be read; the others are.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// Another program holds it.
    #[error("another program holds it: stop that program and run this again")]
    Locked,
    /// It is damaged, or no database.
    #[error("it is damaged or no database ({reason}): restore a copy, or move it away")]
    Damaged {
        /// What SQLite says.
        reason: String,
    },
    /// Its table is none that older programs made.
    #[error("its table `queue` has no column `{column}`")]
    Column {
        /// What is missing.
        column: &'static str,
    },
    /// It cannot be read.
    #[error("it cannot be read: {reason}")]
    Unreadable {
        /// What the system or SQLite says.
        reason: String,
    },
}

impl From<rusqlite::Error> for SourceError {
    fn from(error: rusqlite::Error) -> Self {
        let reason = error.to_string();
        match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => SourceError::Locked,
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => SourceError::Damaged { reason },
            _ => SourceError::Unreadable { reason },
        }
    }
}

impl From<std::io::Error> for SourceError {
    fn from(error: std::io::Error) -> Self {
        SourceError::Unreadable { reason: error.to_string() }
    }
}

/// An open queue.
pub struct Queue {
    connection: Connection,
    /// The file, and how it was when it was opened as one that nobody writes.
    idle: Option<(PathBuf, Stamp)>,
    // Removed with everything in it when the queue is closed.
    _copy: Option<TempDir>,
}

/// What a queue holds, counted.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    /// Events.
    pub events: i64,
    /// The largest number of an event, 0 where there is none.
    pub max_id: i64,
    /// Files that wait for being uploaded; not ours.
    pub body_uploads: i64,
    /// Uploads that failed; not ours.
    pub body_upload_failures: i64,
}

/// An event in a queue.
pub struct QueuedEvent {
    /// Its number there.
    pub id: i64,
    /// Its id; none where what stands there is no text.
    pub event_id: Option<String>,
    /// Its type; none where what stands there is no text.
    pub event_type: Option<String>,
    /// The envelope, byte for byte.
    pub data: Vec<u8>,
    /// When it was queued, in microseconds since 1970; none where that is no time.
    pub queued_at: Option<i128>,
    /// Under which only the newest was kept.
    pub coalesce_key: Option<String>,
}

impl Queue {
    /// Opens a queue for reading. Where that takes files that may not be made beside it, a copy is read.
    pub fn open(path: &Path) -> Result<Self, SourceError> {
        // SQLite would make a log and its index beside a file that is kept with one, and leave them there.
        if is_kept_with_log(path)? && !beside(path, "-wal").exists() {
            return Self::open_idle(path);
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let opened = Connection::open_with_flags(path, flags).and_then(ready).and_then(|connection| {
            // What is counted and what is read are the same, whoever writes meanwhile.
            connection.execute_batch("BEGIN")?;
            Ok(connection)
        });
        match opened {
            Ok(connection) => Ok(Queue { connection, idle: None, _copy: None }),
            Err(error) if needs_writing(&error) => Self::open_copy(path),
            Err(error) => Err(error.into()),
        }
    }

    /// Opens a queue for looking at it: no file is made beside it.
    pub fn look(path: &Path) -> Result<Self, SourceError> {
        if ["-wal", "-journal"].iter().any(|end| beside(path, end).exists()) {
            return Self::open(path);
        }
        Self::open_idle(path)
    }

    /// Opens a queue without a log: nobody has written to it since that was taken over into it.
    fn open_idle(path: &Path) -> Result<Self, SourceError> {
        let idle = Some((path.to_owned(), stamp(path)?));
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI;
        let connection = Connection::open_with_flags(store::immutable(path), flags).and_then(ready)?;
        Ok(Queue { connection, idle, _copy: None })
    }

    fn open_copy(path: &Path) -> Result<Self, SourceError> {
        let folder = tempfile::Builder::new().prefix("eventsync-queue-").tempdir()?;
        let copy = folder.path().join("queue.db");
        for end in ["", "-wal", "-journal"] {
            let from = beside(path, end);
            if end.is_empty() || from.exists() {
                fs::copy(from, beside(&copy, end))?;
                // The original may be one that nobody writes; SQLite has to.
                make_writable(&beside(&copy, end))?;
            }
        }
        let connection = Connection::open_with_flags(&copy, OpenFlags::SQLITE_OPEN_READ_WRITE).and_then(ready)?;
        Ok(Queue { connection, idle: None, _copy: Some(folder) })
    }

    /// How much there is. A file without a queue holds nothing.
    pub fn counts(&self) -> Result<Counts, SourceError> {
        let count = |table: &str| {
            if !self.has_table(table)? {
                return Ok(0);
            }
            self.connection.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0))
        };
        let max_id = if self.has_table("queue")? {
            self.connection.query_row("SELECT coalesce(max(id), 0) FROM queue", [], |row| row.get(0))?
        } else {
            0
        };
        Ok(Counts {
            events: count("queue")?,
            max_id,
            body_uploads: count("body_upload_queue")?,
            body_upload_failures: count("body_upload_failure_log")?,
        })
    }

    /// Gives each event to `each`, the oldest first, as long as it wants more. An error says that none of them counts.
    pub fn events(&self, each: impl FnMut(QueuedEvent) -> bool) -> Result<(), SourceError> {
        let read = self.rows(each);
        match &self.idle {
            // Whatever was read is of no use where another program began to write.
            Some((path, before)) if beside(path, "-wal").exists() || stamp(path)? != *before => {
                Err(SourceError::Locked)
            }
            _ => read,
        }
    }

    fn rows(&self, mut each: impl FnMut(QueuedEvent) -> bool) -> Result<(), SourceError> {
        if !self.has_table("queue")? {
            return Ok(());
        }
        let key = if self.has_column("coalesce_key")? { "coalesce_key" } else { "NULL" };
        for column in ["id", "event_id", "event_type", "data", "timestamp"] {
            if !self.has_column(column)? {
                return Err(SourceError::Column { column });
            }
        }
        let select =
            format!("SELECT id, event_id, event_type, data, timestamp, {key} FROM queue ORDER BY timestamp, id");
        let mut statement = self.connection.prepare(&select)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            if !each(event(row)?) {
                break;
            }
        }
        Ok(())
    }

    /// Gives the id of each event to `each`.
    pub fn event_ids(&self, mut each: impl FnMut(&str) -> rusqlite::Result<()>) -> Result<(), SourceError> {
        if !self.has_table("queue")? {
            return Ok(());
        }
        let mut statement = self.connection.prepare("SELECT event_id FROM queue")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            // What is no text is no id of an event that was imported.
            each(row.get_ref(0)?.as_str().unwrap_or_default())?;
        }
        Ok(())
    }

    fn has_table(&self, name: &str) -> rusqlite::Result<bool> {
        self.connection.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?1")?.exists([name])
    }

    fn has_column(&self, name: &str) -> Result<bool, SourceError> {
        Ok(self.connection.prepare("SELECT 1 FROM pragma_table_info('queue') WHERE name = ?1")?.exists([name])?)
    }
}

/// Opens a queue for removing events from it. Only `--cleanup` and `--resolve-conflicts` do.
pub(super) fn open_for_removal(path: &Path) -> Result<Connection, SourceError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    Ok(Connection::open_with_flags(path, flags).and_then(ready)?)
}

/// Reads the schema, so that a file that cannot be read is found out here.
fn ready(connection: Connection) -> rusqlite::Result<Connection> {
    connection.busy_timeout(PATIENCE)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
    Ok(connection)
}

/// Whether SQLite would have to write for being able to read: an index for the log, or what a crash left half done.
fn needs_writing(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen))
}

/// Length of a file, and when it was last written.
type Stamp = (u64, SystemTime);

fn stamp(path: &Path) -> Result<Stamp, SourceError> {
    let found = path.metadata()?;
    Ok((found.len(), found.modified()?))
}

/// Whether a file says of itself that it is written by way of a log.
fn is_kept_with_log(path: &Path) -> Result<bool, SourceError> {
    let mut head = Vec::new();
    fs::File::open(path)?.take(20).read_to_end(&mut head)?;
    Ok(head.get(18..20) == Some(&[2, 2]))
}

fn beside(path: &Path, end: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(end);
    name.into()
}

fn make_writable(path: &Path) -> std::io::Result<()> {
    #[cfg(unix)]
    let permissions = std::os::unix::fs::PermissionsExt::from_mode(0o600);
    #[cfg(not(unix))]
    let permissions = {
        let mut permissions = fs::metadata(path)?.permissions();
        permissions.set_readonly(false);
        permissions
    };
    fs::set_permissions(path, permissions)
}

fn event(row: &Row<'_>) -> rusqlite::Result<QueuedEvent> {
    let text = |column| -> rusqlite::Result<_> { Ok(row.get_ref(column)?.as_str().ok().map(str::to_owned)) };
    Ok(QueuedEvent {
        id: row.get(0)?,
        event_id: text(1)?,
        event_type: text(2)?,
        data: bytes(row.get_ref(3)?),
        queued_at: moment(row.get_ref(4)?),
        coalesce_key: text(5)?,
    })
}

/// A value as its bytes are on disk: text need not be UTF-8.
fn bytes(value: ValueRef<'_>) -> Vec<u8> {
    match value {
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => bytes.to_owned(),
        ValueRef::Null => Vec::new(),
        ValueRef::Integer(number) => number.to_string().into_bytes(),
        ValueRef::Real(number) => number.to_string().into_bytes(),
    }
}

/// Seconds as microseconds, where a date of four digits has them.
#[allow(clippy::cast_possible_truncation, reason = "the range is checked, and no fraction of a microsecond is kept")]
fn moment(value: ValueRef<'_>) -> Option<i128> {
    const LAST: i128 = 253_402_300_799_999_999;
    let micros = match value {
        ValueRef::Integer(seconds) => i128::from(seconds) * 1_000_000,
        ValueRef::Real(seconds) if seconds.is_finite() => (seconds * 1e6) as i128,
        _ => return None,
    };
    (0..=LAST).contains(&micros).then_some(micros)
}
