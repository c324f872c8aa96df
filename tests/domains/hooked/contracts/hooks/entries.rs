//! Entries of the old book enter; visits leave.

use crate::support::Object;

pub fn visit_of_entry(payload: Object) -> Object {
    let badge = payload.get("number").cloned();
    badge.into_iter().flat_map(|badge| [("badge".into(), badge.clone()), ("visitor".into(), badge)]).collect()
}
