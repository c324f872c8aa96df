//! Enums as written enter; members with aliases, sets, maps and rank leave.

use std::collections::{BTreeMap, BTreeSet};

use super::{Resolver, rules};
use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::load::raw::{RawEnum, RawEnumMap, RawMembers, RawText};
use crate::model::{EnumDef, EnumId, EnumMap, EnumSet, EnumValue, FamilyId};
use crate::source::{Span, Spanned};

impl Resolver<'_> {
    pub(super) fn resolve_enums(&mut self) {
        let mut ids = Vec::new();
        for (family, contract) in self.families() {
            for raw in &contract.enums {
                let item = self.enum_without_maps(family, raw);
                ids.push((self.workspace.enums.push(item), family, raw));
            }
        }
        // Maps lead to other enums, whose values must be there first.
        for (id, family, raw) in ids {
            let maps = raw.maps.iter().filter_map(|map| self.enum_map(id, family, map)).collect();
            self.workspace.enums.get_mut(id).maps = maps;
        }
    }

    fn enum_without_maps(&mut self, family: FamilyId, raw: &RawEnum) -> EnumDef {
        let meta = self.meta(&raw.meta);
        if raw.values.is_empty() {
            let message = format!("the enum `{}` has no values", meta.name);
            self.out.push(Diagnostic::new(&rules::ENUM_EMPTY, meta.span, message));
        }
        let (mut values, mut places) = (Vec::new(), BTreeMap::new());
        for value in &raw.values {
            if let Some(first) = places.get(&value.value.value) {
                let message = format!("the value `{}` stands twice", value.value.value);
                self.out.push(
                    Diagnostic::new(&rules::DUPLICATE_VALUE, value.value.span, message).related(*first, "first here"),
                );
                continue;
            }
            places.insert(&value.value.value, value.value.span);
            let name = value.name.as_ref().map_or_else(|| value.value.value.clone(), |name| name.value.clone());
            values.push(EnumValue {
                text: value.value.value.clone(),
                name,
                span: value.value.span,
                doc: value.doc.as_ref().map(|doc| doc.value.clone()),
                deprecated: value.deprecated.as_ref().and_then(|raw| self.deprecation(raw)),
            });
        }
        let mut item = EnumDef {
            meta,
            family,
            values,
            aliases: Vec::new(),
            sets: Vec::new(),
            maps: Vec::new(),
            rank: None,
            made_for: None,
        };
        self.aliases(&mut item, raw);
        self.sets(&mut item, raw);
        self.rank(&mut item, raw);
        item
    }

    fn aliases(&mut self, item: &mut EnumDef, raw: &RawEnum) {
        for (alias, target) in &raw.aliases {
            let Some(index) = self.member(item, target) else { continue };
            if item.index_of(&alias.value).is_some() {
                let message = format!("`{}` is a value of the enum and cannot be an alias too", alias.value);
                self.out.push(
                    Diagnostic::new(&rules::ENUM_ALIAS, alias.span, message)
                        .help("an alias is an old text that is accepted on input only"),
                );
                continue;
            }
            item.aliases.push((alias.value.clone(), index));
        }
    }

    fn sets(&mut self, item: &mut EnumDef, raw: &RawEnum) {
        for (name, members) in &raw.sets {
            if let Some(index) = item.index_of(&name.value) {
                let message = format!("`{}` is a value of the enum and cannot name a set too", name.value);
                self.out.push(
                    Diagnostic::new(&rules::ENUM_SET_CLASH, name.span, message)
                        .related(item.values[index].span, "the value"),
                );
                continue;
            }
            let Some(members) = self.enum_members(item, members) else { continue };
            item.sets.push(EnumSet { name: name.value.clone(), members });
        }
    }

    /// Members in declared order. A set may name sets that stand before it.
    pub(super) fn enum_members(&mut self, item: &EnumDef, raw: &RawMembers) -> Option<Vec<usize>> {
        match raw {
            RawMembers::List(names) => {
                let mut members = BTreeSet::new();
                let mut complete = true;
                for name in names {
                    match self.member(item, name) {
                        Some(index) if !members.insert(index) => {
                            let message = format!("`{}` stands twice", name.value);
                            self.out.push(Diagnostic::new(&rules::DUPLICATE_VALUE, name.span, message));
                        }
                        Some(_) => {}
                        None => complete = false,
                    }
                }
                complete.then(|| members.into_iter().collect())
            }
            RawMembers::Named(name) => {
                let plain = name.value.strip_prefix(&format!("{}.", item.meta.name)).unwrap_or(&name.value);
                if let Some(set) = item.set(plain) {
                    return Some(set.members.clone());
                }
                let text = Spanned::new(plain.to_owned(), name.span);
                self.member(item, &text).map(|index| vec![index])
            }
            RawMembers::Not(inner) => {
                let without: BTreeSet<_> = self.enum_members(item, inner)?.into_iter().collect();
                Some((0..item.values.len()).filter(|index| !without.contains(index)).collect())
            }
        }
    }

    /// Index of the value, or a finding.
    pub(super) fn member(&mut self, item: &EnumDef, name: &RawText) -> Option<usize> {
        let found = item.index_of(&name.value);
        if found.is_none() {
            let message = format!("`{}` has no value `{}`", item.meta.name, name.value);
            let mut finding = Diagnostic::new(&rules::UNKNOWN_NAME, name.span, message);
            if let Some(near) = did_you_mean(&name.value, item.values.iter().map(|value| value.text.as_str())) {
                finding = finding.help(format!("did you mean `{near}`?"));
            }
            self.out.push(finding.related(item.meta.span, "the enum"));
        }
        found
    }

    fn rank(&mut self, item: &mut EnumDef, raw: &RawEnum) {
        let Some(rank) = &raw.rank else { return };
        let members: Vec<usize> = rank.value.iter().filter_map(|name| self.member(item, name)).collect();
        let distinct: BTreeSet<_> = members.iter().collect();
        if distinct.len() == item.values.len() && members.len() == item.values.len() {
            item.rank = Some(members);
        } else if members.len() == rank.value.len() {
            let missing = names(item, (0..item.values.len()).filter(|index| !distinct.contains(index)));
            let message = format!("the rank of `{}` does not hold each value once", item.meta.name);
            let mut finding = Diagnostic::new(&rules::ENUM_RANK_PARTIAL, rank.span, message);
            if !missing.is_empty() {
                finding = finding.help(format!("missing: {missing}"));
            }
            self.out.push(finding);
        }
    }

    fn enum_map(&mut self, id: EnumId, family: FamilyId, raw: &RawEnumMap) -> Option<EnumMap> {
        let to = self.enum_of(family, &raw.to)?;
        let (source, target) = (self.workspace.enums[id].clone(), self.workspace.enums[to].clone());
        let mut targets: Vec<Option<(usize, Span)>> = vec![None; source.values.len()];
        let mut complete = true;
        for (value, members) in &raw.cases {
            let Some(target) = self.member(&target, value) else {
                complete = false;
                continue;
            };
            for name in members {
                let Some(index) = self.member(&source, name) else {
                    complete = false;
                    continue;
                };
                if let Some((_, first)) = targets[index].replace((target, name.span)) {
                    let message = format!("`{}` is mapped twice", name.value);
                    self.out.push(
                        Diagnostic::new(&rules::DUPLICATE_VALUE, name.span, message).related(first, "first here"),
                    );
                }
            }
        }
        if complete && targets.iter().any(Option::is_none) {
            let missing = names(&source, (0..targets.len()).filter(|&index| targets[index].is_none()));
            let message = format!("the map `{}` leaves out values of `{}`", raw.name.value, source.meta.name);
            self.out.push(
                Diagnostic::new(&rules::ENUM_MAP_PARTIAL, raw.name.span, message).help(format!("missing: {missing}")),
            );
        }
        let targets = targets.into_iter().map(|target| target.map(|(index, _)| index)).collect::<Option<_>>()?;
        Some(EnumMap { name: raw.name.value.clone(), to, targets })
    }
}

/// Texts of members, for messages.
pub fn names(item: &EnumDef, indices: impl Iterator<Item = usize>) -> String {
    indices.map(|index| format!("`{}`", item.values[index].text)).collect::<Vec<_>>().join(", ")
}
