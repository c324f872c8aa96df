//! What a family's module says about other families enters; its imports leave, and the list of what it exports.

use std::collections::{BTreeMap, BTreeSet};

use super::layout::{Doc, assigned, chain, object, row, text};
use super::names::{self, Derived};
use crate::emit::encode;
use crate::model::{EnumId, Event, Family, FamilyId, Meta, MixinId, RecordId, Workspace};

/// The module of one family while it is written.
pub(super) struct Module<'a> {
    pub(super) workspace: &'a Workspace,
    pub(super) family: FamilyId,
    /// Names of types that several families declare.
    ambiguous: &'a BTreeSet<&'a str>,
    /// By family: the identifier there, and whether a value is meant by it, not only a type.
    imports: BTreeMap<FamilyId, BTreeMap<String, Import>>,
    /// Whether it calls a hook.
    pub(super) calls_hooks: bool,
    /// The code so far.
    pub(super) body: String,
    exports: Vec<Export>,
    /// Records whose form in a state stands in this module already.
    pub(super) record_cells: BTreeSet<RecordId>,
}

#[derive(Debug, Default)]
struct Import {
    is_value: bool,
    /// The name here, where it is another than there.
    alias: Option<String>,
}

/// A name that a module offers.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Export {
    pub(super) name: String,
    /// Whether it is a value; it may be a type as well.
    pub(super) is_value: bool,
    /// What it is called where all families stand side by side, if not the same.
    pub(super) top: Option<String>,
}

impl<'a> Module<'a> {
    pub(super) fn new(workspace: &'a Workspace, family: FamilyId, ambiguous: &'a BTreeSet<&'a str>) -> Self {
        Self {
            workspace,
            family,
            ambiguous,
            imports: BTreeMap::new(),
            calls_hooks: false,
            body: String::new(),
            exports: Vec::new(),
            record_cells: BTreeSet::new(),
        }
    }

    /// A module of no family.
    pub(super) fn outside(workspace: &'a Workspace, ambiguous: &'a BTreeSet<&'a str>) -> Self {
        Self::new(workspace, FamilyId::from(workspace.families.len()), ambiguous)
    }

    /// The type of a declaration.
    pub(super) fn type_name(&mut self, family: FamilyId, name: &str) -> String {
        self.refer(family, name, name.to_owned(), false)
    }

    /// The value of a declaration that has the same name as its type.
    pub(super) fn value_name(&mut self, family: FamilyId, name: &str) -> String {
        self.refer(family, name, name.to_owned(), true)
    }

    /// A constant that stands beside a type.
    pub(super) fn derived_name(&mut self, family: FamilyId, name: &str, derived: Derived) -> String {
        self.refer(family, name, derived.of(name), true)
    }

    /// The object that holds the members of an enum, or what stands beside it.
    pub(super) fn enum_value(&mut self, id: EnumId, derived: Option<Derived>) -> String {
        let workspace = self.workspace;
        let def = &workspace.enums[id];
        match derived {
            Some(derived) => self.derived_name(def.family, &def.meta.name, derived),
            None => self.value_name(def.family, &def.meta.name),
        }
    }

    /// The type of an enum.
    pub(super) fn enum_type(&mut self, id: EnumId) -> String {
        let workspace = self.workspace;
        let def = &workspace.enums[id];
        self.type_name(def.family, &def.meta.name)
    }

    /// The type of a record.
    pub(super) fn record_type(&mut self, id: RecordId) -> String {
        let workspace = self.workspace;
        let record = &workspace.records[id];
        self.type_name(record.family, &names::record(record))
    }

    /// The companion of a record.
    pub(super) fn record_value(&mut self, id: RecordId) -> String {
        let workspace = self.workspace;
        let record = &workspace.records[id];
        self.value_name(record.family, &names::record(record))
    }

    /// The interface of a mixin and the constant that holds its fields.
    pub(super) fn mixin(&mut self, id: MixinId) -> (String, String) {
        let workspace = self.workspace;
        let mixin = &workspace.mixins[id];
        let (family, name) = (mixin.family, &mixin.meta.name);
        (self.type_name(family, name), self.derived_name(family, name, Derived::Fields))
    }

    /// Notes that a declaration of this name follows.
    pub(super) fn export(&mut self, name: &str, is_value: bool) {
        self.exports.push(Export { name: name.to_owned(), is_value, top: None });
    }

    /// The same for a name that says nothing outside of the module, where it is called `top`.
    pub(super) fn export_as(&mut self, name: &str, top: String) {
        self.exports.push(Export { name: name.to_owned(), is_value: true, top: Some(top) });
    }

    /// The constant that holds an event type.
    pub(super) fn event_constant(&mut self, event: &Event) -> String {
        self.refer(event.family, &event.meta.name, names::event_type(event), true)
    }

    /// Appends a blank line and the doc block of what follows.
    pub(super) fn begin(&mut self, meta: &Meta) {
        self.body.push('\n');
        self.body.push_str(&doc_block(meta, 0));
    }

    /// The same, with words of ours where the contract has none.
    pub(super) fn begin_with(&mut self, meta: &Meta, words: String) {
        if meta.title.is_some() || meta.doc.is_some() {
            return self.begin(meta);
        }
        self.begin(&Meta { doc: Some(words), ..meta.clone() });
    }

