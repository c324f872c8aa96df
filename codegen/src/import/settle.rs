//! A contract that was made of schemas enters; one that means something leaves. What a schema says against itself, or
//! the language does not take, goes out of it, and is told where it stood.

use std::collections::BTreeMap;

use crate::diagnostic::{Diagnostic, Diagnostics, Severity};
use crate::foreign::{Loss, LossKind};
use crate::load::raw::{
    HookFiles, RawConstraints, RawContract, RawField, RawMeta, RawRecord, RawType, RawTypeKind, RawTypeSource,
};
use crate::resolve::{Schemas, resolve};
use crate::source::{FileId, SourceMap, Span};

/// What is left out may let other faults be seen, a few times over.
const ROUNDS: usize = 16;

pub(super) fn settle(contract: &mut RawContract, sources: &SourceMap, lost: &mut Vec<Loss>, out: &mut Diagnostics) {
    for round in 0..ROUNDS {
        let mut found = Diagnostics::default();
        let (schemas, hooks) = (Schemas::new(), HookFiles::default());
        resolve(sources, std::slice::from_ref(contract), &[], &schemas, &hooks, &mut found);
        let sorted = found.sorted(sources);
        let errors: Vec<&Diagnostic> = sorted.into_iter().filter(|one| one.severity == Severity::Error).collect();
        if errors.is_empty() {
            return;
        }
        let before = lost.len();
        let faults = Faults::new(&errors);
        drop_rules(contract, &faults, lost);
        drop_values(contract, &faults, lost);
        drop_bounds(contract, &faults, lost);
        drop_types(contract, &faults, lost);
        if lost.len() == before || round + 1 == ROUNDS {
            out.extend(errors.into_iter().cloned());
            return;
        }
    }
}

/// What is wrong, by where it is.
struct Faults<'d> {
    by_place: BTreeMap<(FileId, u32), &'d Diagnostic>,
}

impl<'d> Faults<'d> {
    fn new(errors: &[&'d Diagnostic]) -> Self {
        let place = |error: &'d Diagnostic| error.primary.as_ref().map(|label| (label.span.file, label.span.start));
        Self { by_place: errors.iter().filter_map(|error| Some((place(error)?, *error))).collect() }
    }

    /// The first fault in a place that is one of these rules; all rules where none is given.
    fn at(&self, span: Span, rules: &[&str]) -> Option<&'d Diagnostic> {
        let range = (span.file, span.start)..=(span.file, span.end);
        let is_it = |error: &Diagnostic| rules.is_empty() || rules.contains(&error.rule.id);
        self.by_place.range(range).map(|(_, error)| *error).find(|error| is_it(error))
    }
}

fn loss(what: &str, error: &Diagnostic, span: Span) -> Loss {
    let what = format!("{what} ({})", error.message);
    Loss { kind: LossKind::Weaker, what, pointer: String::new(), span }
}

/// Rules that mean nothing: they speak of what no schema holds.
fn drop_rules(contract: &mut RawContract, faults: &Faults<'_>, lost: &mut Vec<Loss>) {
    for record in records(contract) {
        record.rules.retain(|rule| match faults.at(rule.span, &[]) {
            Some(error) => {
                lost.push(loss(&format!("the rule `{}`", rule.code.value), error, rule.span));
                false
            }
            None => true,
        });
    }
}

/// Defaults and examples that their own types refuse.
fn drop_values(contract: &mut RawContract, faults: &Faults<'_>, lost: &mut Vec<Loss>) {
    for meta in metas(contract) {
        meta.examples.retain(|example| match faults.at(example.span, &["example-invalid"]) {
            Some(error) => {
                lost.push(loss("an example", error, example.span));
                false
            }
            None => true,
        });
    }
    for field in fields(contract) {
        let Some(span) = field.default.as_ref().map(|default| default.span) else { continue };
        let Some(error) = faults.at(span, &["default-invalid", "default-on-opt"]) else { continue };
        field.default = None;
        // Absence stays accepted, and means none.
        if let RawTypeSource::Type(ty) = &mut field.ty
            && error.rule.id == "default-invalid"
        {
            let kind = RawTypeKind::Apply("opt".to_owned(), vec![ty.clone()]);
            *ty = RawType { kind, span: ty.span };
        }
        lost.push(loss("the default", error, span));
    }
}

