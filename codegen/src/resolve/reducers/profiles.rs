//! Profiles as written enter; envelopes with a total order leave.

use super::super::symbols::Declared;
use super::super::{Resolver, rules as names};
use super::rules;
use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::load::raw::{RawProfile, RawText};
use crate::model::{FamilyId, Primitive, Profile, ProfileId, Record, RecordId, Type};

impl Resolver<'_> {
    pub(in super::super) fn resolve_profiles(&mut self) {
        for (family, contract) in self.families() {
            for raw in &contract.profiles {
                if let Some(profile) = self.profile(family, raw) {
                    self.workspace.profiles.push(profile);
                }
            }
        }
    }

    fn profile(&mut self, family: FamilyId, raw: &RawProfile) -> Option<Profile> {
        let meta = self.meta(&raw.meta);
        let envelope = match self.symbols.lookup(family, &raw.envelope, self.out)? {
            Declared::Record(id) => id,
            other => {
                self.wrong_declaration(&raw.envelope, "a record", other);
                return None;
            }
        };
        let record = self.workspace.records[envelope].clone();
        self.check_envelope(&record, &raw.envelope);
        let dedup_by = self.envelope_field(&record, &raw.dedup_by)?;
        if !self.is_textual(&record.fields[dedup_by].ty) {
            let message = "events are told apart by a field that is a text".to_owned();
            self.out.push(Diagnostic::new(&rules::PROFILE_ORDER, raw.dedup_by.span, message));
        }
        let order_by: Vec<usize> =
            raw.order_by.iter().map(|name| self.envelope_field(&record, name)).collect::<Option<_>>()?;
        for (name, &at) in raw.order_by.iter().zip(&order_by) {
            if !self.is_ordered(&record.fields[at].ty) {
                let message =
                    format!("`{}` has no order: it is no int, text or date-time that is always there", name.value);
                self.out.push(Diagnostic::new(&rules::PROFILE_ORDER, name.span, message));
            }
        }
        if !order_by.contains(&dedup_by) {
            let message = format!("the order of `{}` is not total", meta.name);
            self.out.push(
                Diagnostic::new(&rules::PROFILE_ORDER, meta.span, message)
                    .help(format!("add `{}` to `order_by`", raw.dedup_by.value)),
            );
        }
        Some(Profile { meta, family, envelope, order_by, dedup_by })
    }

    fn check_envelope(&mut self, record: &Record, name: &RawText) {
        let has = |field: &str| record.field(field).map(|at| &record.fields[at].ty);
        let typed = has("event_type").is_some_and(|ty| self.is_textual(ty));
        let carries = has("payload")
            .is_some_and(|ty| matches!(self.workspace.plain(ty), Type::Primitive(Primitive::Object | Primitive::Json)));
        if !typed || !carries {
            let message = format!("`{}` is no envelope", name.value);
            self.out.push(
                Diagnostic::new(&rules::PROFILE_ENVELOPE, name.span, message)
                    .help("an envelope has the fields `event_type`, a text, and `payload`, an `object`"),
            );
        }
    }

    fn envelope_field(&mut self, record: &Record, name: &RawText) -> Option<usize> {
        let plain = name.value.strip_prefix("e.").unwrap_or(&name.value);
        let found = record.field(plain).filter(|_| name.value.starts_with("e."));
        if found.is_none() {
            let message = format!("`{}` is no field of the envelope `{}`", name.value, record.meta.name);
            let fields: Vec<String> = record.fields.iter().map(|field| format!("e.{}", field.meta.name)).collect();
            let mut finding = Diagnostic::new(&names::UNKNOWN_NAME, name.span, message);
            if let Some(near) = did_you_mean(&name.value, fields.iter().map(String::as_str)) {
                finding = finding.help(format!("did you mean `{near}`?"));
            }
            self.out.push(finding);
        }
        found
    }

    fn is_ordered(&self, ty: &Type) -> bool {
        let primitive = match self.workspace.plain(ty) {
            Type::Primitive(primitive) => primitive,
            Type::Scalar(id) => &self.workspace.scalars[*id].primitive,
            _ => return false,
        };
        matches!(primitive, Primitive::String(_) | Primitive::Int(_) | Primitive::Int64(_) | Primitive::Uint64(_))
    }

    /// The profile of this name, in this file or in one it imports.
    pub(super) fn profile_of(&mut self, family: FamilyId, name: &RawText) -> Option<ProfileId> {
        let visible = self.symbols.imports_of(family);
        let found = self
            .workspace
            .profiles
            .entries()
            .find(|(_, profile)| {
                profile.meta.name == name.value && (profile.family == family || visible.contains(&profile.family))
            })
            .map(|(id, profile)| (id, profile.family));
        if found.is_none() {
            let message = format!("there is no profile `{}` in this contract or in one it imports", name.value);
            self.out.push(Diagnostic::new(&names::UNKNOWN_NAME, name.span, message));
        }
        let (id, owner) = found?;
        self.symbols.use_import(family, owner);
        Some(id)
    }

    /// The record of the envelope.
    pub(super) fn envelope(&self, profile: ProfileId) -> RecordId {
        self.workspace.profiles[profile].envelope
    }
}
