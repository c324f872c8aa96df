//! Contracts as written enter; who declares which name, and who may see it, leaves.

use std::collections::{BTreeMap, BTreeSet};

use super::rules;
use super::scalars::BUILTINS;
use crate::diagnostic::{Diagnostic, Diagnostics, did_you_mean};
use crate::expr::Lookup;
use crate::load::raw::{RawContract, RawText};
use crate::model::{EnumId, EventId, FamilyId, GroupId, MixinId, NamedTypeId, RecordId, ScalarId, UnionId};
use crate::source::Span;

/// What a name of the shared namespace stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Declared {
    Scalar(ScalarId),
    Type(NamedTypeId),
    Enum(EnumId),
    Record(RecordId),
    Union(UnionId),
    Mixin(MixinId),
    Event(EventId),
    Group(GroupId),
}

impl Declared {
    /// With its article, for messages.
    pub fn noun(self) -> &'static str {
        match self {
            Self::Scalar(_) => "a scalar",
            Self::Type(_) => "a type",
            Self::Enum(_) => "an enum",
            Self::Record(_) => "a record",
            Self::Union(_) => "a union",
            Self::Mixin(_) => "a mixin",
            Self::Event(_) => "an event",
            Self::Group(_) => "a group",
        }
    }
}

#[derive(Debug, Clone, Copy)]
struct Symbol {
    declared: Declared,
    span: Span,
}

/// All names, by family, and which of them were used.
#[derive(Debug, Default)]
pub struct Symbols {
    names: Vec<BTreeMap<String, Symbol>>,
    imports: Vec<Vec<(FamilyId, Span)>>,
    /// Families that import a contract which could not be read: nothing is unknown to them.
    blind: Vec<bool>,
    used: BTreeSet<(FamilyId, String)>,
    used_imports: BTreeSet<(FamilyId, FamilyId)>,
}

impl Symbols {
    /// Gives every declaration its id, in the order of families and then as written, and links imports.
    pub fn collect(contracts: &[&RawContract], unread: &[String], out: &mut Diagnostics) -> Self {
        let mut symbols = Self::default();
        let mut next = Next::default();
        for contract in contracts {
            let names = declare(contract, &mut next, out);
            symbols.names.push(names);
        }
        find_repeated_events(contracts, out);
        symbols.imports = contracts.iter().map(|contract| link_imports(contract, contracts, unread, out)).collect();
        let imports_unread = |c: &&RawContract| c.imports.iter().any(|name| unread.contains(&name.value));
        symbols.blind = contracts.iter().map(imports_unread).collect();
        find_import_cycles(&symbols.imports, contracts, out);
        symbols
    }

    /// What a name means in a family: its own declaration, or that of a family it imports.
    pub fn lookup(&mut self, family: FamilyId, name: &RawText, out: &mut Diagnostics) -> Option<Declared> {
        let found = self.candidates(family, &name.value);
        match found.as_slice() {
            [(owner, symbol)] => {
                let (owner, declared) = (*owner, symbol.declared);
                self.mark_used(family, owner, &name.value);
                Some(declared)
            }
            [] => {
                self.report_unknown(family, name, out);
                None
            }
            [(first_owner, first), (second_owner, second), ..] => {
                let message = format!("`{}` is declared by more than one contract that is visible here", name.value);
                out.push(
                    Diagnostic::new(&rules::AMBIGUOUS_NAME, name.span, message)
                        .related(first.span, "one declaration")
                        .related(second.span, "another")
                        .help("rename one of them, or do not import both"),
                );
                let (first_owner, second_owner) = (*first_owner, *second_owner);
                self.mark_used(family, first_owner, &name.value);
                self.mark_used(family, second_owner, &name.value);
                None
            }
        }
    }

    /// Notes that a family uses something of another that is no name of the shared namespace.
    pub fn use_import(&mut self, user: FamilyId, owner: FamilyId) {
        self.used_imports.insert((user, owner));
    }

