//! A family enters; what its page says about hooks leaves: what each is for, takes and returns, and what it answers.

use super::events::about;
use super::page::{Inline, Page, code, joined, text};
use super::types;
use crate::model::{FamilyId, HookKind, Type, Workspace};

/// How many vectors of a hook are shown.
const SHOWN: usize = 12;

pub(super) fn write(workspace: &Workspace, family: FamilyId, page: &mut Page) {
    let hooks: Vec<_> = workspace.hooks.iter().filter(|hook| hook.family == family).collect();
    if hooks.is_empty() {
        return;
    }
    page.heading(2, "", "Hooks");
    page.words(vec![
        text("Functions that are written by hand, once in each language. An "),
        code(word(HookKind::Upcast)),
        text(" makes a newer payload of an older one; the others are called in expressions."),
    ]);
    for hook in hooks {
        page.heading(3, "hook", &hook.meta.name);
        about(&hook.meta, page);
        let mut words = vec![code(word(hook.kind)), text(", returns ")];
        words.extend(whole(workspace, &hook.returns));
        page.words(words);
        let args = hook.args.iter().map(|(name, ty)| vec![vec![code(&**name)], whole(workspace, ty)]);
        page.table(&["arg", "type"], args.collect());
        let vectors = hook.vectors.iter().take(SHOWN).map(|vector| {
            let args = hook.args.iter().zip(&vector.args);
            let args = args.map(|((name, _), value)| vec![code(&**name), text(": "), types::value_of(value)]);
            vec![joined(args, ", "), vec![types::value_of(&vector.returns)]]
        });
        page.table(&["of", "it returns"], vectors.collect());
    }
}

fn word(kind: HookKind) -> &'static str {
    let known = HookKind::ALL.iter().find(|(_, known)| *known == kind);
    known.map(|(word, _)| *word).expect("every kind has a word")
}

/// A type with its bounds, and whether there may be nothing.
fn whole(workspace: &Workspace, ty: &Type) -> Vec<Inline> {
    let mut words = types::of(workspace, ty);
    let constraints = types::constraints(ty);
    if !constraints.is_empty() {
        words.push(text(", "));
        words.extend(constraints);
    }
    if workspace.is_optional(ty) {
        words.push(text(", or none"));
    }
    words
}
