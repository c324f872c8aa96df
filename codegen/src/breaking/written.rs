//! A type or value enters; how the contract language writes it leaves, for messages.

use crate::json::{Value, canonical};
use crate::model::{EnumType, Presence, Type, Workspace};

/// The type as a contract would name it; bounds are left out.
pub(super) fn ty(workspace: &Workspace, of: &Type) -> String {
    let inner = |of: &Type| ty(workspace, of);
    match of {
        Type::Primitive(of) => of.as_str().to_owned(),
        Type::Scalar(id) => workspace.scalars[*id].meta.name.clone(),
        Type::Enum(EnumType { id, only }) => {
            let of = &workspace.enums[*id];
            let set = only.as_ref().map(|only| of.sets.iter().find(|set| set.members == *only));
            match (only.as_deref(), set.flatten()) {
                (None, _) => of.meta.name.clone(),
                (_, Some(set)) => format!("{}.{}", of.meta.name, set.name),
                (Some([one]), None) => format!("{}.{}", of.meta.name, of.values[*one].text),
                _ => format!("some of {}", of.meta.name),
            }
        }
        Type::Record(id) => workspace.records[*id].meta.name.clone(),
        Type::Union(id) => workspace.unions[*id].meta.name.clone(),
        Type::Named(id) => workspace.types[*id].meta.name.clone(),
        Type::External(id) => workspace.externals[*id].name.clone(),
        Type::Opt(of) => format!("opt<{}>", inner(of)),
        Type::List(of, _) => format!("list<{}>", inner(of)),
        Type::Set(of, _) => format!("set<{}>", inner(of)),
        Type::Map(key, of, _) => format!("map<{} {}>", inner(key), inner(of)),
        Type::Tuple(parts) => format!("tuple<{}>", parts.iter().map(inner).collect::<Vec<_>>().join(" ")),
    }
}

/// What an absent key means.
pub(super) fn absence(presence: &Presence) -> String {
    match presence {
        Presence::Required | Presence::Nullable => "refused".to_owned(),
        Presence::Optional => "none".to_owned(),
        Presence::Default(value) => value_text(value),
    }
}

/// A value in backticks, short enough for a message.
pub(super) fn value_text(value: &Value) -> String {
    const MOST: usize = 60;
    let text = canonical(value);
    if text.chars().count() <= MOST {
        return format!("`{text}`");
    }
    format!("`{}…`", text.chars().take(MOST).collect::<String>())
}
