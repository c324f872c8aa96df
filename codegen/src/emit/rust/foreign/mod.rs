//! Foreign types of a workspace enter; the module with their Rust types, as `typify` makes them, leaves.

mod schema;

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

use super::module::Module;
use super::names;
use super::types::{Spelled, spell};
use crate::config::Config;
use crate::emit::header;
use crate::model::{External, ExternalId, Type, Workspace};
use schema::{Schema, type_name};

const CHECKED: &str = include_str!("../../../../../templates/rust/package/foreign.rs");

/// The file `src/foreign.rs`; none where no contract names a foreign type.
pub(super) fn file(workspace: &Workspace, config: &Config) -> Option<String> {
    if workspace.externals.is_empty() {
        return None;
    }
    let mut out = format!("// {}\n\n{CHECKED}", header::of_package(config));
    for (family, declared) in workspace.families.entries() {
        let of_family: Vec<&External> = workspace.externals.iter().filter(|it| it.family == family).collect();
        if !of_family.is_empty() {
            out.push_str(&module(workspace, &names::module(&declared.meta.name), &of_family));
        }
    }
    Some(out)
}

/// How a foreign type is written where it stands in a field: the type that `typify` made, checked.
pub(super) fn spelled(module: &mut Module<'_>, id: ExternalId, owner: &str) -> Spelled {
    let workspace = module.workspace();
    let external = &workspace.externals[id];
    let checked = spell(module, &external.shape, owner);
    let home = names::module(&workspace.families[external.family].meta.name);
    let ty = format!("crate::foreign::Foreign<crate::foreign::{home}::{}>", type_name(&external.name));
    Spelled { ty, kind: checked.kind, is_copy: false }
}

/// The type of the crate that checks a foreign one: resolving declared it in the family.
fn checked(workspace: &Workspace, external: &External) -> String {
    match &external.shape {
        Type::Scalar(id) => workspace.scalars[*id].meta.name.clone(),
        Type::Enum(of) => workspace.enums[of.id].meta.name.clone(),
        Type::Record(id) => names::record(&workspace.records[*id]),
        Type::Union(id) => workspace.unions[*id].meta.name.clone(),
        Type::Named(id) => workspace.types[*id].meta.name.clone(),
        other => unreachable!("a foreign type is declared, not {other:?}"),
    }
}

/// What `typify` is given says no more than the shape that was checked, so that it takes every value of it.
fn module(workspace: &Workspace, name: &str, externals: &[&External]) -> String {
    let schema = Schema::of(workspace, externals);
    let mut settings = typify::TypeSpaceSettings::default();
    settings.with_derive("PartialEq".to_owned()).with_map_type("::std::collections::BTreeMap".to_owned());
    let mut types = typify::TypeSpace::new(&settings);
    let root = serde_json::from_value(schema.root()).expect("the schema of a shape is a schema");
    types.add_root_schema(root).expect("`typify` knows every keyword that the schema of a shape has");
    let file = syn::parse2(undocumented(types.to_stream())).expect("`typify` writes Rust");
    let text = prettyplease::unparse(&file);
    let named = externals.iter().map(|external| {
        let (ty, checked) = (type_name(&external.name), checked(workspace, external));
        format!("\nimpl Named for {name}::{ty} {{\n    type Checked = crate::{name}::{checked};\n}}\n")
    });
    let lines = text.lines().map(|line| if line.is_empty() { "\n".to_owned() } else { format!("    {line}\n") });
    format!(
        "\n/// Foreign types that the contract of this name uses.\n#[allow(missing_docs, unused_qualifications, clippy::all, \
         clippy::pedantic)]\npub mod {name} {{\n{}}}\n{}",
        lines.collect::<String>(),
        named.collect::<String>(),
    )
}

/// The tokens but for docs: they repeat the schema, whose texts nobody made safe.
fn undocumented(stream: TokenStream) -> TokenStream {
    let mut kept: Vec<TokenTree> = Vec::new();
    for token in stream {
        match token {
            TokenTree::Group(group) if is_doc(&group) => _ = kept.pop(),
            TokenTree::Group(group) => {
                kept.push(Group::new(group.delimiter(), undocumented(group.stream())).into());
            }
            other => kept.push(other),
        }
    }
    kept.into_iter().collect()
}

/// What stands behind the `#` of a doc.
fn is_doc(group: &Group) -> bool {
    let first = group.stream().into_iter().next();
    group.delimiter() == Delimiter::Bracket && first.is_some_and(|first| first.to_string() == "doc")
}