fn records(contract: &mut RawContract) -> impl Iterator<Item = &mut RawRecord> {
    contract.records.iter_mut().chain(contract.events.iter_mut().map(|event| &mut event.payload))
}

fn fields(contract: &mut RawContract) -> impl Iterator<Item = &mut RawField> {
    records(contract).flat_map(|record| &mut record.fields)
}

fn metas(contract: &mut RawContract) -> Vec<&mut RawMeta> {
    let mut metas: Vec<&mut RawMeta> = Vec::new();
    metas.extend(contract.scalars.iter_mut().map(|item| &mut item.meta));
    metas.extend(contract.types.iter_mut().map(|item| &mut item.meta));
    metas.extend(contract.enums.iter_mut().map(|item| &mut item.meta));
    metas.extend(contract.unions.iter_mut().map(|item| &mut item.meta));
    let payloads = contract.events.iter_mut().map(|event| &mut event.payload);
    for record in contract.records.iter_mut().chain(payloads) {
        metas.push(&mut record.meta);
        metas.extend(record.fields.iter_mut().map(|field| &mut field.meta));
    }
    metas
}

/// Bounds that nothing keeps, or that are none of their type.
fn drop_bounds(contract: &mut RawContract, faults: &Faults<'_>, lost: &mut Vec<Loss>) {
    const RULES: &[&str] = &["constraint-mismatch", "unsatisfiable", "int-range", "unknown-format", "pattern-unsafe"];
    let mut all: Vec<&mut RawConstraints> = Vec::new();
    all.extend(contract.scalars.iter_mut().map(|scalar| &mut scalar.constraints));
    all.extend(contract.types.iter_mut().map(|ty| &mut ty.constraints));
    let payloads = contract.events.iter_mut().map(|event| &mut event.payload);
    for record in contract.records.iter_mut().chain(payloads) {
        all.extend(record.fields.iter_mut().map(|field| &mut field.constraints));
    }
    for constraints in all {
        let RawConstraints { min, max, exclusive_min, exclusive_max, min_length, max_length, .. } = &*constraints;
        let nodes = [min, max, exclusive_min, exclusive_max].into_iter().flatten().map(|node| node.span);
        let RawConstraints { pattern, format, min_items, max_items, .. } = &*constraints;
        let counts = [min_length, max_length, min_items, max_items].into_iter().flatten().map(|count| count.span);
        let texts = [pattern, format].into_iter().flatten().map(|text| text.span);
        let fault = nodes.chain(counts).chain(texts).find_map(|span| Some((span, faults.at(span, RULES)?)));
        if let Some((span, error)) = fault {
            *constraints = RawConstraints::default();
            lost.push(loss("the bounds", error, span));
        }
    }
}

/// Types that cannot be composed so: any JSON stands in their place.
fn drop_types(contract: &mut RawContract, faults: &Faults<'_>, lost: &mut Vec<Loss>) {
    let mut forget = |source: &mut RawTypeSource, constraints: &mut RawConstraints| {
        let RawTypeSource::Type(ty) = source else { return false };
        let Some(error) = faults.at(ty.span, &["type-argument"]).filter(|_| !ty.is_json()) else { return false };
        lost.push(loss("a type", error, ty.span));
        *ty = RawType { kind: RawTypeKind::Name("json".to_owned()), span: ty.span };
        *constraints = RawConstraints::default();
        true
    };
    for ty in &mut contract.types {
        forget(&mut ty.ty, &mut ty.constraints);
    }
    for field in fields(contract) {
        if forget(&mut field.ty, &mut field.constraints) {
            (field.default, field.required) = (None, None);
        }
    }
}
