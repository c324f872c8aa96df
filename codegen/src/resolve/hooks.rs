//! Hooks as written enter; hooks with types, vectors and sources leave.

use std::collections::{BTreeMap, BTreeSet};

use super::signatures::{asked_before, signature_faults};
use super::{Resolver, rules};
use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::load::raw::{RawHook, RawText};
use crate::load::rules::HOOK_FILE;
use crate::load::yaml::{Node, NodeKind};
use crate::model::names::collision_key;
use crate::model::{FamilyId, Hook, HookId, HookKind, Implementation, Language, Vector, Vectors};
use crate::source::Span;

/// The longest name of a source without its ending.
const LONGEST_STEM: usize = 64;

impl<'a> Resolver<'a> {
    /// Gives every hook its types; they may be used before they are known to be right.
    pub(super) fn resolve_hooks(&mut self) {
        let mut stems = BTreeMap::new();
        for (family, contract) in self.families() {
            for raw in &contract.hooks {
                let Some(kind) = self.hook_kind(&raw.kind) else { continue };
                let args = raw.args.iter().map(|(name, ty)| (name.value.clone(), self.ty(family, ty))).collect();
                let hook = Hook {
                    meta: self.meta(&raw.meta),
                    family,
                    kind,
                    args,
                    returns: self.ty(family, &raw.returns),
                    vectors: Vectors::default(),
                    vectors_path: raw.vectors.value.clone(),
                    implementations: self.implementations(raw, &mut stems),
                };
                let id = self.workspace.hooks.push(hook);
                self.raw_hooks.push((id, raw));
            }
        }
    }

    fn hook_kind(&mut self, word: &RawText) -> Option<HookKind> {
        let found = HookKind::ALL.iter().find(|(known, _)| *known == word.value);
        if found.is_none() {
            let words: Vec<&str> = HookKind::ALL.iter().map(|(word, _)| *word).collect();
            let message = format!("`{}` is no kind of hook", word.value);
            let help = match did_you_mean(&word.value, words.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("kinds are {}", words.join(", ")),
            };
            self.out.push(Diagnostic::new(&rules::HOOK_SIGNATURE, word.span, message).help(help));
        }
        found.map(|(_, kind)| *kind)
    }