    /// Appends a line.
    pub(super) fn line(&mut self, code: &str) {
        self.body.push_str(code);
        self.body.push('\n');
    }

    /// Appends a statement.
    pub(super) fn statement(&mut self, code: Doc) {
        row(vec![code, text(";")]).write(&mut self.body);
    }

    /// Appends `export const NAME: TYPE = VALUE;`, the value marked as free of effects.
    pub(super) fn constant(&mut self, name: &str, ty: Doc, value: Doc) {
        self.export(name, true);
        let head = text(format!("export const {name}: "));
        self.statement(row(vec![head, ty, text(" ="), assigned(row(vec![text("/* @__PURE__ */ "), value]))]));
    }

    /// Appends the same for a call that takes one short word: where it does not fit, it goes below what it is assigned
    /// to, whole.
    pub(super) fn whole_constant(&mut self, name: &str, ty: Doc, value: &str) {
        let head = text(format!("export const {name}: "));
        let value = chain("", vec![text(format!("/* @__PURE__ */ {value}"))]);
        self.statement(row(vec![head, ty, text(" ="), assigned(value)]));
    }

    /// The whole module and what it exports.
    pub(super) fn finish(self, header: &str) -> (String, Vec<Export>) {
        let family = &self.workspace.families[self.family];
        let mut code = format!("// {header}\n\n");
        code.push_str(&meta_block(&family.meta, &[("module", "")], 0));
        code.push_str("\nimport * as $ from \"./support/index.js\";\n");
        if self.calls_hooks {
            code.push_str("import * as $hooks from \"./hooks/index.js\";\n");
        }
        code.push_str(&self.imports_of_families("."));
        code.push_str(&self.body);
        (code, self.exports)
    }

    /// The statements that import from families, which lie in a folder.
    pub(super) fn imports_of_families(&self, folder: &str) -> String {
        let mut code = String::new();
        for (family, names) in &self.imports {
            import_statement(&self.workspace.families[*family], names, folder).write(&mut code);
        }
        code
    }

    fn refer(&mut self, family: FamilyId, declared: &str, identifier: String, is_value: bool) -> String {
        if family == self.family {
            return identifier;
        }
        let alias = self.ambiguous.contains(declared).then(|| {
            let module = &self.workspace.families[family].meta.name;
            format!("{identifier}${module}")
        });
        let local = alias.clone().unwrap_or_else(|| identifier.clone());
        let import = self.imports.entry(family).or_default().entry(identifier).or_default();
        import.is_value |= is_value;
        import.alias = alias;
        local
    }
}

fn import_statement(family: &Family, names: &BTreeMap<String, Import>, folder: &str) -> Doc {
    let one = |(name, import): (&String, &Import)| {
        let kind = if import.is_value { "" } else { "type " };
        match &import.alias {
            Some(alias) => text(format!("{kind}{name} as {alias}")),
            None => text(format!("{kind}{name}")),
        }
    };
    let from = format!(" from \"{folder}/{}.js\";", names::module(family));
    row(vec![text("import "), object(names.iter().map(one).collect()), text(from)])
}

impl Export {
    /// Its name where all families stand side by side.
    pub(super) fn top_name(&self) -> &str {
        self.top.as_deref().unwrap_or(&self.name)
    }
}

/// The doc block of a declaration or field, or nothing.
pub(super) fn doc_block(meta: &Meta, indent: usize) -> String {
    meta_block(meta, &[], indent)
}

fn meta_block(meta: &Meta, more: &[(&'static str, &str)], indent: usize) -> String {
    let prose: Vec<&str> = [&meta.title, &meta.doc].into_iter().flatten().map(String::as_str).collect();
    let deprecated = meta.deprecated.as_ref().map(|note| match &note.replacement {
        Some(replacement) => format!("{}: {} (use {replacement})", note.since, note.reason),
        None => format!("{}: {}", note.since, note.reason),
    });
    let mut tags = Vec::new();
    if let Some(since) = &meta.since {
        tags.push(("since", since.0.as_str()));
    }
    if let Some(note) = &deprecated {
        tags.push(("deprecated", note.as_str()));
    }
    tags.extend(more);
    encode::typescript::doc_block(&prose.join("\n\n"), &tags, indent)
}

/// Names of types that several families declare: where one of them is imported, it gets another name.
pub(super) fn ambiguous_names(workspace: &Workspace) -> BTreeSet<&str> {
    let mut first: BTreeMap<&str, FamilyId> = BTreeMap::new();
    declared_types(workspace)
        .filter(|&(family, name)| *first.entry(name).or_insert(family) != family)
        .map(|(_, name)| name)
        .collect()
}

fn declared_types(workspace: &Workspace) -> impl Iterator<Item = (FamilyId, &str)> {
    let scalars = workspace.scalars.iter().map(|item| (item.family, item.meta.name.as_str()));
    let types = workspace.types.iter().map(|item| (item.family, item.meta.name.as_str()));
    let enums = workspace.enums.iter().map(|item| (item.family, item.meta.name.as_str()));
    let records = workspace.records.iter().map(|item| (item.family, item.meta.name.as_str()));
    let mixins = workspace.mixins.iter().map(|item| (item.family, item.meta.name.as_str()));
    let unions = workspace.unions.iter().map(|item| (item.family, item.meta.name.as_str()));
    scalars.chain(types).chain(enums).chain(records).chain(mixins).chain(unions)
}
