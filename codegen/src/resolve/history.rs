//! Texts, versions and reserved names as written enter; checked history leaves.

use super::{Resolver, rules};
use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::interpret;
use crate::json::Value;
use crate::load::raw::{RawContract, RawDeprecated, RawMeta, RawRecord, RawText};
use crate::model::{Deprecation, Family, FamilyId, Format, Meta, Primitive, Reserved, Text, Type, Version};

impl Resolver<'_> {
    pub(super) fn resolve_families(&mut self) {
        for (id, contract) in self.families() {
            let mut meta = self.meta(&contract.meta);
            meta.name.clone_from(&contract.name.value);
            let version = self.version(&contract.version).unwrap_or(Version(String::new()));
            let imports = self.symbols.imports_of(id);
            let texts = |names: &[RawText]| names.iter().map(|name| name.value.clone()).collect();
            let reserved = Reserved {
                events: texts(&contract.reserved.events),
                fields: texts(&contract.reserved.fields),
                values: texts(&contract.reserved.values),
            };
            self.workspace.families.push(Family { meta, version, imports, reserved });
        }
    }

    /// Texts and versions of a declaration; examples are judged when all types are known.
    pub(super) fn meta(&mut self, raw: &RawMeta) -> Meta {
        let text = |text: &Option<RawText>| text.as_ref().map(|text| text.value.clone());
        Meta {
            name: raw.name.value.clone(),
            span: raw.name.span,
            title: text(&raw.title),
            doc: text(&raw.doc),
            since: raw.since.as_ref().and_then(|version| self.version(version)),
            deprecated: raw.deprecated.as_ref().and_then(|raw| self.deprecation(raw)),
            examples: Vec::new(),
        }
    }

    pub(super) fn deprecation(&mut self, raw: &RawDeprecated) -> Option<Deprecation> {
        let since = self.version(&raw.since)?;
        let replacement = raw.replacement.as_ref().map(|name| name.value.clone());
        Some(Deprecation { since, reason: raw.reason.value.clone(), replacement })
    }

    fn version(&mut self, text: &RawText) -> Option<Version> {
        // A version that is missing, or no text, was reported when the file was read.
        if text.value.is_empty() {
            return None;
        }
        let semver = Text { format: Some(Format::SemVer), ..Text::default() };
        let semver = Type::Primitive(Primitive::String(semver));
        if interpret::check_value(&self.workspace, &semver, &Value::String(text.value.clone())).is_ok() {
            return Some(Version(text.value.clone()));
        }
        self.out.push(
            Diagnostic::new(&rules::VERSION_SYNTAX, text.span, format!("`{}` is no semantic version", text.value))
                .help("write three numbers, as in `1.4.0`"),
        );
        None
    }

    /// What `use` names, and names that are reserved.
    pub(super) fn check_history(&mut self) {
        for (family, contract) in self.families() {
            for (raw, record) in deprecable(contract) {
                if let Some(name) = raw.deprecated.as_ref().and_then(|raw| raw.replacement.as_ref()) {
                    self.check_replacement(family, name, record);
                }
            }
            self.check_reserved(contract);
        }
    }

    fn check_replacement(&mut self, family: FamilyId, name: &RawText, record: Option<&RawRecord>) {
        let fields: Vec<&str> =
            record.into_iter().flat_map(|record| &record.fields).map(|field| field.meta.name.value.as_str()).collect();
        if fields.contains(&name.value.as_str()) {
            return;
        }
        if let Some(near) = did_you_mean(&name.value, fields.iter().copied()) {
            let message = format!("`{}` is no field of this record and no declaration", name.value);
            self.out.push(
                Diagnostic::new(&rules::UNKNOWN_NAME, name.span, message).help(format!("did you mean `{near}`?")),
            );
        } else {
            self.symbols.lookup(family, name, self.out);
        }
    }

    fn check_reserved(&mut self, contract: &RawContract) {
        let reserved = &contract.reserved;
        let payloads = contract.inline_payloads();
        for event in &contract.events {
            let wire = event.written();
            self.refuse_reserved(wire, &reserved.events, "event");
        }
        for record in contract.records.iter().chain(&contract.mixins).chain(payloads) {
            for name in record.field_names() {
                self.refuse_reserved(name, &reserved.fields, "field");
            }
        }
        for value in contract.enums.iter().flat_map(|item| &item.values) {
            self.refuse_reserved(&value.value, &reserved.values, "value");
        }
    }

    fn refuse_reserved(&mut self, name: &RawText, reserved: &[RawText], what: &str) {
        if let Some(place) = reserved.iter().find(|other| other.value == name.value) {
            let message = format!("the name `{}` is reserved and cannot be used for this {what}", name.value);
            self.out.push(
                Diagnostic::new(&rules::RESERVED_NAME, name.span, message)
                    .related(place.span, "reserved here")
                    .help("a removed name does not come back with another meaning: choose a new one"),
            );
        }
    }
}

/// Everything that may be deprecated, fields with the record they stand in.
fn deprecable(contract: &RawContract) -> Vec<(&RawMeta, Option<&RawRecord>)> {
    let mut all: Vec<(&RawMeta, Option<&RawRecord>)> = Vec::new();
    all.extend(contract.scalars.iter().map(|item| (&item.meta, None)));
    all.extend(contract.types.iter().map(|item| (&item.meta, None)));
    all.extend(contract.enums.iter().map(|item| (&item.meta, None)));
    all.extend(contract.unions.iter().map(|item| (&item.meta, None)));
    all.extend(contract.groups.iter().map(|item| (&item.meta, None)));
    all.extend(contract.machines.iter().map(|item| (&item.meta, None)));
    all.extend(contract.tables.iter().map(|item| (&item.meta, None)));
    let payloads = contract.events.iter().map(|event| &event.payload);
    for record in contract.records.iter().chain(&contract.mixins).chain(payloads) {
        all.push((&record.meta, None));
        all.extend(record.fields.iter().map(|field| (&field.meta, Some(record))));
    }
    all
}
