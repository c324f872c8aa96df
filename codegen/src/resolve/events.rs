//! Groups as written enter; flat lists of events leave.

use super::symbols::Declared;
use super::{Resolver, rules};
use crate::diagnostic::Diagnostic;
use crate::load::raw::RawGroup;
use crate::model::{EventId, FamilyId, Group};

impl Resolver<'_> {
    pub(super) fn resolve_groups(&mut self) {
        let raw: Vec<(FamilyId, &RawGroup)> = self
            .families()
            .into_iter()
            .flat_map(|(family, contract)| contract.groups.iter().map(move |group| (family, group)))
            .collect();
        let members: Vec<Vec<Declared>> =
            raw.iter().map(|&(family, group)| self.group_members(family, group)).collect();
        for (at, &(family, group)) in raw.iter().enumerate() {
            let mut events = Vec::new();
            let mut open = vec![at];
            if !flatten(&members, at, &mut open, &mut events) {
                let message = format!("the group `{}` holds itself", group.meta.name.value);
                self.out.push(Diagnostic::new(&rules::GROUP_CYCLE, group.meta.name.span, message));
            } else if events.is_empty() && group.members.is_empty() {
                let message = format!("the group `{}` has no events", group.meta.name.value);
                self.out.push(Diagnostic::new(&rules::GROUP_EMPTY, group.meta.name.span, message));
            }
            let meta = self.meta(&group.meta);
            self.workspace.groups.push(Group { meta, family, events });
        }
    }

    fn group_members(&mut self, family: FamilyId, group: &RawGroup) -> Vec<Declared> {
        let mut members = Vec::new();
        for name in &group.members {
            match self.symbols.lookup(family, name, self.out) {
                Some(declared @ (Declared::Event(_) | Declared::Group(_))) => {
                    if members.contains(&declared) {
                        let message = format!("`{}` stands twice", name.value);
                        self.out.push(Diagnostic::new(&rules::DUPLICATE_VALUE, name.span, message));
                    } else {
                        members.push(declared);
                    }
                }
                Some(other) => self.wrong_declaration(name, "an event or a group", other),
                None => {}
            }
        }
        members
    }
}

/// Adds the events of a group, each once; false where the group reaches itself.
fn flatten(members: &[Vec<Declared>], at: usize, open: &mut Vec<usize>, events: &mut Vec<EventId>) -> bool {
    for member in &members[at] {
        match *member {
            Declared::Event(id) if !events.contains(&id) => events.push(id),
            Declared::Group(id) => {
                let next = usize::from(id);
                if open.contains(&next) {
                    return false;
                }
                open.push(next);
                let straight = flatten(members, next, open, events);
                open.pop();
                if !straight {
                    return false;
                }
            }
            _ => {}
        }
    }
    true
}
