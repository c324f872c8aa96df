//! What people are to read about a declaration enters; the annotations of its schema leave, before the schema itself.

use super::node::Object;
use crate::model::{Deprecation, Meta};

/// Annotations, then the schema. A title is written only where the contract gives one.
pub(super) fn described(meta: &Meta, schema: Object) -> Object {
    let annotated = Object::default()
        .with_some("title", meta.title.as_deref())
        .with_some("description", meta.doc.as_deref())
        .with_some("x-since", meta.since.as_ref().map(|since| since.0.as_str()));
    let annotated = match &meta.deprecated {
        None => annotated,
        Some(why) => annotated.with("deprecated", true).with("x-deprecated", deprecation(why)),
    };
    let schema = annotated.then(schema);
    if meta.examples.is_empty() { schema } else { schema.with("examples", meta.examples.iter().collect::<Vec<_>>()) }
}

/// Since when, why, and what to use instead.
pub(super) fn deprecation(deprecation: &Deprecation) -> Object {
    Object::of("since", deprecation.since.0.as_str())
        .with("reason", deprecation.reason.as_str())
        .with_some("use", deprecation.replacement.as_deref())
}
