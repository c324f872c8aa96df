//! Enums enter; their schemas leave, with all that the contract says of their values.

use super::declared::Declared;
use super::node::{Node, Object};
use super::scalars::members;
use super::texts::deprecation;
use super::types::Context;
use crate::model::{EnumDef, EnumId, EnumMap, EnumType, EnumValue};

impl Context<'_> {
    /// The schema of an enum, with its sets, maps and rank, and what is said of single values.
    pub(super) fn enumeration(&self, id: EnumId) -> Object {
        let def = &self.workspace.enums[id];
        let texts = |indices: &[usize]| indices.iter().map(|at| def.values[*at].text.as_str()).collect::<Vec<_>>();
        let said: Vec<Node> = def.values.iter().filter_map(described_value).collect();
        let (mut sets, mut maps) = (Object::default(), Object::default());
        for set in &def.sets {
            sets.put(&set.name, texts(&set.members));
        }
        for map in &def.maps {
            maps.put(&map.name, self.map(map));
        }
        members(def, &EnumType { id, only: None })
            .with_some("x-values", (!said.is_empty()).then_some(said))
            .with_some("x-sets", (!def.sets.is_empty()).then_some(sets))
            .with_some("x-maps", (!def.maps.is_empty()).then_some(maps))
            .with_some("x-rank", def.rank.as_ref().map(|rank| texts(rank)))
    }

    /// The enum that a map leads to, and its value for each value in order.
    fn map(&self, map: &EnumMap) -> Object {
        let to: &EnumDef = &self.workspace.enums[map.to];
        let values: Vec<&str> = map.targets.iter().map(|at| to.values[*at].text.as_str()).collect();
        Object::of("to", self.names[&Declared::Enum(map.to)].as_str()).with("values", values)
    }
}

/// A value of which more is said than its text.
fn described_value(value: &EnumValue) -> Option<Node> {
    let name = (value.name != value.text).then_some(value.name.as_str());
    if name.is_none() && value.doc.is_none() && value.deprecated.is_none() {
        return None;
    }
    let said = Object::of("value", value.text.as_str()).with_some("name", name);
    let said = said.with_some("description", value.doc.as_deref());
    Some(said.with_some("x-deprecated", value.deprecated.as_ref().map(deprecation)).into())
}
