//! What an operator decides about a project enters; whether its events may leave the machine leaves.

use rusqlite::{Connection, Transaction};

use crate::generated::ConsentState;
use crate::journal::envelope::is_uuid;
use crate::store::StoreError;

/// Why nothing was decided.
#[derive(Debug, thiserror::Error)]
pub enum ConsentError {
    /// The store could not be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A text that identifies no project.
    #[error("`{0}` is no UUID of a project")]
    NoUuid(String),
    /// Nobody said which project is meant, and there is not exactly one.
    #[error("say which project is meant: the store holds events of {0}")]
    Ambiguous(String),
}

impl From<rusqlite::Error> for ConsentError {
    fn from(error: rusqlite::Error) -> Self {
        ConsentError::Store(error.into())
    }
}

/// What was decided about a project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consent {
    /// The project.
    pub project_uuid: String,
    /// The decision; none where nobody was asked.
    pub state: Option<String>,
    /// Who decided.
    pub actor: Option<String>,
    /// When.
    pub changed_at: Option<String>,
}

/// Projects with events or decisions, by their UUID.
pub fn list(connection: &Connection) -> Result<Vec<Consent>, ConsentError> {
    let mut statement = connection.prepare(
        "SELECT p.project_uuid, c.state, c.actor, c.changed_at
         FROM (SELECT DISTINCT project_uuid FROM event_journal WHERE project_uuid IS NOT NULL
               UNION SELECT project_uuid FROM project_consent) p
         LEFT JOIN project_consent c USING (project_uuid) ORDER BY 1",
    )?;
    let rows = statement.query_map([], |row| {
        Ok(Consent { project_uuid: row.get(0)?, state: row.get(1)?, actor: row.get(2)?, changed_at: row.get(3)? })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The project that is meant: the one that is named, or the only one that has events.
pub fn meant(connection: &Connection, named: Option<&str>) -> Result<String, ConsentError> {
    if let Some(named) = named {
        let is_one = is_uuid(named);
        return is_one.then(|| named.to_ascii_lowercase()).ok_or_else(|| ConsentError::NoUuid(named.to_owned()));
    }
    let mut statement = connection
        .prepare("SELECT DISTINCT project_uuid FROM event_journal WHERE project_uuid IS NOT NULL ORDER BY 1")?;
    let mut projects: Vec<String> = statement.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    match (projects.pop(), projects.len()) {
        (Some(only), 0) => Ok(only),
        (None, _) => Err(ConsentError::Ambiguous("no project".to_owned())),
        (Some(last), _) => {
            projects.push(last);
            Err(ConsentError::Ambiguous(projects.join(", ")))
        }
    }
}

/// Keeps a decision; it replaces an earlier one.
pub fn decide(
    transaction: &Transaction<'_>,
    project_uuid: &str,
    state: ConsentState,
    actor: &str,
    now: &str,
) -> Result<(), ConsentError> {
    transaction.execute(
        "INSERT OR REPLACE INTO project_consent VALUES (?1, ?2, ?3, ?4)",
        (project_uuid, state.as_str(), actor, now),
    )?;
    Ok(())
}
