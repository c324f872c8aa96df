//! Hooks enter; their sources in one language leave, and what packages say of them.

use std::collections::BTreeMap;

use super::header;
use crate::config::Config;
use crate::model::{Hook, Implementation, Language, Meta, Workspace};

/// The source of a hook.
pub fn source(hook: &Hook, language: Language) -> &Implementation {
    hook.implementation(language).expect("every language that is generated has a source")
}

/// All sources, each once, by name.
pub fn sources(workspace: &Workspace, language: Language) -> Vec<&Implementation> {
    let by_stem: BTreeMap<&str, &Implementation> =
        workspace.hooks.iter().map(|hook| source(hook, language)).map(|it| (it.stem.as_str(), it)).collect();
    by_stem.into_values().collect()
}

/// A source as packages take it over, behind a line of comment.
pub fn taken_over(config: &Config, source: &Implementation, comment: &str) -> String {
    format!("{comment} {}\n{}", header::of_source(config, &source.path), source.text)
}

/// What is said of a hook, where it was written included.
pub fn meta(config: &Config, hook: &Hook, language: Language) -> Meta {
    let place = format!("Written in {}/{}.", config.contracts, source(hook, language).path);
    let doc = hook.meta.doc.as_ref().map_or_else(|| place.clone(), |doc| format!("{doc}\n\n{place}"));
    Meta { doc: Some(doc), ..hook.meta.clone() }
}
