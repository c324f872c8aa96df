//! Mixins, records and events as written enter; records with all their fields leave. Rules are linked later.

use std::collections::BTreeMap;

use super::scalars::builtin;
use super::symbols::Declared;
use super::versions::version_field;
use super::{Resolver, rules};
use crate::diagnostic::Diagnostic;
use crate::load::raw::{RawContract, RawEvent, RawField, RawRecord, RawText};
use crate::model::{Event, EventId, FamilyId, Field, Mixin, MixinId, Payload, Presence, Record, RecordId, RecordKind};

impl Resolver<'_> {
    pub(super) fn resolve_mixins(&mut self) {
        for (family, contract) in self.families() {
            for raw in &contract.mixins {
                let meta = self.meta(&raw.meta);
                let id = MixinId::from(self.workspace.mixins.len());
                let fields = raw.fields.iter().map(|field| self.field(family, field, Some(id))).collect();
                self.workspace.mixins.push(Mixin { meta, family, fields });
            }
        }
    }

    /// Records, then payloads of events, family by family: the order in which ids were given.
    pub(super) fn resolve_records(&mut self) {
        for (family, contract) in self.families() {
            for raw in &contract.records {
                let record = self.record(family, contract, raw, RecordKind::Record);
                self.workspace.records.push(record);
            }
            for raw in &contract.events {
                self.resolve_event(family, contract, raw);
            }
        }
    }

    fn resolve_event(&mut self, family: FamilyId, contract: &RawContract, raw: &RawEvent) {
        let meta = self.meta(&raw.payload.meta);
        let wire = raw.wire.as_ref().map_or_else(|| meta.name.clone(), |wire| wire.value.clone());
        let payload = if let Some(name) = &raw.named_payload {
            // Whatever stands in for a payload that could not be resolved is never handed out.
            self.named_payload(family, name).unwrap_or(Payload::Record(RecordId::from(0)))
        } else {
            let id = EventId::from(self.workspace.events.len());
            let record = self.record(family, contract, &raw.payload, RecordKind::Payload(id));
            Payload::Record(self.workspace.records.push(record))
        };
        self.workspace.events.push(Event { meta, family, wire, payload, unreduced: raw.unreduced });
    }

    fn named_payload(&mut self, family: FamilyId, name: &RawText) -> Option<Payload> {
        if builtin(&name.value).is_some() {
            let message = format!("`{}` is a built-in, and a record or a union is wanted here", name.value);
            self.out.push(
                Diagnostic::new(&rules::WRONG_DECLARATION, name.span, message)
                    .help("a payload is an object: declare a record, or give `fields`"),
            );
            return None;
        }
        match self.symbols.lookup(family, name, self.out)? {
            Declared::Record(id) => Some(Payload::Record(id)),
            Declared::Union(id) => Some(Payload::Union(id)),
            other => {
                self.wrong_declaration(name, "a record or a union", other);
                None
            }
        }
    }

    /// The payload of an event, also before the event itself was resolved.
    pub(super) fn payload_of(&mut self, event: EventId) -> Option<Payload> {
        let (family, raw) = self.events[usize::from(event)];
        if let Some(name) = &raw.named_payload {
            return self.named_payload(family, name);
        }
        self.inline_payloads[usize::from(event)].map(Payload::Record)
    }

    fn record(&mut self, family: FamilyId, contract: &RawContract, raw: &RawRecord, kind: RecordKind) -> Record {
        let meta = self.meta(&raw.meta);
        let mut fields: Vec<Field> = Vec::new();
        let mut mixins = Vec::new();
        for name in &raw.mixins {
            match self.symbols.lookup(family, name, self.out) {
                Some(Declared::Mixin(id)) if mixins.contains(&id) => {
                    let message = format!("the mixin `{}` stands twice", name.value);
                    self.out.push(Diagnostic::new(&rules::DUPLICATE_VALUE, name.span, message));
                }
                Some(Declared::Mixin(id)) => {
                    mixins.push(id);
                    fields.extend(self.workspace.mixins[id].fields.iter().cloned());
                }
                Some(other) => self.wrong_declaration(name, "a mixin", other),
                None => {}
            }
        }
        for field in &raw.fields {
            fields.push(self.field(family, field, None));
        }
        fields.extend(raw.versions.as_ref().map(version_field));
        self.drop_repeated(&mut fields);
        let closed = raw.closed.unwrap_or(contract.closed);
        Record { meta, family, kind, closed, mixins, fields, rules: Vec::new(), versions: None }
    }

    fn drop_repeated(&mut self, fields: &mut Vec<Field>) {
        let mut places = BTreeMap::new();
        fields.retain(|field| {
            let first = *places.entry(field.meta.name.clone()).or_insert(field.meta.span);
            if first == field.meta.span {
                return true;
            }
            let message = format!("the field `{}` is already there", field.meta.name);
            self.out.push(
                Diagnostic::new(&rules::NAME_COLLISION, field.meta.span, message)
                    .related(first, "first declared here")
                    .help("a record has the fields of its mixins and its own, each name once"),
            );
            false
        });
    }

    fn field(&mut self, family: FamilyId, raw: &RawField, mixin: Option<MixinId>) -> Field {
        let meta = self.meta(&raw.meta);
        let ty = self.type_source(family, &raw.ty, &raw.constraints);
        let optional = self.workspace.is_optional(&ty);
        let required = raw.required.is_some_and(|required| required.value);
        if let (false, Some(flag)) = (optional, raw.required) {
            let message = format!("`required` says nothing about `{}`, which is no `opt`", meta.name);
            self.out.push(
                Diagnostic::new(&rules::REQUIRED_MISPLACED, flag.span, message)
                    .help("a field without `opt` and `default` is always required; remove `required`"),
            );
        }
        if let (true, Some(default)) = (optional, &raw.default) {
            let message = format!("`{}` is an `opt` and cannot have a default", meta.name);
            self.out.push(
                Diagnostic::new(&rules::DEFAULT_ON_OPT, default.span, message)
                    .help("absent already means none; drop `opt<..>` or the default"),
            );
        }
        let presence = match (optional, required) {
            (true, true) => Presence::Nullable,
            (true, false) => Presence::Optional,
            // Defaults are judged and filled in when all types are known.
            (false, _) => Presence::Required,
        };
        Field { meta, ty, presence, mixin }
    }
}
