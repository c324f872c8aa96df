//! Does the Rust that is emitted as text stand as a printer would put it, with the names and the order of the contracts?

use codegen::config::Config;
use codegen::emit::{Assets, rust};
use codegen::model::Workspace;
use syn::{Fields, Item, ItemStruct};
use tests::names_contract::names;
use tests::vector_contract::vector_contract;
use tests::{project, root, tree};

/// Modules that are emitted line by line; the others are sources of their own.
fn emitted(workspace: &Workspace) -> Vec<(String, String)> {
    let config = Config::default();
    let files = rust::emit(workspace, &config, &Assets::default());
    let own = |path: &str| {
        let module = path.strip_prefix("generated/rust/src/")?.strip_suffix(".rs")?;
        (!module.contains('/') && !["conformance", "lib", "main", "schemas"].contains(&module)).then_some(())
    };
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("sources are text");
    files.iter().filter(|(path, _)| own(path).is_some()).map(|(path, bytes)| (path.into(), text(bytes))).collect()
}

fn everything() -> Workspace {
    let folder = tempfile::tempdir().unwrap();
    for domain in ["contracts", "tests/domains/order/contracts", "tests/domains/corners/contracts"] {
        tree::copy(&root().join(domain), &folder.path().join("contracts"));
    }
    let contracts = [("contracts/vectors.yaml", vector_contract().0), ("contracts/names.yaml", names().to_string())];
    for (path, text) in &contracts {
        tree::write(folder.path(), &[(path, text)]);
    }
    project::workspace(folder.path())
}

/// Blank lines and comments that are no documentation are not the printer's business.
fn lines(text: &str) -> Vec<&str> {
    text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with("// ")).collect()
}

#[test]
fn a_printer_would_change_nothing() {
    for (path, text) in emitted(&everything()) {
        let printed = prettyplease::unparse(&syn::parse_file(&text).unwrap_or_else(|error| panic!("{path}: {error}")));
        for (number, (ours, theirs)) in lines(&text).iter().zip(lines(&printed)).enumerate() {
            assert_eq!(*ours, theirs, "{path}, line {number} without blank ones");
        }
        assert_eq!(lines(&text).len(), lines(&printed).len(), "{path}");
    }
}

fn structs(text: &str) -> Vec<ItemStruct> {
    let items = syn::parse_file(text).unwrap().items.into_iter();
    items.filter_map(|item| if let Item::Struct(item) = item { Some(item) } else { None }).collect()
}

#[test]
fn fields_keep_the_order_and_the_names_of_the_contract() {
    let workspace = project::workspace(&root());
    let files = emitted(&workspace);
    for record in &workspace.records {
        let family = &workspace.families[record.family].meta.name;
        let (_, text) = files.iter().find(|(path, _)| path.ends_with(&format!("/{family}.rs"))).unwrap();
        let name = [&record.meta.name, &format!("{}Payload", record.meta.name)];
        let found = structs(text).into_iter().find(|item| name.iter().any(|name| item.ident == name)).unwrap();
        let Fields::Named(fields) = found.fields else { panic!("a record has fields") };
        let emitted: Vec<String> = fields.named.iter().map(|field| field.ident.clone().unwrap().to_string()).collect();
        let own = record.fields.iter().filter(|field| field.mixin.is_none()).map(|field| field.meta.name.clone());
        let declared: Vec<String> =
            record.mixins.iter().map(|&mixin| snake(&workspace.mixins[mixin].meta.name)).chain(own).collect();
        assert_eq!(emitted, declared, "{}", record.meta.name);
    }
}

fn snake(name: &str) -> String {
    codegen::emit::casing::snake(name)
}

#[test]
fn what_a_checked_type_holds_is_out_of_reach() {
    for (path, text) in emitted(&everything()) {
        let items = syn::parse_file(&text).unwrap().items;
        let has_new =
            |name: &syn::Ident| text.contains(&format!("impl {name} {{\n    /// Checks the fields together."));
        for item in items.iter().filter_map(|item| if let Item::Struct(item) = item { Some(item) } else { None }) {
            let is_checked = matches!(item.fields, Fields::Unnamed(_)) || has_new(&item.ident);
            let is_private = |field: &syn::Field| !matches!(field.vis, syn::Visibility::Public(_));
            assert_eq!(
                item.fields.iter().all(is_private),
                is_checked || item.fields.is_empty(),
                "{path}: {}",
                item.ident
            );
        }
    }
}
