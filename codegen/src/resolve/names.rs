//! Names as declared enter; findings about their spelling and about pairs that would collide in some target leave.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use super::{Resolver, rules};
use crate::diagnostic::Diagnostic;
use crate::expr::is_free_for_hooks;
use crate::load::raw::{RawContract, RawEnum, RawEvent, RawRecord, RawReducer, RawText, RawUnion, RawUnionForm};
use crate::model::names::{NameFault, check_field_name, check_type_name, check_value_name, collision_key};
use crate::source::Span;

impl Resolver<'_> {
    pub(super) fn check_names(&mut self) {
        self.check_names_of_workspace();
        self.check_hook_names();
        for (_, contract) in self.families() {
            self.check_type_names(contract);
            self.check_constant_names(contract);
            for item in &contract.enums {
                self.check_enum_names(item);
            }
            for union in &contract.unions {
                self.check_union_names(union);
            }
            let payloads = contract.inline_payloads();
            for record in contract.records.iter().chain(&contract.mixins).chain(payloads) {
                self.check_record_names(record);
            }
        }
    }

    /// Families stand beside each other as modules, and the events of all of them as arms of one enum.
    fn check_names_of_workspace(&mut self) {
        let (mut families, mut earlier) = (Scope::default(), BTreeMap::<String, &RawEvent>::new());
        for (_, contract) in self.families() {
            self.claim(&mut families, &contract.name.value, contract.name.span);
            for event in &contract.events {
                let name = &event.payload.meta.name;
                // One event type declared twice has a finding of its own.
                let first = earlier.get(&collision_key(&name.value));
                if let Some(first) = first.filter(|first| first.written().value != event.written().value) {
                    let first = &first.payload.meta.name;
                    self.collide(&name.value, name.span, &first.value, first.span);
                }
            }
            let names = contract.events.iter().map(|event| (collision_key(&event.payload.meta.name.value), event));
            earlier.extend(names);
        }
        let events = earlier.into_iter().map(|(key, event)| {
            let name = &event.payload.meta.name;
            (key, (name.value.clone(), name.span))
        });
        self.check_reducers_of_workspace(events.collect());
    }

    /// A package offers the reducers of all families side by side, beside its events.
    fn check_reducers_of_workspace(&mut self, mut types: Scope) {
        let (mut names, mut functions) = (Scope::default(), Scope::default());
        for (_, contract) in self.families() {
            for reducer in &contract.reducers {
                let name = &reducer.meta.name;
                self.report(name, check_field_name(&name.value));
                let is_twice = names.get(&collision_key(&name.value)).is_some_and(|(first, _)| *first == name.value);
                if is_twice {
                    // The same reducer twice has a finding of its own.
                    continue;
                }
                self.claim(&mut names, &name.value, name.span);
                let subject = if contract.reducers.len() == 1 { &contract.name } else { name };
                for made in reducer_functions(&subject.value, reducer) {
                    self.claim_made(&mut functions, made, name.span);
                }
                for made in reducer_types(reducer) {
                    self.claim_made(&mut types, made, name.span);
                }
            }
        }
    }

    /// Hooks of all families stand beside each other in one module, and are called as functions of CEL are.
    fn check_hook_names(&mut self) {
        let mut hooks = Scope::default();
        for hook in self.families().into_iter().flat_map(|(_, contract)| &contract.hooks) {
            let name = &hook.meta.name;
            self.report(name, check_field_name(&name.value));
            self.claim_made(&mut hooks, name.value.clone(), name.span);
            if !is_free_for_hooks(&name.value) {
                let message = format!("`{}` means something else in expressions", name.value);
                self.out.push(Diagnostic::new(&rules::HOOK_NAME, name.span, message).help("rename the hook"));
            }
            let mut args = Scope::default();
            for (arg, _) in &hook.args {
                self.report(arg, check_field_name(&arg.value));
                self.claim(&mut args, &arg.value, arg.span);
            }
        }
    }

    fn check_type_names(&mut self, contract: &RawContract) {
        let mut scope = Scope::default();
        for name in shared_names(contract) {
            self.report(name, check_type_name(&name.value));
            self.claim(&mut scope, &name.value, name.span);
        }
        for event in &contract.events {
            let name = &event.payload.meta.name;
            self.claim_made(&mut scope, format!("{}Payload", name.value), name.span);
        }
        for union in contract.unions.iter().filter(|union| union.has_own_tag_type()) {
            let name = &union.meta.name;
            self.claim_made(&mut scope, format!("{}Tag", name.value), name.span);
        }
        // Machines and tables become types of their own; groups become lists and may share a name with one.
        for group in &contract.groups {
            scope.remove(&collision_key(&group.meta.name.value));
        }
        let machines = contract.machines.iter().map(|machine| &machine.meta.name);
        for name in machines.chain(contract.tables.iter().map(|table| &table.meta.name)) {
            self.report(name, check_field_name(&name.value));
            self.claim(&mut scope, &name.value, name.span);
        }
        for reducer in &contract.reducers {
            for made in reducer_types(reducer) {
                self.claim_made(&mut scope, made, reducer.meta.name.span);
            }
        }
    }

    /// Each event type is a constant; the version of the family and its sets of event types are others.
    fn check_constant_names(&mut self, contract: &RawContract) {
        let events = contract.events.iter().map(|event| &event.payload.meta.name);
        let mut scope: Scope =
            events.map(|name| (collision_key(&name.value), (name.value.clone(), name.span))).collect();
        let family = &contract.name;
        self.claim_made(&mut scope, format!("{}_schema_version", family.value), family.span);
        self.claim_made(&mut scope, format!("{}_event_types", family.value), family.span);
        for name in contract.groups.iter().map(|group| &group.meta.name) {
            // A group called as the family stands for its set.
            if collision_key(&name.value) != collision_key(&family.value) {
                self.claim_made(&mut scope, format!("{}_event_types", name.value), name.span);
            }
        }
    }

    fn check_enum_names(&mut self, item: &RawEnum) {
        let mut scope = Scope::default();
        for value in &item.values {
            let name = value.name.as_ref().unwrap_or(&value.value);
            self.claim_value(&mut scope, &value.value, name, "give it one: `{value: .., name: ..}`");
        }
        let maps = item.maps.iter().map(|map| &map.name);
        for name in item.sets.iter().map(|(name, _)| name).chain(maps) {
            self.report(name, check_field_name(&name.value));
            // A set and a value of one text have a finding of their own.
            if item.values.iter().all(|value| value.value.value != name.value) {
                self.claim(&mut scope, &name.value, name.span);
            }
        }
    }

    /// Without a `tag_type` the values of the tag are an enum of the union's own.
    fn check_union_names(&mut self, union: &RawUnion) {
        let RawUnionForm::Tagged { tag, variants, .. } = &union.form else { return };
        self.report(tag, check_field_name(&tag.value));
        let mut scope = Scope::default();
        for (value, _) in variants.iter().filter(|_| union.has_own_tag_type()) {
            self.claim_value(&mut scope, value, value, "declare an enum that names its values, as `tag_type`");
        }
    }

    fn claim_value(&mut self, scope: &mut Scope, value: &RawText, name: &RawText, help: &str) {
        if check_value_name(&name.value).is_ok() {
            return self.claim(scope, &name.value, name.span);
        }
        let message = format!("no identifier can be made of the value `{}`", value.value);
        self.out.push(Diagnostic::new(&rules::NAME_MISSING, name.span, message).help(help));
    }

    fn check_record_names(&mut self, record: &RawRecord) {
        let mut scope = Scope::default();
        for name in record.field_names() {
            self.report(name, check_field_name(&name.value));
            self.claim(&mut scope, &name.value, name.span);
        }
        for mixin in &record.mixins {
            self.claim(&mut scope, &mixin.value, mixin.span);
        }
        for rule in &record.rules {
            self.report(&rule.code, check_field_name(&rule.code.value));
        }
    }

    fn claim(&mut self, scope: &mut Scope, name: &str, span: Span) {
        // The same text twice is a duplicate and has a finding of its own.
        if scope.get(&collision_key(name)).is_none_or(|(first, _)| first != name) {
            self.claim_made(scope, name.to_owned(), span);
        }
    }

    /// Claims a name that is made of one that is declared.
    fn claim_made(&mut self, scope: &mut Scope, name: String, span: Span) {
        match scope.entry(collision_key(&name)) {
            Entry::Occupied(first) => {
                let (first, place) = first.get();
                self.collide(&name, span, first, *place);
            }
            Entry::Vacant(free) => _ = free.insert((name, span)),
        }
    }

    fn collide(&mut self, name: &str, span: Span, first: &str, place: Span) {
        let message = if name == first {
            format!("two declarations would be called `{name}`")
        } else {
            format!("`{name}` and `{first}` would share one identifier")
        };
        self.out.push(
            Diagnostic::new(&rules::NAME_COLLISION, span, message)
                .related(place, format!("`{first}` stands here"))
                .help("names of one scope differ in more than case and underscores; nothing is renumbered"),
        );
    }

    fn report(&mut self, name: &RawText, verdict: Result<(), NameFault>) {
        let Err(fault) = verdict else { return };
        let shown = &name.value;
        let (rule, message, help) = match fault {
            NameFault::Syntax => (
                &rules::NAME_SYNTAX,
                format!("`{shown}` is no name"),
                "a name begins with a letter, goes on with letters, digits and `_`, and has at most 64 characters",
            ),
            NameFault::Case => (
                &rules::NAME_CASE,
                format!("`{shown}` is no name of a type"),
                "names of types begin with a capital and carry no underscore",
            ),
            NameFault::Reserved => (
                &rules::NAME_RESERVED,
                format!("`{shown}` means something else to a target language or a file system"),
                "rename it",
            ),
            NameFault::Missing => {
                (&rules::NAME_MISSING, format!("no identifier can be made of `{shown}`"), "give it a name")
            }
        };
        self.out.push(Diagnostic::new(rule, name.span, message).help(help));
    }
}

