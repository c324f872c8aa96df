//! Two versions of the contracts enter; every change by which they break each other leaves as a finding.
//!
//! Changes are judged in three categories: *source*, generated code stops compiling; *wire*, a reader of one version
//! refuses or misreads JSON of the other; *replay*, an old log folds to another state.

mod meaning;
mod pair;
mod replay;
mod report;
pub mod rules;
mod source;
mod wire;
mod witness;
mod written;

pub use pair::Side;

use crate::config::Breaking;
use crate::diagnostic::Diagnostics;
use crate::source::SourceMap;
use pair::Pair;
use report::Report;

/// Compares two versions; which findings count is said by `settings`.
pub fn compare(old: &Side<'_>, new: &Side<'_>, settings: &Breaking, sources: &SourceMap, out: &mut Diagnostics) {
    let pair = Pair { old: old.workspace, new: new.workspace };
    let mut report = Report::new(settings, out);
    source::compare(old, new, &mut report);
    wire::compare(&pair, &mut report);
    if settings.replay {
        replay::compare(old, new, sources, &mut report);
    }
    report.finish();
}
