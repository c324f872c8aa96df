//! The differences between plan and disk as rules: nothing enters, ids and pages leave.

use super::plan::State;
use crate::diagnostic::{Rule, rule};

/// The contracts changed, the file did not.
pub const STALE: Rule = rule!("generated-file-stale", Error);
/// The file is not there.
pub const MISSING: Rule = rule!("generated-file-missing", Error);
/// Nothing generates the file any more.
pub const ORPHAN: Rule = rule!("generated-file-orphan", Error);
/// Somebody changed the file by hand.
pub const HAND_EDITED: Rule = rule!("generated-file-hand-edited", Error);
/// A file of somebody else stands where one would be generated.
pub const FOREIGN: Rule = rule!("generated-file-foreign", Error);
/// The place is one that is never written.
pub const BLOCKED: Rule = rule!("generated-file-blocked", Error);

/// All rules of this room.
pub const RULES: &[&Rule] = &[&STALE, &MISSING, &ORPHAN, &HAND_EDITED, &FOREIGN, &BLOCKED];

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
            Self::Stale | Self::Missing | Self::Orphan => "run `cargo run -p codegen` and commit what it writes",
            Self::HandEdited => {
                "make the change in the contracts and restore the file, or give it up by `cargo run -p codegen -- generate --overwrite`"
            }
            Self::Foreign => {
                "move the file away, or give it up by `cargo run -p codegen -- generate --overwrite`, or choose another output in `codegen.toml`"
            }
            Self::Blocked(_) => "clear the way, or choose another output in `codegen.toml`",
        }
    }
}
