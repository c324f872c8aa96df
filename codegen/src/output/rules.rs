//! The differences between plan and disk as rules: nothing enters, ids and pages leave.

use super::plan::State;
use crate::diagnostic::{Rule, rules};

rules! {
    STALE = "generated-file-stale", Error;
    MISSING = "generated-file-missing", Error;
    ORPHAN = "generated-file-orphan", Error;
    HAND_EDITED = "generated-file-hand-edited", Error;
    FOREIGN = "generated-file-foreign", Error;
    BLOCKED = "generated-file-blocked", Error;
}

impl State {
    /// The rule that a difference of this kind breaks.
    pub fn rule(&self) -> &'static Rule {
        match self {
            Self::Stale => &STALE,
            Self::Missing => &MISSING,
            Self::Orphan => &ORPHAN,
            Self::HandEdited => &HAND_EDITED,
            Self::Foreign => &FOREIGN,
            Self::Blocked(_) => &BLOCKED,
        }
    }

    /// What is wrong with the file at `path`.
    pub(super) fn message(&self, path: &str) -> String {
        match self {
            Self::Stale => format!("`{path}` is not what the contracts say now"),
            Self::Missing => format!("`{path}` is not there"),
            Self::Orphan => format!("`{path}` was generated, and nothing generates it any more"),
            Self::HandEdited => format!("`{path}` was generated, and edited by hand since"),
            Self::Foreign => format!("`{path}` is not ours and stands where a file would be generated"),
            Self::Blocked(why) => format!("`{path}` cannot be generated: {why}"),
        }
    }

    /// The way out.
    pub(super) fn help(&self) -> &'static str {
        match self {
            Self::Stale | Self::Missing | Self::Orphan => "run `codegen` and commit what it writes",
            Self::HandEdited => {
                "make the change in the contracts and restore the file, or give it up by `codegen generate --overwrite`"
            }
            Self::Foreign => {
                "move the file away, or give it up by `codegen generate --overwrite`, or choose another output in `codegen.toml`"
            }
            Self::Blocked(_) => "clear the way, or choose another output in `codegen.toml`",
        }
    }
}
