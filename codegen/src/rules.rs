//! The rules of every room enter; one list leaves, for `explain` and `rules`.

use crate::diagnostic::Rule;
use crate::{config, expr, load, output};

/// Every rule of the product, by id.
pub fn all() -> Vec<&'static Rule> {
    let rooms = [load::rules::RULES, config::rules::RULES, expr::rules::RULES, output::rules::RULES];
    let mut all: Vec<_> = rooms.into_iter().flatten().copied().collect();
    all.sort_by_key(|rule| rule.id);
    all
}
