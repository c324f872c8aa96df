//! Enums enter; sets, maps and values that do not tell anything apart leave.

use super::naming::is_twin;
use super::visit::is_foreign;
use super::{Check, rules};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{EnumDef, Workspace};

pub(super) const CHECKS: &[Check] = &[set_trivial, sets_equal, map_constant, value_twin];

fn declared(workspace: &Workspace) -> impl Iterator<Item = &EnumDef> {
    workspace.enums.iter().filter(|item| item.made_for.is_none() && !is_foreign(workspace, &item.meta))
}

fn set_trivial(workspace: &Workspace, out: &mut Diagnostics) {
    for item in declared(workspace) {
        for set in &item.sets {
            let what = match set.members.len() {
                0 => "no value",
                all if all == item.values.len() => "all values",
                _ => continue,
            };
            let message = format!("the set `{}.{}` holds {what}", item.meta.name, set.name);
            let finding = Diagnostic::new(&rules::ENUM_SET_TRIVIAL, item.meta.span, message);
            out.push(finding.help("a condition on it always says the same: remove the set, or put its values right"));
        }
    }
}

fn sets_equal(workspace: &Workspace, out: &mut Diagnostics) {
    for item in declared(workspace) {
        for (at, set) in item.sets.iter().enumerate() {
            if let Some(same) = item.sets[..at].iter().find(|other| other.members == set.members) {
                let (name, one, other) = (&item.meta.name, &same.name, &set.name);
                let message = format!("the sets `{name}.{one}` and `{name}.{other}` hold the same values");
                out.push(Diagnostic::new(&rules::ENUM_SETS_EQUAL, item.meta.span, message));
            }
        }
    }
}

fn map_constant(workspace: &Workspace, out: &mut Diagnostics) {
    for item in declared(workspace).filter(|item| item.values.len() > 1) {
        for map in item.maps.iter().filter(|map| map.targets.windows(2).all(|pair| pair[0] == pair[1])) {
            let message = format!("the map `{}.{}` leads every value to one", item.meta.name, map.name);
            let finding = Diagnostic::new(&rules::ENUM_MAP_CONSTANT, item.meta.span, message);
            out.push(finding.help("remove the map, or put its cases right"));
        }
    }
}

/// Words that differ in one letter, where that is no digit, are one word typed twice more often than two.
fn value_twin(workspace: &Workspace, out: &mut Diagnostics) {
    for item in declared(workspace) {
        for (at, value) in item.values.iter().enumerate() {
            let Some(twin) = item.values[..at].iter().find(|other| is_twin(&value.text, &other.text)) else { continue };
            if value.deprecated.is_some() || twin.deprecated.is_some() {
                continue;
            }
            let message = format!("`{}` and `{}` differ in one letter", twin.text, value.text);
            let finding = Diagnostic::new(&rules::VALUE_TWIN, value.span, message);
            let finding = finding.related(twin.span, "the other one");
            out.push(finding.help("keep one, and make the other an alias of it: `aliases: {old: new}`"));
        }
    }
}
