//! A folder of its own enters; the command runs with it as its root, and what it says and stores leaves.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use eventsync::store::files;
use rusqlite::Connection;
use tempfile::TempDir;

/// A root that nobody else uses, removed in the end.
pub struct Home {
    folder: TempDir,
}

impl Home {
    /// An empty one.
    pub fn new() -> Self {
        Home { folder: TempDir::new().expect("a folder for the test") }
    }

    /// An empty one in memory, where the system offers that: for tests that write gigabytes, or flush all the time.
    pub fn in_memory() -> Self {
        let memory = Path::new("/dev/shm");
        let folder = if memory.is_dir() { TempDir::new_in(memory) } else { TempDir::new() };
        Home { folder: folder.expect("a folder for the test") }
    }

    /// One with an empty store as the first program made it.
    pub fn of_first_step() -> Self {
        let home = Home::new();
        files::private_folder(&home.root()).expect("a folder");
        files::open_private(&home.root().join("sync.db")).expect("a file");
        let store = home.store();
        store.pragma_update(None, "journal_mode", "wal").expect("a log");
        store.execute_batch(include_str!("../../schema/0001.sql")).expect("the first step");
        store.execute_batch("PRAGMA application_id = 0x45565359; PRAGMA user_version = 1").expect("its number");
        home
    }

    /// The root of the store.
    pub fn root(&self) -> PathBuf {
        self.folder.path().join("home")
    }

    /// The command, with this root and nothing else of the environment.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_eventsync"));
        command.args(arguments).env_clear().env("SPEC_KITTY_HOME", self.root()).env("HOME", self.folder.path());
        command
    }

    /// Runs the command to its end.
    pub fn run(&self, arguments: &[&str]) -> Said {
        let Output { status, stdout, stderr } = self.command(arguments).output().expect("the command runs");
        Said { code: status.code(), out: utf8(stdout), err: utf8(stderr) }
    }

    /// Runs the command with these bytes on stdin.
    pub fn feed(&self, arguments: &[&str], input: &[u8]) -> Said {
        let mut command = self.command(arguments);
        let piped = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut process = piped.spawn().expect("the command runs");
        let mut stdin = process.stdin.take().expect("stdin is a pipe");
        let bytes = input.to_vec();
        // A command that ends early closes the pipe.
        let feeding = std::thread::spawn(move || stdin.write_all(&bytes));
        let Output { status, stdout, stderr } = process.wait_with_output().expect("the command ends");
        let _ = feeding.join().expect("the thread ends");
        Said { code: status.code(), out: utf8(stdout), err: utf8(stderr) }
    }

    /// One that holds events of one project, which may be sent.
    pub fn holding(events: &str) -> Self {
        let home = Home::new();
        let captured = home.feed(&["capture"], events.as_bytes());
        assert_eq!(captured.code, Some(0), "{captured:?}");
        assert_eq!(home.run(&["consent", "grant"]).code, Some(0));
        home
    }

    /// How many events stand where at all targets, as `status|count`.
    pub fn ledger(&self) -> Vec<String> {
        self.rows("SELECT status_text, count(*) FROM delivery_ledger_view GROUP BY 1 ORDER BY 1")
    }

    /// Chooses this endpoint.
    pub fn external(&self, url: &str) {
        let said = self.run(&["mode", "EXTERNAL_RECEIVER", "--endpoint", url]);
        assert_eq!(said.code, Some(0), "{said:?}");
    }

    /// The store, opened as any program may open it.
    pub fn store(&self) -> Connection {
        let connection = Connection::open(self.root().join("sync.db")).expect("a store");
        connection.busy_timeout(std::time::Duration::from_secs(10)).expect("a timeout");
        connection
    }

    /// The one number that a query gives.
    pub fn number(&self, sql: &str) -> i64 {
        self.store().query_row(sql, [], |row| row.get(0)).expect("a number")
    }

    /// The texts that a query gives, its columns joined by `|`.
    pub fn rows(&self, sql: &str) -> Vec<String> {
        rows(&self.store(), sql)
    }
}

/// What a command said.
#[derive(Debug)]
pub struct Said {
    /// Its exit code; none where it was killed.
    pub code: Option<i32>,
    /// What it printed as data.
    pub out: String,
    /// What it printed beside.
    pub err: String,
}

impl Said {
    /// The one object that it printed.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

/// The texts that a query gives, the columns of each row joined by `|`.
pub fn rows(connection: &Connection, sql: &str) -> Vec<String> {
    let mut statement = connection.prepare(sql).expect("a query");
    let columns = statement.column_count();
    let texts = statement.query_map([], |row| {
        let text = |column| -> rusqlite::Result<String> {
            Ok(match row.get_ref(column)? {
                rusqlite::types::ValueRef::Null => "-".to_owned(),
                rusqlite::types::ValueRef::Integer(number) => number.to_string(),
                rusqlite::types::ValueRef::Real(number) => number.to_string(),
                rusqlite::types::ValueRef::Text(bytes) | rusqlite::types::ValueRef::Blob(bytes) => {
                    String::from_utf8_lossy(bytes).into_owned()
                }
            })
        };
        Ok((0..columns).map(text).collect::<rusqlite::Result<Vec<_>>>()?.join("|"))
    });
    texts.and_then(Iterator::collect).expect("rows")
}

/// The bytes of every file below a folder, by path; none where there is no folder.
pub fn files(folder: &Path) -> std::collections::BTreeMap<PathBuf, Vec<u8>> {
    let mut found = std::collections::BTreeMap::new();
    let Ok(entries) = std::fs::read_dir(folder) else { return found };
    for entry in entries {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.insert(path.clone(), std::fs::read(&path).expect("a file"));
        }
    }
    found
}

fn utf8(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).expect("UTF-8 is printed")
}
