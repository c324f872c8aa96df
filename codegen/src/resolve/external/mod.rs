//! Foreign JSON Schemas enter; declarations as a contract would write them leave, so that every pass and every target
//! treats them like its own. What the language cannot say of a schema is reported where the schema is named.

mod rust_form;

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::types::UNRESOLVED;
use super::{Resolver, rules};
use crate::diagnostic::{Diagnostic, Diagnostics, did_you_mean};
use crate::foreign::{Document, Documents, Loss, Shaper, Style, bare, definitions, external_name};
use crate::json::Value;
use crate::load::raw::{RawContract, RawNamedType, RawText, RawTypeSource};
use crate::model::{External, ExternalId, FamilyId, Type};
use crate::source::Spanned;

/// Foreign schemas by the path that contracts name them by.
pub type Schemas = BTreeMap<String, Value>;

/// The contract with a declaration for every foreign type that it names and for every part of those.
pub(super) fn expanded<'c>(
    contract: &'c RawContract,
    schemas: &Schemas,
    out: &mut Diagnostics,
) -> Cow<'c, RawContract> {
    let mut named: BTreeMap<(&str, &str), &RawText> = BTreeMap::new();
    for (schema, name) in contract.externals() {
        named.entry((&schema.value, &name.value)).or_insert(name);
    }
    let mut contract = Cow::Borrowed(contract);
    for ((path, _), name) in named {
        if let Some(schema) = schemas.get(path) {
            add(contract.to_mut(), schema, name, out);
        }
    }
    contract
}

fn add(contract: &mut RawContract, schema: &Value, name: &RawText, out: &mut Diagnostics) {
    let Some((pointer, _)) = definition(schema, &name.value) else {
        let known: Vec<&str> = definitions(schema).map(|(_, name, _)| name).collect();
        let message = format!("the schema defines no type `{}`", name.value);
        let mut finding = Diagnostic::new(&rules::EXTERNAL_TYPE, name.span, message);
        finding = match did_you_mean(&name.value, known.iter().copied()) {
            Some(near) => finding.help(format!("did you mean `{near}`?")),
            None => finding.help("name a key of its `$defs` or `definitions`, or the `title` of the whole"),
        };
        return out.push(finding);
    };
    let document = Document::new(schema.clone(), None, name.span);
    let documents = Documents::from([(String::new(), document)]);
    let (_, definition) = definition(&documents[""].schema, &name.value).expect("it was found before");
    let mut shaper = Shaper::new(&documents, Style::External, name.span, Some(contract));
    let root = external_name(&name.value);
    let made = shaper.defined(definition, &pointer, &root);
    if shaper.declares(&root) {
        if made.is_nullable {
            shaper.lose(&pointer, "null (write `opt<..>` around the type)");
        }
    } else {
        let (ty, constraints) = made.optional();
        let meta = bare(&Spanned::new(root, name.span));
        shaper.types.push(RawNamedType { meta, ty: RawTypeSource::Type(ty), constraints });
    }
    out.extend(lost(&shaper.lost, name));
    shaper.give(contract);
}

/// One finding for all that no target will check.
fn lost(lost: &[Loss], name: &RawText) -> Option<Diagnostic> {
    let lost: Vec<String> = lost.iter().map(|loss| format!("{} at `{}`", loss.what, loss.pointer)).collect();
    let (first, more) = lost.split_first()?;
    let message = match more.len() {
        0 => format!("the schema of `{}` says more than is checked: {first}", name.value),
        _ => format!("the schema of `{}` says more than is checked: {first}; {}", name.value, more.join("; ")),
    };
    let finding = Diagnostic::new(&rules::EXTERNAL_WEAKER, name.span, message);
    Some(finding.help("what is listed is accepted by every target alike; declare the type here to have it checked"))
}

/// The schema of a name: a definition, or the whole where that is its title.
fn definition<'s>(schema: &'s Value, name: &str) -> Option<(String, &'s Value)> {
    let found = definitions(schema).find(|(_, key, _)| *key == name);
    let whole = || (schema.get("title").and_then(Value::as_str) == Some(name)).then(|| ("#".to_owned(), schema));
    found.map(|(pointer, _, definition)| (pointer, definition)).or_else(whole)
}

impl Resolver<'_> {
    /// The foreign type, once for each schema and name in a family.
    pub(super) fn external(&mut self, family: FamilyId, schema: &RawText, name: &RawText) -> Type {
        let Some(document) = self.schemas.get(&schema.value) else { return UNRESOLVED };
        let is_same =
            |known: &External| known.family == family && known.path == schema.value && known.name == name.value;
        if let Some((id, _)) = self.workspace.externals.entries().find(|(_, known)| is_same(known)) {
            return Type::External(id);
        }
        if definition(document, &name.value).is_none() {
            return UNRESOLVED;
        }
        let declared = Spanned::new(external_name(&name.value), name.span);
        let shape = self.named(family, &declared.value, declared.span);
        let (path, name, schema) = (schema.value.clone(), name.value.clone(), document.clone());
        let id: ExternalId =
            self.workspace.externals.push(External { name, span: declared.span, path, family, schema, shape });
        Type::External(id)
    }
}