/// The types that are made of a reducer.
fn reducer_types(reducer: &RawReducer) -> Vec<String> {
    let name = upper_camel(&reducer.meta.name.value);
    let parts = reducer.partition_by.iter().map(|_| format!("Partitioned{name}State"));
    let all = [format!("Reduced{name}State"), format!("{name}Anomaly"), format!("{name}AnomalyKind")];
    all.into_iter().chain([format!("{name}Reducer")]).chain(parts).collect()
}

/// The functions that are made of a reducer, as a package offers them: by its family where that has no other.
fn reducer_functions(subject: &str, reducer: &RawReducer) -> Vec<String> {
    let whole = format!("reduce_{subject}_events");
    let parts = reducer.partition_by.iter().map(|_| format!("{whole}_partitioned"));
    parts.chain([whole.clone()]).collect()
}

/// For people; what collides does so in any casing.
fn upper_camel(name: &str) -> String {
    let words = name.split('_').map(|word| {
        let mut letters = word.chars();
        letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect::<String>()
    });
    words.collect()
}

/// Names of one scope by collision key, with the text and place of each.
type Scope = BTreeMap<String, (String, Span)>;

/// Every name of the namespace that declarations of a contract share, as written.
fn shared_names(contract: &RawContract) -> Vec<&RawText> {
    let mut names: Vec<&RawText> = Vec::new();
    names.extend(contract.scalars.iter().map(|item| &item.meta.name));
    names.extend(contract.types.iter().map(|item| &item.meta.name));
    names.extend(contract.enums.iter().map(|item| &item.meta.name));
    names.extend(contract.records.iter().map(|item| &item.meta.name));
    names.extend(contract.unions.iter().map(|item| &item.meta.name));
    names.extend(contract.mixins.iter().map(|item| &item.meta.name));
    names.extend(contract.events.iter().map(|item| &item.payload.meta.name));
    names.extend(contract.groups.iter().map(|item| &item.meta.name));
    names
}
