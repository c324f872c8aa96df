//! An entry of `enums` enters; it leaves as written.

use super::super::yaml::{Node, NodeKind};
use super::contract::{bare_meta, read_deprecated, read_meta};
use super::read::{self, Object};
use super::{RawEnum, RawEnumMap, RawEnumValue, RawMembers, RawText};
use crate::diagnostic::Diagnostics;
use crate::source::Spanned;

const MEMBERS: &str = "a list of values";

pub fn read_enum(name: &RawText, node: &Node, out: &mut Diagnostics) -> Option<RawEnum> {
    if let NodeKind::Sequence(_) = node.kind {
        let (aliases, sets, maps) = (Vec::new(), Vec::new(), Vec::new());
        return Some(RawEnum {
            meta: bare_meta(name),
            values: read_values(node, out)?,
            aliases,
            sets,
            maps,
            rank: None,
        });
    }
    let mut object = Object::new(node, "an enum", out)?;
    let values = object.need("values", out).and_then(|node| read_values(node, out));
    let aliases = object.take("aliases").and_then(|node| read::members(node, "a mapping of aliases", out));
    let aliases =
        aliases.unwrap_or_default().iter().filter_map(|(alias, node)| Some((alias.clone(), read::text(node, out)?)));
    let aliases = aliases.collect();
    let sets = object.take("sets").and_then(|node| read::members(node, "a mapping of sets", out));
    let sets = sets
        .unwrap_or_default()
        .iter()
        .filter_map(|(name, node)| Some((name.clone(), read_members(node, out)?)))
        .collect();
    let maps = object.take("maps").and_then(|node| read::members(node, "a mapping of maps", out));
    let maps = maps.unwrap_or_default().iter().filter_map(|(name, node)| read_map(name, node, out)).collect();
    let rank = object.take("rank").map(|node| Spanned::new(read::texts(node, MEMBERS, out), node.span));
    let meta = read_meta(&mut object, name.clone(), out);
    object.finish(out);
    Some(RawEnum { meta, values: values?, aliases, sets, maps, rank })
}

/// `[a, b]`, `name`, `Enum.name` or `{not: ..}`
pub fn read_members(node: &Node, out: &mut Diagnostics) -> Option<RawMembers> {
    match &node.kind {
        NodeKind::Sequence(_) => Some(RawMembers::List(read::texts(node, MEMBERS, out))),
        NodeKind::Scalar(..) => read::text(node, out).map(RawMembers::Named),
        NodeKind::Mapping(_) => {
            let mut object = Object::new(node, "a set", out)?;
            let inner = object.need("not", out).and_then(|node| read_members(node, out));
            object.finish(out);
            Some(RawMembers::Not(Box::new(inner?)))
        }
    }
}

fn read_values(node: &Node, out: &mut Diagnostics) -> Option<Vec<RawEnumValue>> {
    Some(read::items(node, MEMBERS, out)?.iter().filter_map(|node| read_value(node, out)).collect())
}

fn read_value(node: &Node, out: &mut Diagnostics) -> Option<RawEnumValue> {
    if let NodeKind::Scalar(..) = node.kind {
        let value = read::text(node, out)?;
        return Some(RawEnumValue { value, name: None, doc: None, deprecated: None });
    }
    let mut object = Object::new(node, "a value", out)?;
    let value = object.need("value", out).and_then(|node| read::text(node, out));
    let name = object.read("name", out, read::text);
    let doc = object.read("doc", out, read::prose);
    let deprecated = object.read("deprecated", out, read_deprecated);
    object.finish(out);
    Some(RawEnumValue { value: value?, name, doc, deprecated })
}

fn read_map(name: &RawText, node: &Node, out: &mut Diagnostics) -> Option<RawEnumMap> {
    let mut object = Object::new(node, "a map of an enum", out)?;
    let to = object.need("to", out).and_then(|node| read::text(node, out));
    let cases = object
        .rest()
        .into_iter()
        .map(|(target, node)| (target.clone(), read::one_or_more(node, MEMBERS, out)))
        .collect();
    Some(RawEnumMap { name: name.clone(), to: to?, cases })
}
