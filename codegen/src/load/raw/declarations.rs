//! Entries of `scalars`, `types`, `groups` and `tables` enter; they leave as written.

use super::super::yaml::{Node, NodeKind};
use super::contract::{bare_meta, read_meta};
use super::read::{self, Object};
use super::types::{read_constraints, read_type, read_type_source};
use super::{RawConstraints, RawGroup, RawNamedType, RawScalar, RawTable, RawText, RawTypeSource};
use crate::diagnostic::Diagnostics;

pub fn read_scalar(name: &RawText, node: &Node, out: &mut Diagnostics) -> Option<RawScalar> {
    let mut object = Object::new(node, "a scalar", out)?;
    let base = object.need("base", out).and_then(|node| read::text(node, out));
    let meta = read_meta(&mut object, name.clone(), out);
    let constraints = read_constraints(&mut object, out);
    let default = object.take("default").cloned();
    object.finish(out);
    Some(RawScalar { meta, base: base?, constraints, default })
}

pub fn read_named_type(name: &RawText, node: &Node, out: &mut Diagnostics) -> Option<RawNamedType> {
    if let NodeKind::Scalar(..) = node.kind {
        let ty = RawTypeSource::Type(read_type(node, out)?);
        return Some(RawNamedType { meta: bare_meta(name), ty, constraints: RawConstraints::default() });
    }
    let mut object = Object::new(node, "a type", out)?;
    let ty = read_type_source(&mut object, node.span, out);
    let meta = read_meta(&mut object, name.clone(), out);
    let constraints = read_constraints(&mut object, out);
    object.finish(out);
    Some(RawNamedType { meta, ty: ty?, constraints })
}

pub fn read_group(name: &RawText, node: &Node, out: &mut Diagnostics) -> Option<RawGroup> {
    const MEMBERS: &str = "a list of events and groups";
    if let NodeKind::Sequence(_) = node.kind {
        return Some(RawGroup { meta: bare_meta(name), members: read::texts(node, MEMBERS, out) });
    }
    let mut object = Object::new(node, "a group", out)?;
    let members = object.need("events", out).map(|node| read::texts(node, MEMBERS, out));
    let meta = read_meta(&mut object, name.clone(), out);
    object.finish(out);
    Some(RawGroup { meta, members: members? })
}

pub fn read_table(name: &RawText, node: &Node, out: &mut Diagnostics) -> Option<RawTable> {
    let mut object = Object::new(node, "a table", out)?;
    let key = object.need("key", out).and_then(|node| read::text(node, out));
    let columns = object.need("columns", out).and_then(|node| read::members(node, "a mapping of columns", out));
    let columns: Vec<_> = columns
        .unwrap_or_default()
        .iter()
        .filter_map(|(name, node)| Some((name.clone(), read_type(node, out)?)))
        .collect();
    let rows = object.need("rows", out).and_then(|node| read::members(node, "a mapping of rows", out));
    let rows = rows
        .unwrap_or_default()
        .iter()
        .filter_map(|(name, node)| Some((name.clone(), read::members(node, "a mapping of cells", out)?.to_vec())))
        .collect();
    let meta = read_meta(&mut object, name.clone(), out);
    object.finish(out);
    Some(RawTable { meta, key: key?, columns, rows })
}
