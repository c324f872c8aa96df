//! A workspace enters; what is allowed in it and still likely to hurt somebody leaves as findings.
//!
//! One file a group of rules, one function a rule; the reason of each stands on its page.

mod documentation;
mod enums;
mod evolution;
mod fields;
mod fix;
mod naming;
pub mod rules;
mod security;
mod spelling;
mod suppress;
mod unions;
mod visit;
mod weigh;

pub use fix::fixed;
pub use spelling::spelling;
pub use suppress::{Suppression, suppressions};
pub use weigh::{weigh, weighable};

use crate::diagnostic::Diagnostics;
use crate::model::Workspace;

/// Everything that is found in a workspace without errors.
pub fn lint(workspace: &Workspace, out: &mut Diagnostics) {
    for check in [naming::CHECKS, documentation::CHECKS, fields::CHECKS, enums::CHECKS, unions::CHECKS]
        .into_iter()
        .chain([evolution::CHECKS, security::CHECKS])
        .flatten()
    {
        check(workspace, out);
    }
}

/// One rule.
type Check = fn(&Workspace, &mut Diagnostics);