    /// The sources that were read. `stems` are those of all hooks: packages keep each file under its own name.
    fn implementations(
        &mut self,
        raw: &'a RawHook,
        stems: &mut BTreeMap<(&'static str, String), &'a RawText>,
    ) -> Vec<Implementation> {
        let mut found = Vec::new();
        for (word, path) in &raw.implementations {
            let (_, ending, language) = Language::ALL.iter().find(|(known, ..)| known == word).expect("a known word");
            let file = path.value.rsplit('/').next().unwrap_or_default();
            let Some(stem) = file.strip_suffix(ending).filter(|stem| is_stem(stem)) else {
                let message = format!("`{}` cannot be a source in {word}", path.value);
                let help = format!("name the file in lower case, letters, digits and `_`, with `{ending}` behind it");
                self.out.push(Diagnostic::new(&HOOK_FILE, path.span, message).help(help));
                continue;
            };
            // One that could not be read was told of.
            let Some(text) = self.hook_files.sources.get(&path.value) else { continue };
            let first = *stems.entry((word, collision_key(stem))).or_insert(path);
            if first.value != path.value {
                let message = format!("`{}` and `{}` would be one file of a package", path.value, first.value);
                let finding = Diagnostic::new(&HOOK_FILE, path.span, message).related(first.span, "the other file");
                self.out
                    .push(finding.help("rename one of them: packages keep sources by their names, without folders"));
                continue;
            }
            let (path, stem, text) = (path.value.clone(), stem.to_owned(), text.clone());
            found.push(Implementation { language: *language, path, stem, text });
        }
        found
    }

    /// Judges signatures and vectors, when every type and the rules of every record are known.
    pub(super) fn check_hooks(&mut self) {
        for (id, raw) in self.in_order_of_vectors() {
            let faults = signature_faults(&self.workspace, &self.workspace.hooks[id], raw);
            let is_sound = faults.is_empty();
            for (span, message, help) in faults {
                self.out.push(Diagnostic::new(&rules::HOOK_SIGNATURE, span, message).help(help));
            }
            if let Some(tree) = self.hook_files.vectors.get(&raw.vectors.value).filter(|_| is_sound) {
                let vectors = self.vectors(id, raw, tree);
                self.workspace.hooks.get_mut(id).vectors = vectors;
            }
        }
    }

    /// Each hook behind those that rules ask about its values; where that goes in a circle, as written.
    fn in_order_of_vectors(&self) -> Vec<(HookId, &'a RawHook)> {
        let mut left: Vec<_> = self
            .raw_hooks
            .iter()
            .map(|&(id, raw)| (id, raw, asked_before(&self.workspace, &self.workspace.hooks[id])))
            .collect();
        let mut order = Vec::new();
        while !left.is_empty() {
            let waits = |(id, _, before): &(HookId, &RawHook, BTreeSet<HookId>)| {
                left.iter().any(|(other, ..)| other != id && before.contains(other))
            };
            let next = left.iter().position(|hook| !waits(hook)).unwrap_or(0);
            let (id, raw, _) = left.remove(next);
            order.push((id, raw));
        }
        order
    }

    fn vectors(&mut self, id: HookId, raw: &RawHook, tree: &Node) -> Vectors {
        let NodeKind::Sequence(items) = &tree.kind else { unreachable!("vectors were read as a list") };
        if items.is_empty() {
            let message = format!("the hook `{}` has no vector", raw.meta.name.value);
            let finding = Diagnostic::new(&rules::HOOK_VECTOR, tree.span, message);
            self.out.push(finding.help("write `{args: .., returns: ..}` for each kind of answer"));
        }
        let hook = self.workspace.hooks[id].clone();
        let mut vectors = Vectors::default();
        for item in items {
            let Some(vector) = self.vector(&hook, item) else { continue };
            let returns = vector.returns.clone();
            if vectors.add(vector).is_some_and(|first| first.returns != returns) {
                let help = "a hook is a function of its args: remove one of the two";
                self.vector_fault::<()>(item.span, "a vector above returns something else for the same args", help);
            }
        }
        vectors
    }

    /// `{args, returns}`: args by name, or in order.
    fn vector(&mut self, hook: &Hook, item: &Node) -> Option<Vector> {
        let help = "a vector is `{args: .., returns: ..}`";
        let NodeKind::Mapping(members) = &item.kind else {
            return self.vector_fault(item.span, "this is no vector", help);
        };
        let member = |wanted: &str| members.iter().find(|(name, _)| name.value == wanted).map(|(_, node)| node);
        if let Some((key, _)) = members.iter().find(|(name, _)| !matches!(name.value.as_str(), "args" | "returns")) {
            return self.vector_fault(key.span, &format!("a vector has no key `{}`", key.value), help);
        }
        let (Some(args), Some(returns)) = (member("args"), member("returns")) else {
            return self.vector_fault(item.span, "`args` and `returns` belong together", help);
        };
        let names: Vec<&str> = hook.args.iter().map(|(name, _)| name.as_str()).collect();
        let help = format!("`{}` takes {}", hook.meta.name, names.join(", "));
        let given: Vec<Option<&Node>> = match &args.kind {
            NodeKind::Sequence(values) if values.len() == names.len() => values.iter().map(Some).collect(),
            NodeKind::Mapping(given) => {
                if let Some((name, _)) = given.iter().find(|(name, _)| !names.contains(&name.value.as_str())) {
                    return self.vector_fault(name.span, &format!("the hook has no arg `{}`", name.value), &help);
                }
                let value = |name: &&str| given.iter().find(|(given, _)| given.value == *name).map(|(_, node)| node);
                names.iter().map(value).collect()
            }
            _ => return self.vector_fault(args.span, "these are not the args of the hook", &help),
        };
        let mut values = Vec::new();
        for ((name, ty), node) in hook.args.iter().zip(given) {
            values.push(match node {
                Some(node) => self.judge(ty, node, &rules::HOOK_VECTOR, &format!("arg `{name}`")),
                None if self.workspace.is_optional(ty) => Some(crate::json::Value::Null),
                None => self.vector_fault(args.span, &format!("the arg `{name}` is missing"), &help),
            });
        }
        let returns = self.judge(&hook.returns, returns, &rules::HOOK_VECTOR, "answer");
        Some(Vector { args: values.into_iter().collect::<Option<_>>()?, returns: returns? })
    }

    fn vector_fault<T>(&mut self, span: Span, message: &str, help: &str) -> Option<T> {
        self.out.push(Diagnostic::new(&rules::HOOK_VECTOR, span, message).help(help));
        None
    }

    /// The hooks that expressions of a family can call.
    pub(super) fn hooks_of(&self, family: FamilyId) -> Vec<HookId> {
        let imports = self.symbols.imports_of(family);
        let is_visible = |hook: &Hook| hook.family == family || imports.contains(&hook.family);
        self.workspace.hooks.entries().filter(|(_, hook)| is_visible(hook)).map(|(id, _)| id).collect()
    }

    /// Notes which imports an expression of a family needs for the hooks it calls.
    pub(super) fn use_hooks(&mut self, family: FamilyId, hooks: &[HookId]) {
        for &id in hooks {
            let owner = self.workspace.hooks[id].family;
            if owner != family {
                self.symbols.use_import(family, owner);
            }
        }
    }
}

fn is_stem(stem: &str) -> bool {
    let rest = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    stem.len() <= LONGEST_STEM && stem.starts_with(|c: char| c.is_ascii_lowercase()) && stem.chars().all(rest)
}
