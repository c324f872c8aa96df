//! Hooks of both versions enter; functions that code, or their sources, cannot be called as before leave.

use super::super::pair::{Pair, Place, by_name};
use super::super::report::Report;
use super::super::{rules, written};
use crate::model::{Hook, HookKind, Workspace};

pub(super) fn compare(pair: &Pair<'_>, report: &mut Report<'_>) {
    for old in &pair.old.hooks {
        let Some(new) = by_name(&pair.new.hooks, &old.meta.name, |hook| &hook.meta) else {
            gone(pair, old, report);
            continue;
        };
        let place = || Place::of(new.meta.name.clone(), &old.meta, &new.meta);
        let (was, is) = (signature(pair.old, old), signature(pair.new, new));
        if was != is {
            let message = format!("the hook `{}` is `{is}` now, and was `{was}`", new.meta.name);
            let help = "keep it, and declare a hook of another name with the new signature";
            report.change(&rules::SOURCE_HOOK_SAME_SIGNATURE, place(), message, help);
        }
    }
}

fn gone(pair: &Pair<'_>, old: &Hook, report: &mut Report<'_>) {
    let name = &old.meta.name;
    let new = pair.new_family(old.family).map(|family| family.meta.span);
    let place = Place { name: name.clone(), old: Some(old.meta.span), new };
    let message = format!("the hook `{name}` is gone: code that calls it from the module `hooks` does not compile");
    let help = format!("keep `{name}` and its sources as long as anybody calls it");
    report.change(&rules::SOURCE_HOOK_KEPT, place, message, help);
}

/// What it is called with and gives. Names of args count, since Python can call by them. That it lifts older payloads is a
/// promise of its own; whether it decides or derives shows in its answer.
fn signature(workspace: &Workspace, hook: &Hook) -> String {
    let args = hook.args.iter().map(|(name, ty)| format!("{name}: {}", written::ty(workspace, ty)));
    let word = if hook.kind == HookKind::Upcast { "upcast " } else { "" };
    let returns = written::ty(workspace, &hook.returns);
    format!("{word}({}) -> {returns}", args.collect::<Vec<_>>().join(", "))
}
