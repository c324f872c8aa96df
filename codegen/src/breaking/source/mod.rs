//! Both versions enter; every way in which code written against the generated packages stops compiling leaves.

mod declarations;
mod enums;
mod fields;
mod hooks;
mod others;

use super::pair::{Pair, Side};
use super::report::Report;

/// Reports every change in what is generated.
pub(super) fn compare(old: &Side<'_>, new: &Side<'_>, report: &mut Report<'_>) {
    let pair = Pair { old: old.workspace, new: new.workspace };
    declarations::packages(old, new, report);
    declarations::compare(&pair, report);
    fields::compare(&pair, report);
    enums::compare(&pair, report);
    others::compare(&pair, report);
    hooks::compare(&pair, report);
}
