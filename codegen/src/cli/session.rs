//! The options enter; the project that they mean leaves, with what was found in its configuration.

use super::Options;
use crate::diagnostic::Diagnostics;
use crate::load::{self, Project};
use crate::source::SourceMap;

/// What a verb works on: a project, and the findings about it so far.
pub(super) struct Session {
    pub project: Project,
    pub sources: SourceMap,
    pub found: Diagnostics,
}

impl Session {
    pub fn open(options: &Options) -> Result<Self, load::Error> {
        let (mut sources, mut found) = (SourceMap::default(), Diagnostics::default());
        let project = load::project(&options.directory, &mut sources, &mut found)?;
        Ok(Self { project, sources, found })
    }
}
