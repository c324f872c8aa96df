//! Entries of `hooks` enter; they leave as written. What stands in the files that they name is kept beside them.

use std::collections::BTreeMap;

use super::super::yaml::Node;
use super::contract::read_meta;
use super::read::{self, Object};
use super::types::read_type;
use super::{RawMeta, RawText, RawType};
use crate::diagnostic::Diagnostics;

/// An entry of `hooks`.
#[derive(Debug, Clone)]
pub struct RawHook {
    /// Name and texts.
    pub meta: RawMeta,
    /// `kind`
    pub kind: RawText,
    /// `args`: names and types, in order.
    pub args: Vec<(RawText, RawType)>,
    /// `returns`
    pub returns: RawType,
    /// `vectors`: path of the file.
    pub vectors: RawText,
    /// `implementations`: language and path of the file.
    pub implementations: Vec<(&'static str, RawText)>,
}

/// What stands in the files that hooks name, by path from the folder of contracts.
#[derive(Debug, Default)]
pub struct HookFiles {
    /// Lists of vectors.
    pub vectors: BTreeMap<String, Node>,
    /// Sources.
    pub sources: BTreeMap<String, String>,
}

pub fn read_hook(name: &RawText, node: &Node, out: &mut Diagnostics) -> Option<RawHook> {
    let mut object = Object::new(node, "a hook", out)?;
    let kind = object.need("kind", out).and_then(|node| read::text(node, out));
    let args = object.need("args", out).and_then(|node| read::members(node, "a mapping of args", out));
    let args: Vec<_> = args
        .unwrap_or_default()
        .iter()
        .filter_map(|(name, node)| Some((name.clone(), read_type(node, out)?)))
        .collect();
    let returns = object.need("returns", out).and_then(|node| read_type(node, out));
    let vectors = object.need("vectors", out).and_then(|node| read::text(node, out));
    let implementations = object.read("implementations", out, read_implementations).unwrap_or_default();
    let meta = read_meta(&mut object, name.clone(), out);
    object.finish(out);
    Some(RawHook { meta, kind: kind?, args, returns: returns?, vectors: vectors?, implementations })
}

fn read_implementations(node: &Node, out: &mut Diagnostics) -> Option<Vec<(&'static str, RawText)>> {
    let mut object = Object::new(node, "`implementations`", out)?;
    let languages = ["rust", "python", "typescript"];
    let files = languages.map(|language| Some((language, object.read(language, out, read::text)?)));
    object.finish(out);
    Some(files.into_iter().flatten().collect())
}
