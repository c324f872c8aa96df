//! Enums enter; Rust enums leave, with their texts, aliases, sets, maps and rank as constants.

use super::layout::{Doc, laid_out};
use super::module::Module;
use super::text::put;
use super::{docs, names};
use crate::emit::casing;
use crate::emit::encode::rust;
use crate::model::{EnumDef, EnumId, Meta};

/// Constants and methods that every enum has.
const TAKEN: &[&str] = &["ALL", "CHOICE", "KIND", "as_str", "from_str", "rank"];

/// Writes an enum.
pub(super) fn declare(module: &mut Module<'_>, id: EnumId) {
    let workspace = module.workspace();
    let declared = &workspace.enums[id];
    let name = &declared.meta.name;
    let order = if declared.rank.is_some() { "" } else { ", PartialOrd, Ord" };
    let out = &mut module.out;
    out.push_str(&docs::of(&declared.meta, None, &format!("The enum `{name}`."), 0));
    put!(out, "#[derive(Debug, Clone, Copy, PartialEq, Eq{order}, Hash)]\npub enum {name} {{\n");
    for value in &declared.values {
        let meta = Meta {
            doc: value.doc.clone(),
            deprecated: value.deprecated.clone(),
            ..Meta::bare(&value.text, value.span)
        };
        out.push_str(&docs::of(&meta, None, &docs::quoted(&value.text), 4));
        put!(out, "    {},\n", names::variant(&value.name));
    }
    put!(out, "}}\n\nimpl {name} {{\n");
    out.push_str("    /// Every member, in declared order.\n");
    let members = |members: &mut dyn Iterator<Item = usize>| {
        Doc::array_of(members.map(|index| format!("Self::{}", names::variant(&declared.values[index].name))))
    };
    let all = members(&mut (0..declared.values.len()));
    out.push_str(&all.line(4, "pub const ALL: &'static [Self] = ", ";"));
    out.push_str("\n    /// The text of each member, and what else is read as one.\n");
    out.push_str(&choice(declared).line(4, "pub const CHOICE: &'static support::Choice = ", ";"));
    for set in &declared.sets {
        let (constant, doc) = (names::apart(casing::screaming(&set.name), TAKEN), &set.name);
        put!(out, "\n    /// Members of the set `{doc}`.\n");
        let listed = members(&mut set.members.iter().copied());
        out.push_str(&listed.line(4, &format!("pub const {constant}: &'static [Self] = "), ";"));
        put!(out, "\n    /// Whether it is in the set `{doc}`.\n");
        put!(out, "    pub const fn {}(self) -> bool {{\n", set_test(&set.name));
        let bits = (0..declared.values.len()).map(|index| set.members.contains(&index).to_string()).collect();
        out.push_str(&Doc::Row("", bits).line(8, "", "[self as usize]"));
        out.push_str("    }\n");
    }
    if let Some(rank) = &declared.rank {
        out.push_str("\n    /// Its place from lowest to highest.\n    pub const fn rank(self) -> usize {\n");
        let places = (0..declared.values.len()).map(|index| rank.iter().position(|&at| at == index).unwrap_or(0));
        out.push_str(&Doc::Row("", places.map(|place| place.to_string()).collect()).line(8, "", "[self as usize]"));
        out.push_str("    }\n");
    }
    maps(module, declared);
    module.out.push_str("}\n\n");
    if declared.rank.is_some() {
        ordered(module, name);
    }
    put!(module.out, "support::choice!({name});\n\n");
}

/// The method that tells whether a member is in a set.
pub(super) fn set_test(set: &str) -> String {
    format!("is_{}", casing::snake(set))
}

/// The method that maps a member to another enum.
pub(super) fn map_method(map: &str) -> String {
    names::apart(names::value(map), TAKEN)
}

fn choice(declared: &EnumDef) -> Doc {
    let values = Doc::array_of(declared.values.iter().map(|value| rust::string(&value.text)));
    let alias = |(text, index): &(String, usize)| Doc::text(format!("({}, {index})", rust::string(text)));
    let aliases = Doc::Array("&", declared.aliases.iter().map(alias).collect());
    Doc::Struct("&support::Choice".into(), vec![("values", values), ("aliases", aliases)], None)
}

fn maps(module: &mut Module<'_>, declared: &EnumDef) {
    let workspace = module.workspace();
    for map in &declared.maps {
        let to = &workspace.enums[map.to];
        let target = module.refer(to.family, &to.meta.name);
        let method = map_method(&map.name);
        let arms =
            map.targets.iter().map(|&index| Doc::text(format!("{target}::{}", names::variant(&to.values[index].name))));
        let table = Doc::Array("", arms.collect());
        let out = &mut module.out;
        put!(out, "\n    /// What the map `{}` makes of it.\n", map.name);
        put!(out, "    pub const fn {method}(self) -> {target} {{\n");
        out.push_str(&table.line(8, "", "[self as usize]"));
        out.push_str("    }\n");
    }
}

/// Writes the order of an enum with a rank.
fn ordered(module: &mut Module<'_>, name: &str) {
    let option = module.prelude("Option");
    let items = [
        format!(
            "impl ::core::cmp::PartialOrd for {name} {{
                fn partial_cmp(&self, other: &Self) -> {option}<::core::cmp::Ordering> {{
                    {option}::Some(self.cmp(other))
                }}
            }}"
        ),
        format!(
            "impl ::core::cmp::Ord for {name} {{
                fn cmp(&self, other: &Self) -> ::core::cmp::Ordering {{
                    self.rank().cmp(&other.rank())
                }}
            }}"
        ),
    ];
    put!(module.out, "{}\n", laid_out(&items, 0).trim_start());
}
