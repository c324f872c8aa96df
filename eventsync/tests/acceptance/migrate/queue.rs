//! Rows enter; a queue as older programs left it lies below the root.

use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::Connection;

/// How older programs made their file.
const TABLES: &str = "
  CREATE TABLE queue (id INTEGER PRIMARY KEY AUTOINCREMENT, event_id TEXT UNIQUE NOT NULL, event_type TEXT NOT NULL,
    data TEXT NOT NULL, timestamp INTEGER NOT NULL, retry_count INTEGER DEFAULT 0, coalesce_key TEXT);
  CREATE INDEX idx_timestamp ON queue (timestamp);
  CREATE INDEX idx_retry ON queue (retry_count);
  CREATE INDEX idx_coalesce_key ON queue (coalesce_key);
  CREATE TABLE body_upload_queue (id INTEGER PRIMARY KEY AUTOINCREMENT, project_uuid TEXT NOT NULL, mission_slug TEXT NOT NULL,
    target_branch TEXT NOT NULL, mission_type TEXT NOT NULL, manifest_version TEXT NOT NULL, artifact_path TEXT NOT NULL,
    content_hash TEXT NOT NULL, hash_algorithm TEXT NOT NULL DEFAULT 'sha256', content_body TEXT NOT NULL,
    size_bytes INTEGER NOT NULL, retry_count INTEGER DEFAULT 0, next_attempt_at REAL DEFAULT 0, created_at REAL NOT NULL,
    last_error TEXT, UNIQUE (project_uuid, mission_slug, target_branch, mission_type, manifest_version, artifact_path,
    content_hash));
  CREATE TABLE body_upload_failure_log (id INTEGER PRIMARY KEY AUTOINCREMENT, project_uuid TEXT NOT NULL,
    mission_slug TEXT NOT NULL, target_branch TEXT NOT NULL, mission_type TEXT NOT NULL, manifest_version TEXT NOT NULL,
    artifact_path TEXT NOT NULL, content_hash TEXT NOT NULL, size_bytes INTEGER NOT NULL, failure_reason TEXT NOT NULL,
    failure_count INTEGER DEFAULT 1, first_failed_at REAL NOT NULL, last_failed_at REAL NOT NULL, UNIQUE (project_uuid,
    mission_slug, target_branch, mission_type, manifest_version, artifact_path, content_hash, failure_reason));";

/// The queue of no scope.
pub fn legacy(root: &Path) -> Connection {
    at(&root.join("queue.db"))
}

/// The queue of a scope.
pub fn scoped(root: &Path, digest: &str) -> Connection {
    at(&path(root, digest))
}

/// Where the queue of a scope lies.
pub fn path(root: &Path, digest: &str) -> PathBuf {
    root.join("queues").join(format!("queue-{digest}.db"))
}

/// A queue in this file.
pub fn at(path: &Path) -> Connection {
    fs::create_dir_all(path.parent().expect("a folder")).expect("the folder");
    let connection = Connection::open(path).expect("a queue");
    connection.execute_batch(TABLES).expect("its tables");
    connection
}

/// Puts an event into a queue, as older programs did.
pub fn put(queue: &Connection, event_id: &str, data: &str, timestamp: i64) {
    let row = (event_id, "WPStatusChanged", data, timestamp);
    let insert = "INSERT INTO queue (event_id, event_type, data, timestamp) VALUES (?1, ?2, ?3, ?4)";
    queue.execute(insert, row).expect("a row");
}

/// An envelope with this id, of a project.
pub fn envelope(event_id: &str, note: &str) -> String {
    format!(
        r#"{{"event_id": "{event_id}", "event_type": "WPStatusChanged", "payload": {{"wp_id": "WP01", "note": "{note}"}}, "project_uuid": "6F9619FF-8B86-4011-B42D-00C04FC964FF", "project_slug": "demo"}}"#
    )
}

/// Puts an upload, and one that failed, beside the events.
pub fn put_uploads(queue: &Connection) {
    let script = "INSERT INTO body_upload_queue (project_uuid, mission_slug, target_branch, mission_type, manifest_version,
        artifact_path, content_hash, content_body, size_bytes, created_at)
        VALUES ('p', 'm', 'main', 't', '1', 'a.md', 'h', 'body', 4, 1.5), ('p', 'm', 'main', 't', '1', 'b.md', 'h', 'body', 4, 1.5);
      INSERT INTO body_upload_failure_log (project_uuid, mission_slug, target_branch, mission_type, manifest_version,
        artifact_path, content_hash, size_bytes, failure_reason, first_failed_at, last_failed_at)
        VALUES ('p', 'm', 'main', 't', '1', 'c.md', 'h', 4, 'gone', 1, 2);";
    queue.execute_batch(script).expect("uploads");
}