    /// What a name means to an expression.
    pub fn lookup_enum(&mut self, family: FamilyId, name: &str, span: Span) -> Lookup {
        if self.candidates(family, name).len() > 1 {
            let mut out = Diagnostics::default();
            self.lookup(family, &RawText::new(name.to_owned(), span), &mut out);
            return out.into_first().map_or(Lookup::Nothing, |refusal| Lookup::Refused(Box::new(refusal)));
        }
        self.enum_named(family, name).map_or(Lookup::Nothing, Lookup::Enum)
    }

    /// The enum that a name means in a family, without recording a finding.
    fn enum_named(&mut self, family: FamilyId, name: &str) -> Option<EnumId> {
        let found = self.candidates(family, name);
        let [(owner, Symbol { declared: Declared::Enum(id), .. })] = found.as_slice() else { return None };
        let (owner, id) = (*owner, *id);
        self.mark_used(family, owner, name);
        Some(id)
    }

    fn candidates(&self, family: FamilyId, name: &str) -> Vec<(FamilyId, Symbol)> {
        let imported = self.imports[usize::from(family)].iter().map(|&(family, _)| family);
        std::iter::once(family)
            .chain(imported)
            .filter_map(|owner| Some((owner, *self.names[usize::from(owner)].get(name)?)))
            .collect()
    }

    fn mark_used(&mut self, user: FamilyId, owner: FamilyId, name: &str) {
        self.used.insert((owner, name.to_owned()));
        if user != owner {
            self.used_imports.insert((user, owner));
        }
    }

    fn report_unknown(&self, family: FamilyId, name: &RawText, out: &mut Diagnostics) {
        if self.blind[usize::from(family)] {
            return;
        }
        let mut finding = Diagnostic::new(
            &rules::UNKNOWN_NAME,
            name.span,
            format!("`{}` is not declared in this contract or in one it imports", name.value),
        );
        let visible = std::iter::once(family).chain(self.imports[usize::from(family)].iter().map(|&(id, _)| id));
        let visible: Vec<&str> =
            visible.flat_map(|owner| self.names[usize::from(owner)].keys()).map(String::as_str).collect();
        let elsewhere = self.names.iter().position(|names| names.contains_key(&name.value));
        if let Some(owner) = elsewhere {
            let place = self.names[owner][&name.value].span;
            finding = finding.related(place, "declared here").help("add that contract to `imports`");
        } else if let Some(near) = did_you_mean(&name.value, visible.into_iter().chain(BUILTINS)) {
            finding = finding.help(format!("did you mean `{near}`?"));
        }
        out.push(finding);
    }

    /// The families that a family imports, in the order given.
    pub fn imports_of(&self, family: FamilyId) -> Vec<FamilyId> {
        self.imports[usize::from(family)].iter().map(|&(id, _)| id).collect()
    }

    /// Whether anybody used the name that `family` declares.
    pub fn is_used(&self, family: FamilyId, name: &str) -> bool {
        self.used.contains(&(family, name.to_owned()))
    }

    /// Imports of a family of which no name was used, with the place of each.
    pub fn unused_imports(&self, family: FamilyId) -> Vec<(FamilyId, Span)> {
        let imports = self.imports[usize::from(family)].iter();
        imports.filter(|(owner, _)| !self.used_imports.contains(&(family, *owner))).copied().collect()
    }
}

#[derive(Default)]
struct Next {
    scalars: usize,
    types: usize,
    enums: usize,
    records: usize,
    unions: usize,
    mixins: usize,
    events: usize,
    groups: usize,
}

macro_rules! next {
    ($($name:ident: $counter:ident -> $id:ident;)*) => {
        impl Next {
            $(fn $name(&mut self) -> $id {
                self.$counter += 1;
                $id::from(self.$counter - 1)
            })*
        }
    };
}

next! {
    scalar: scalars -> ScalarId;
    ty: types -> NamedTypeId;
    item: enums -> EnumId;
    record: records -> RecordId;
    union: unions -> UnionId;
    mixin: mixins -> MixinId;
    event: events -> EventId;
    group: groups -> GroupId;
}

