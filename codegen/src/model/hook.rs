//! Hooks: functions that people write in every language, and the vectors that say what they answer.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use super::ids::FamilyId;
use super::{Meta, Type};
use crate::json::{self, Value};

/// A pure and total function that expressions call by its name.
#[derive(Debug, Clone, PartialEq)]
pub struct Hook {
    /// Name and texts.
    pub meta: Meta,
    /// The file it stands in.
    pub family: FamilyId,
    /// What it is for.
    pub kind: HookKind,
    /// Names and types of what it takes, in order; at least one.
    pub args: Vec<(String, Type)>,
    /// The type of its answer.
    pub returns: Type,
    /// What it answers, by args in canonical form.
    pub vectors: Vectors,
    /// The path of that file, from the folder of contracts.
    pub vectors_path: String,
    /// One for each language that is generated.
    pub implementations: Vec<Implementation>,
}

/// What a hook is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HookKind {
    /// Decides something.
    Predicate,
    /// Makes a value of others.
    Derive,
    /// Makes the payload of a newer version of an older one; no expression calls it.
    Upcast,
}

impl HookKind {
    /// Every kind and the word for it.
    pub const ALL: &'static [(&'static str, Self)] =
        &[("predicate", Self::Predicate), ("derive", Self::Derive), ("upcast", Self::Upcast)];
}

/// A language in which hooks are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// Rust
    Rust,
    /// Python
    Python,
    /// TypeScript
    TypeScript,
}

impl Language {
    /// Every language, the word for it, and how its files end.
    pub const ALL: &'static [(&'static str, &'static str, Self)] =
        &[("rust", ".rs", Self::Rust), ("python", ".py", Self::Python), ("typescript", ".ts", Self::TypeScript)];
}

/// A source file that holds a hook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Implementation {
    /// What it is written in.
    pub language: Language,
    /// Its path from the folder of contracts.
    pub path: String,
    /// The name of the file without its ending: no other file of the language has it.
    pub stem: String,
    /// What is in it.
    pub text: String,
}

/// What a hook answers to some args.
#[derive(Debug, Clone, PartialEq)]
pub struct Vector {
    /// One value an arg, in order.
    pub args: Vec<Value>,
    /// The answer.
    pub returns: Value,
}

/// Vectors in the order of their file, and by their args.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Vectors {
    in_order: Vec<Vector>,
    /// Canonical text of args, and the place above.
    by_args: BTreeMap<String, usize>,
}

impl Vectors {
    /// Adds a vector; where another of the same args is there already, that is given back.
    pub fn add(&mut self, vector: Vector) -> Option<&Vector> {
        match self.by_args.entry(key(&vector.args)) {
            Entry::Occupied(known) => Some(&self.in_order[*known.get()]),
            Entry::Vacant(free) => {
                free.insert(self.in_order.len());
                self.in_order.push(vector);
                None
            }
        }
    }

    /// The answer to args in canonical form.
    pub fn answer(&self, args: &[Value]) -> Option<&Value> {
        let at = self.by_args.get(&key(args))?;
        Some(&self.in_order[*at].returns)
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.in_order.is_empty()
    }

    /// In the order of their file.
    pub fn iter(&self) -> std::slice::Iter<'_, Vector> {
        self.in_order.iter()
    }
}

fn key(args: &[Value]) -> String {
    json::canonical(&Value::Array(args.to_vec()))
}

impl Hook {
    /// The file of a language that holds it.
    pub fn implementation(&self, language: Language) -> Option<&Implementation> {
        self.implementations.iter().find(|implementation| implementation.language == language)
    }

    /// Values of its args by their names, as they are shown.
    pub fn named_args(&self, args: Vec<Value>) -> Value {
        let names = self.args.iter().map(|(name, _)| name.as_str());
        Value::Object(names.zip(args).map(|(name, value)| (name.to_owned(), value)).collect())
    }
}

impl<'a> IntoIterator for &'a Vectors {
    type Item = &'a Vector;
    type IntoIter = std::slice::Iter<'a, Vector>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}
