//! A workspace enters; its declarations and fields leave, each once, without those that were made for foreign types.

use crate::model::{Field, Meta, Primitive, RecordKind, Type, Workspace};

/// A declaration.
pub(super) struct Declaration<'w> {
    /// What it is called in messages.
    pub kind: &'static str,
    /// Name and texts.
    pub meta: &'w Meta,
}

/// Everything that contracts declare by name.
pub(super) fn declarations(workspace: &Workspace) -> Vec<Declaration<'_>> {
    let mut all = Vec::new();
    let mut add = |kind, meta| all.push(Declaration { kind, meta });
    workspace.scalars.iter().for_each(|one| add("scalar", &one.meta));
    workspace.types.iter().for_each(|one| add("type", &one.meta));
    workspace.enums.iter().filter(|one| one.made_for.is_none()).for_each(|one| add("enum", &one.meta));
    workspace.records.iter().filter(|one| one.kind == RecordKind::Record).for_each(|one| add("record", &one.meta));
    workspace.unions.iter().for_each(|one| add("union", &one.meta));
    workspace.mixins.iter().for_each(|one| add("mixin", &one.meta));
    workspace.events.iter().for_each(|one| add("event", &one.meta));
    workspace.groups.iter().for_each(|one| add("group", &one.meta));
    workspace.machines.iter().for_each(|one| add("machine", &one.meta));
    workspace.tables.iter().for_each(|one| add("table", &one.meta));
    workspace.reducers.iter().for_each(|one| add("reducer", &one.meta));
    all.retain(|one| !is_foreign(workspace, one.meta));
    all
}

/// A field where it is declared.
pub(super) struct Declared<'w> {
    /// The record or mixin.
    pub owner: &'w Meta,
    /// The field.
    pub field: &'w Field,
}

/// All fields of records, payloads and mixins.
pub(super) fn fields(workspace: &Workspace) -> Vec<Declared<'_>> {
    let records = workspace.records.iter().flat_map(|record| {
        let own = record.fields.iter().filter(|field| field.mixin.is_none());
        own.map(|field| Declared { owner: &record.meta, field })
    });
    let mixins = workspace
        .mixins
        .iter()
        .flat_map(|mixin| mixin.fields.iter().map(|field| Declared { owner: &mixin.meta, field }));
    records.chain(mixins).filter(|one| !is_foreign(workspace, one.owner)).collect()
}

/// Whether a declaration was made for a type of a foreign schema: its name stands where that is named.
pub(super) fn is_foreign(workspace: &Workspace, meta: &Meta) -> bool {
    workspace.externals.iter().any(|external| external.span == meta.span)
}

/// The built-in that a type comes down to, through scalars, names and one `opt`.
pub(super) fn primitive<'w>(workspace: &'w Workspace, ty: &'w Type) -> Option<&'w Primitive> {
    match workspace.unwrapped(ty) {
        Type::Primitive(primitive) => Some(primitive),
        Type::Scalar(id) => Some(&workspace.scalars[*id].primitive),
        _ => None,
    }
}

/// The words of a name in any case, in lower case: `orderId`, `order_id` and `OrderID` are `order`, `id`.
pub(super) fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut was_small = false;
    for c in name.chars() {
        if !c.is_alphanumeric() {
            was_small = false;
            words.push(String::new());
            continue;
        }
        if words.is_empty() || c.is_uppercase() && was_small {
            words.push(String::new());
        }
        was_small = !c.is_uppercase();
        words.last_mut().expect("a word was begun").extend(c.to_lowercase());
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn words_are_found_in_every_case() {
        for name in ["order_id", "orderId", "OrderId", "order-id", "Order ID", "orderID"] {
            assert_eq!(words(name), ["order", "id"], "{name}");
        }
        assert_eq!(words("last4Digits"), ["last4", "digits"]);
        assert_eq!(words("_"), Vec::<String>::new());
    }
}
