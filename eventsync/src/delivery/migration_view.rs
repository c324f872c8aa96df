//! What a migration left enters, gathered by whoever may look at older stores; status and retention see no more of it.

/// A queue of older programs.
#[derive(Debug, Clone, Default)]
pub struct QueueCounts {
    /// Its file.
    pub path: String,
    /// Events in it.
    pub events: i64,
    /// Uploads in it.
    pub body_uploads: i64,
    /// Uploads that failed.
    pub body_upload_failures: i64,
}

/// One id with two contents.
#[derive(Debug, Clone)]
pub struct ConflictSeen {
    /// The id.
    pub event_id: String,
    /// The source of the other content.
    pub source_digest: String,
    /// Of the content in the journal.
    pub existing_sha: String,
    /// Of the content in the source.
    pub incoming_sha: String,
    /// How they differ.
    pub detail: String,
}

/// What status and retention have to know of older stores.
#[derive(Debug, Clone, Default)]
pub struct MigrationView {
    /// What nobody decided yet.
    pub conflicts: Vec<ConflictSeen>,
    /// Sources with rows that were not imported.
    pub unmigrated: Vec<(String, i64)>,
    /// The queue of the present scope.
    pub active_queue: QueueCounts,
    /// The queue of all scopes.
    pub legacy_queue: QueueCounts,
    /// Rows of the latter that were not imported.
    pub rows_in_scope: i64,
}