/// The names of one contract, each with an id.
fn declare(contract: &RawContract, next: &mut Next, out: &mut Diagnostics) -> BTreeMap<String, Symbol> {
    let mut names: BTreeMap<String, Symbol> = BTreeMap::new();
    let mut add = |name: &RawText, declared| {
        let symbol = Symbol { declared, span: name.span };
        if let Some(first) = names.get(&name.value) {
            let message = format!("`{}` is declared twice in this contract", name.value);
            out.push(
                Diagnostic::new(&rules::NAME_COLLISION, name.span, message)
                    .related(first.span, format!("first declared here, as {}", first.declared.noun()))
                    .help("scalars, types, enums, records, unions, mixins, events and groups share one namespace"),
            );
        } else {
            names.insert(name.value.clone(), symbol);
        }
    };
    for scalar in &contract.scalars {
        add(&scalar.meta.name, Declared::Scalar(next.scalar()));
    }
    for ty in &contract.types {
        add(&ty.meta.name, Declared::Type(next.ty()));
    }
    for item in &contract.enums {
        add(&item.meta.name, Declared::Enum(next.item()));
    }
    for record in &contract.records {
        add(&record.meta.name, Declared::Record(next.record()));
    }
    for union in &contract.unions {
        add(&union.meta.name, Declared::Union(next.union()));
    }
    for mixin in &contract.mixins {
        add(&mixin.meta.name, Declared::Mixin(next.mixin()));
    }
    for event in &contract.events {
        add(&event.payload.meta.name, Declared::Event(next.event()));
        if event.named_payload.is_none() {
            next.record();
        }
    }
    for group in &contract.groups {
        add(&group.meta.name, Declared::Group(next.group()));
    }
    names
}

fn find_repeated_events(contracts: &[&RawContract], out: &mut Diagnostics) {
    let mut first: BTreeMap<&str, Span> = BTreeMap::new();
    for event in contracts.iter().flat_map(|contract| &contract.events) {
        let wire = event.written();
        if let Some(&before) = first.get(wire.value.as_str()) {
            let message = format!("the event type `{}` is declared twice", wire.value);
            out.push(
                Diagnostic::new(&rules::DUPLICATE_EVENT, wire.span, message)
                    .related(before, "also declared here")
                    .help("an event type has one meaning in a workspace: remove one, or import it"),
            );
        } else {
            first.insert(&wire.value, wire.span);
        }
    }
}

fn link_imports(
    contract: &RawContract,
    contracts: &[&RawContract],
    unread: &[String],
    out: &mut Diagnostics,
) -> Vec<(FamilyId, Span)> {
    let mut linked: Vec<(FamilyId, Span)> = Vec::new();
    for import in contract.imports.iter().filter(|import| !unread.contains(&import.value)) {
        let Some(at) = contracts.iter().position(|other| other.name.value == import.value) else {
            let known = contracts.iter().map(|other| other.name.value.as_str());
            let mut finding = Diagnostic::new(
                &rules::UNKNOWN_IMPORT,
                import.span,
                format!("there is no contract `{}`", import.value),
            );
            if let Some(near) = did_you_mean(&import.value, known) {
                finding = finding.help(format!("did you mean `{near}`?"));
            }
            out.push(finding);
            continue;
        };
        let id = FamilyId::from(at);
        if let Some((_, first)) = linked.iter().find(|(other, _)| *other == id) {
            out.push(
                Diagnostic::new(&rules::DUPLICATE_VALUE, import.span, format!("`{}` is imported twice", import.value))
                    .related(*first, "first import"),
            );
        } else {
            linked.push((id, import.span));
        }
    }
    linked
}

fn find_import_cycles(imports: &[Vec<(FamilyId, Span)>], contracts: &[&RawContract], out: &mut Diagnostics) {
    for start in 0..imports.len() {
        let mut reached = BTreeSet::new();
        let mut open: Vec<usize> = vec![start];
        while let Some(at) = open.pop() {
            for &(next, span) in &imports[at] {
                let next = usize::from(next);
                if next == start && at >= start && reached.iter().all(|&other| other >= start) {
                    let message = format!(
                        "`{}` imports itself through `{}`",
                        contracts[start].name.value, contracts[at].name.value
                    );
                    out.push(
                        Diagnostic::new(&rules::IMPORT_CYCLE, span, message)
                            .help("move what both need into a contract that imports neither"),
                    );
                } else if reached.insert(next) {
                    open.push(next);
                }
            }
        }
    }
}
