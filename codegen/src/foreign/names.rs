//! Names of a schema enter; names that a contract can declare, each once, leave.

use std::collections::BTreeSet;

use super::documents::{self, split};
use super::losses::LossKind;
use super::parts::pascal;
use super::shape::{Shaper, Style};
use crate::json::Value;
use crate::model::names::{MAX_NAME, check_type_name, collision_key};

impl Shaper<'_> {
    /// The name to declare the schema at a pointer by. For an external type one that is taken is none.
    pub(super) fn claim(&mut self, name: &str, pointer: &str) -> Option<String> {
        match self.style {
            Style::External => self.keys.insert(collision_key(name)).then(|| name.to_owned()),
            // The name of a definition was made before.
            Style::Contract => Some(self.names.get(pointer).cloned().unwrap_or_else(|| self.free(name))),
        }
    }

    /// Gives the name of a definition to the only schema that it consists of.
    pub(super) fn pass_name(&mut self, whole: &str, part: &str) {
        if let Some(name) = self.names.get(whole) {
            self.names.insert(part.to_owned(), name.clone());
        }
    }

    /// A name for what a schema calls `key`, told where it is another one.
    pub fn fresh(&mut self, name: &str, key: &str, pointer: &str) -> String {
        let made = self.free(name);
        if made != pascal(key) {
            let span = self.place(pointer);
            self.push_loss(LossKind::Renamed, pointer, &format!("`{key}` is called `{made}`"), span);
        }
        made
    }

    /// A name that nothing has yet; the given one where that can be.
    fn free(&mut self, name: &str) -> String {
        let mut name = pascal(name);
        if !name.starts_with(|c: char| c.is_ascii_uppercase()) {
            name.insert_str(0, "Type");
        }
        // Room for a number, and for what targets append.
        name.truncate(MAX_NAME - "Payload".len() - 4);
        if check_type_name(&name).is_err() {
            name.push_str("Type");
        }
        if self.keys.insert(collision_key(&name)) {
            return name;
        }
        let mut number = self.numbers.get(&name).copied().unwrap_or(1);
        let made = loop {
            number += 1;
            let made = format!("{name}{number}");
            if self.keys.insert(collision_key(&made)) {
                break made;
            }
        };
        self.numbers.insert(name, number);
        made
    }

    /// Says what the schema at a pointer will be called.
    pub fn give_name(&mut self, pointer: &str, name: &str) {
        self.names.insert(pointer.to_owned(), name.to_owned());
    }

    /// Says that the schema at a pointer is another one, too.
    pub fn alias(&mut self, pointer: &str, first: &str) {
        self.aliases.insert(pointer.to_owned(), first.to_owned());
    }

    /// Whether two definitions say the same: they are equal, and so is all that they refer to.
    pub fn say_the_same(&self, one: &str, other: &str) -> bool {
        let mut met = BTreeSet::new();
        let mut open = vec![(one.to_owned(), other.to_owned())];
        while let Some((one, other)) = open.pop() {
            if one == other || !met.insert((one.clone(), other.clone())) {
                continue;
            }
            let schemas = (documents::at(self.documents, &one), documents::at(self.documents, &other));
            let (Some(left), Some(right)) = schemas else { return false };
            if left != right {
                return false;
            }
            let mut references = Vec::new();
            collect_references(left, &mut references);
            for reference in references {
                let found = |from: &str| documents::target(self.documents, split(from).0, reference);
                match (found(&one), found(&other)) {
                    (Some(one), Some(other)) => open.push((one, other)),
                    (None, None) => {}
                    _ => return false,
                }
            }
        }
        true
    }

    /// The name of the record that a definition becomes as a variant of a union: that of the definition, unless this is
    /// declared by itself too.
    pub(super) fn variant_name(&mut self, pointer: &str, wanted: &str) -> String {
        let given = if self.is_defined(pointer) { None } else { self.names.remove(pointer) };
        let name = given.unwrap_or_else(|| self.free(wanted));
        self.names.insert(format!("{pointer}#"), name.clone());
        self.variants.insert(pointer.to_owned());
        name
    }

    /// Keeps a name that a target makes of another one from being given away.
    pub fn reserve(&mut self, name: &str) {
        self.keys.insert(collision_key(name));
    }
}

fn collect_references<'v>(schema: &'v Value, references: &mut Vec<&'v str>) {
    match schema {
        Value::Object(members) => {
            references.extend(members.get("$ref").and_then(Value::as_str));
            for value in members.values() {
                collect_references(value, references);
            }
        }
        Value::Array(items) => {
            for item in items {
                collect_references(item, references);
            }
        }
        _ => {}
    }
}
