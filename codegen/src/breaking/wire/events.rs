//! The events and envelopes of both versions enter; what is wrong with their types and payloads leaves.

use super::super::pair::{Pair, Place, by_name};
use super::super::report::Direction;
use super::super::rules;
use super::Wire;
use crate::model::{Event, Workspace};

pub(super) fn compare(wire: &mut Wire<'_, '_, '_>, pair: &Pair<'_>) {
    for old in &pair.old.events {
        match by_name(&pair.new.events, &old.meta.name, |event| &event.meta) {
            Some(new) => both(wire, old, new),
            None => gone(wire, pair, old),
        }
    }
    for (old, record) in envelopes(pair.old) {
        if let Some((new, _)) = envelopes(pair.new).find(|(_, other)| other.meta.name == record.meta.name) {
            wire.records(old, new);
        }
    }
}

fn both(wire: &mut Wire<'_, '_, '_>, old: &Event, new: &Event) {
    let place = Place::of(new.meta.name.clone(), &old.meta, &new.meta);
    if old.wire != new.wire {
        wire.report.wire(
            &rules::WIRE_EVENT_TYPE_SAME,
            place.clone(),
            Direction::Full,
            format!("`{}` is written `{}` now, and was written `{}`", new.meta.name, new.wire, old.wire),
            format!("keep `wire: {}`; for another text declare another event beside it", old.wire),
        );
    }
    wire.types(&place, &old.payload.ty(), &new.payload.ty());
}

/// An event that is not declared any more. That it was announced makes it no less unreadable.
fn gone(wire: &mut Wire<'_, '_, '_>, pair: &Pair<'_>, old: &Event) {
    let family = pair.new_family(old.family);
    let is_reserved = pair.new.families.iter().any(|family| family.reserved.events.contains(&old.wire));
    let was = match (&old.meta.deprecated, is_reserved) {
        (Some(deprecated), true) => format!(", which was deprecated in {} and is reserved,", deprecated.since),
        (Some(deprecated), false) => format!(", which was deprecated in {},", deprecated.since),
        (None, true) => ", which is reserved,".to_owned(),
        (None, false) => String::new(),
    };
    let help = match &old.meta.deprecated {
        Some(_) => {
            "keep it until no log holds it; if none does, say so under `breaking.ignore` in `codegen.toml`".to_owned()
        }
        None => format!(
            "keep it with `deprecated: {{since: ..., reason: ...}}`; when no log holds it, remove it and write `reserved: \
             {{events: [{}]}}`",
            old.wire
        ),
    };
    let place =
        Place { name: old.meta.name.clone(), old: Some(old.meta.span), new: family.map(|family| family.meta.span) };
    let message = format!("the event `{}`{was} is gone: old JSON of this type cannot be read", old.meta.name);
    wire.report.wire(&rules::WIRE_EVENT_KEPT, place, Direction::Backward, message, help);
}

/// Records in which events travel.
fn envelopes(workspace: &Workspace) -> impl Iterator<Item = (crate::model::RecordId, &crate::model::Record)> {
    workspace.records.entries().filter(|(id, _)| workspace.is_envelope(*id))
}
