//! The root and the target enter; every queue below the root is taken over, each in one transaction; what came of it leaves.

use std::io;
use std::path::{Path, PathBuf};

use rusqlite::Connection;

use super::cleanup;
use super::digests;
use super::import::{self, ImportError, Taken};
use super::legacy::Queue;
use super::sources::{self, Skipped, Source};
use crate::generated::MigrationSourceStatus;
use crate::store::{self, StoreError, clock};

/// Changed pages that are held in memory until a source is read.
const CACHE_KIB: i64 = 32 * 1024;

/// What is to be done beside importing.
#[derive(Debug, Default, Clone, Copy)]
#[allow(clippy::struct_excessive_bools, reason = "each is a flag of the command")]
pub struct Options {
    /// Nothing is kept: only what would be done is counted.
    pub dry_run: bool,
    /// Conflicts are ended in favour of the journal.
    pub keep_journal: bool,
    /// Imported rows are removed from the sources.
    pub cleanup: bool,
}

/// Why the migration could not be carried out, or not to its end. Sources before that are complete.
#[derive(Debug, thiserror::Error)]
pub enum MigrateError {
    /// The folders cannot be read.
    #[error("{path}: {source}")]
    Folder {
        /// The root.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The store cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What came of a source.
#[derive(Debug, Clone)]
pub struct SourceReport {
    /// The source.
    pub source: Source,
    /// Whose it was: `known:` or `unknown:` and the digest.
    pub target_id: String,
    /// What was taken over.
    pub taken: Taken,
    /// Rows that were removed from it.
    pub cleaned: i64,
    /// Conflicts that were ended in favour of the journal.
    pub resolved: i64,
}

/// What came of the migration.
#[derive(Debug, Default)]
pub struct Report {
    /// Of each source.
    pub sources: Vec<SourceReport>,
    /// Sources that are gone and left open conflicts, with the number of these.
    pub gone: Vec<(String, i64)>,
    /// Files that lie among the queues and are none.
    pub skipped: Vec<Skipped>,
    /// Whether rows were to be removed and were not, because conflicts are open.
    pub cleanup_blocked: bool,
}

impl Report {
    /// Events that were new.
    pub fn imported(&self) -> i64 {
        self.sources.iter().map(|source| source.taken.imported).sum()
    }

    /// Events that were there, from elsewhere.
    pub fn deduped(&self) -> i64 {
        self.sources.iter().map(|source| source.taken.deduped).sum()
    }

    /// Events that are there with another payload.
    pub fn conflicts(&self) -> i64 {
        let there = self.sources.iter().map(|source| source.taken.conflicts);
        there.chain(self.gone.iter().map(|(_, conflicts)| *conflicts)).sum()
    }

    /// Sources of which something could not be read or removed.
    pub fn source_errors(&self) -> impl Iterator<Item = &SourceReport> {
        self.sources.iter().filter(|source| source.taken.error.is_some())
    }

    /// Whether everything was taken over and nothing is open.
    pub fn is_clean(&self) -> bool {
        self.conflicts() == 0 && self.source_errors().next().is_none() && !self.cleanup_blocked
    }
}

/// Takes over what lies below the root; `known` are the digests of the target's own queues. Without queues nothing is made.
pub fn migrate(root: &Path, known: &[String], options: Options) -> Result<Report, MigrateError> {
    let found = sources::discover(root).map_err(|source| MigrateError::Folder { path: root.to_owned(), source })?;
    let mut report = Report { skipped: found.skipped, ..Report::default() };
    if options.dry_run {
        rehearse(root, found.sources, known, &mut report)?;
        return Ok(report);
    }
    let opened = if found.sources.is_empty() { store::open_existing(root)? } else { Some(store::create(root)?) };
    let Some(mut store) = opened else { return Ok(report) };
    // A source is one transaction: what does not fit here is written to the log, and read and written again.
    store.pragma_update(None, "cache_size", -CACHE_KIB).map_err(StoreError::from)?;
    for source in found.sources {
        report.sources.push(take(&mut store, source, known)?);
    }
    report.gone = cleanup::gone(&store, &report.sources)?;
    if options.keep_journal {
        cleanup::resolve(&mut store, &mut report)?;
    }
    if options.cleanup {
        report.cleanup_blocked = !cleanup::remove(&store, &mut report.sources)?;
    }
    Ok(report)
}

/// Takes over one source, in one transaction.
fn take(store: &mut Connection, source: Source, known: &[String]) -> Result<SourceReport, StoreError> {
    let now = clock::now();
    let target_id = digests::target_id(&source.digest, known);
    let opened = Queue::open(&source.path).map_err(ImportError::from);
    let taken = opened.and_then(|queue| {
        store::in_transaction(store, |transaction| import::import(transaction, &source, queue, &target_id, &now))
    });
    let taken = match taken {
        Ok(taken) => taken,
        Err(ImportError::Store(error)) => return Err(error),
        Err(ImportError::Source(error)) => {
            let error = error.to_string();
            store::in_transaction::<_, StoreError>(store, |transaction| {
                import::record_failure(transaction, &source.digest, &error)
            })?;
            Taken::failed(error)
        }
    };
    Ok(SourceReport { source, target_id, taken, cleaned: 0, resolved: 0 })
}

/// Does the same in one transaction that is undone.
fn rehearse(root: &Path, sources: Vec<Source>, known: &[String], report: &mut Report) -> Result<(), StoreError> {
    store::undone(root, |transaction| {
        for source in sources {
            let target_id = digests::target_id(&source.digest, known);
            transaction.execute_batch("SAVEPOINT one_source")?;
            let taken = Queue::open(&source.path)
                .map_err(ImportError::from)
                .and_then(|queue| import::import(transaction, &source, queue, &target_id, &clock::now()));
            let taken = match taken {
                Ok(taken) => taken,
                Err(ImportError::Store(error)) => return Err(error),
                Err(ImportError::Source(error)) => {
                    transaction.execute_batch("ROLLBACK TO one_source")?;
                    Taken::failed(error.to_string())
                }
            };
            transaction.execute_batch("RELEASE one_source")?;
            report.sources.push(SourceReport { source, target_id, taken, cleaned: 0, resolved: 0 });
        }
        report.gone = cleanup::gone(transaction, &report.sources)?;
        Ok(())
    })
}

impl SourceReport {
    /// Adds that something could not be done with the source.
    pub(super) fn fail(&mut self, error: &impl ToString) {
        self.taken.status = MigrationSourceStatus::Error;
        self.taken.error = Some(error.to_string());
    }
}
