//! A contract that was made of schemas enters; one that means something leaves. What a schema says against itself, or
//! the language does not take, goes out of it, and is told where it stood.

use crate::diagnostic::{Diagnostic, Diagnostics, Severity};
use crate::foreign::{Loss, LossKind};
use crate::load::raw::{
    HookFiles, RawConstraints, RawContract, RawField, RawMeta, RawRecord, RawType, RawTypeKind, RawTypeSource,
};
use crate::load::yaml::Node;
use crate::resolve::{Schemas, resolve};
use crate::source::{SourceMap, Span};

/// What is left out may let other faults be seen, a few times over.
const ROUNDS: usize = 16;

pub(super) fn settle(contract: &mut RawContract, sources: &SourceMap, lost: &mut Vec<Loss>, out: &mut Diagnostics) {
    for round in 0..ROUNDS {
        let mut found = Diagnostics::default();
        let (schemas, hooks) = (Schemas::new(), HookFiles::default());
        resolve(sources, std::slice::from_ref(contract), &[], &schemas, &hooks, &mut found);
        let sorted = found.sorted(sources);
        let errors: Vec<&Diagnostic> = sorted.into_iter().filter(|one| one.severity == Severity::Error).collect();
        let dropped = errors.iter().filter(|error| drop_what(contract, error, lost)).count();
        if errors.is_empty() {
            return;
        }
        if dropped == 0 || round + 1 == ROUNDS {
            out.extend(errors.into_iter().cloned());
            return;
        }
    }
}

/// Takes out what an error is about; whether anything was.
fn drop_what(contract: &mut RawContract, error: &Diagnostic, lost: &mut Vec<Loss>) -> bool {
    let Some(place) = error.primary.as_ref().map(|label| label.span) else { return false };
    let mut lose = |what: String, span: Span| {
        let what = format!("{what} ({})", error.message);
        lost.push(Loss { kind: LossKind::Weaker, what, pointer: String::new(), span });
        true
    };
    for record in records(contract) {
        let before = record.rules.len();
        let is_at_fault = |span: Span| holds(span, place);
        let dropped = record.rules.iter().find(|rule| is_at_fault(rule.span)).map(|rule| rule.code.value.clone());
        record.rules.retain(|rule| !is_at_fault(rule.span));
        if let Some(code) = dropped.filter(|_| record.rules.len() < before) {
            return lose(format!("the rule `{code}`"), place);
        }
    }
    match error.rule.id {
        "default-invalid" | "default-on-opt" => {
            let dropped = fields(contract).find_map(|field| {
                let dropped = take_at(&mut field.default, place)?;
                // Absence stays accepted, and means none.
                if let RawTypeSource::Type(ty) = &mut field.ty
                    && error.rule.id == "default-invalid"
                {
                    let kind = RawTypeKind::Apply("opt".to_owned(), vec![ty.clone()]);
                    *ty = RawType { kind, span: ty.span };
                }
                Some(dropped)
            });
            dropped.is_some_and(|node| lose("the default".to_owned(), node.span))
        }
        "example-invalid" => {
            let mut dropped = false;
            for meta in metas(contract) {
                let before = meta.examples.len();
                meta.examples.retain(|example| example.span != place);
                dropped |= meta.examples.len() < before;
            }
            dropped && lose("an example".to_owned(), place)
        }
        "required-misplaced" => {
            let field = fields(contract).find(|field| field.required.is_some_and(|flag| flag.span == place));
            field.is_some_and(|field| field.required.take().is_some())
        }
        "constraint-mismatch" | "unsatisfiable" | "int-range" | "unknown-format" | "pattern-unsafe" => {
            drop_bounds(contract, place) && lose("the bounds".to_owned(), place)
        }
        "type-argument" => drop_type(contract, place) && lose("a type".to_owned(), place),
        _ => false,
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

/// Takes out all bounds that stand at a place.
fn drop_bounds(contract: &mut RawContract, place: Span) -> bool {
    let mut all: Vec<&mut RawConstraints> = Vec::new();
    all.extend(contract.scalars.iter_mut().map(|scalar| &mut scalar.constraints));
    all.extend(contract.types.iter_mut().map(|ty| &mut ty.constraints));
    let payloads = contract.events.iter_mut().map(|event| &mut event.payload);
    for record in contract.records.iter_mut().chain(payloads) {
        all.extend(record.fields.iter_mut().map(|field| &mut field.constraints));
    }
    let mut dropped = false;
    for constraints in all {
        let RawConstraints { min, max, exclusive_min, exclusive_max, min_length, max_length, .. } = &*constraints;
        let nodes = [min, max, exclusive_min, exclusive_max].into_iter().flatten().map(|node| node.span);
        let RawConstraints { pattern, format, min_items, max_items, .. } = &*constraints;
        let counts = [min_length, max_length, min_items, max_items].into_iter().flatten().map(|count| count.span);
        let texts = [pattern, format].into_iter().flatten().map(|text| text.span);
        if nodes.chain(counts).chain(texts).any(|span| holds(span, place)) {
            *constraints = RawConstraints::default();
            dropped = true;
        }
    }
    dropped
}

/// Makes any JSON of the types that stand at a place.
fn drop_type(contract: &mut RawContract, place: Span) -> bool {
    let mut dropped = false;
    let mut forget = |source: &mut RawTypeSource, constraints: &mut RawConstraints| {
        let RawTypeSource::Type(ty) = source else { return };
        if holds(ty.span, place) && !ty.is_json() {
            *ty = RawType { kind: RawTypeKind::Name("json".to_owned()), span: ty.span };
            *constraints = RawConstraints::default();
            dropped = true;
        }
    };
    contract.types.iter_mut().for_each(|ty| forget(&mut ty.ty, &mut ty.constraints));
    for field in fields(contract) {
        let before = field.ty.clone();
        forget(&mut field.ty, &mut field.constraints);
        let is_json = matches!((&before, &field.ty), (RawTypeSource::Type(old), RawTypeSource::Type(new)) if !old.is_json() && new.is_json());
        if is_json {
            (field.default, field.required) = (None, None);
        }
    }
    dropped
}

/// A value that stands at a place.
fn take_at(slot: &mut Option<Node>, place: Span) -> Option<Node> {
    if slot.as_ref().is_some_and(|node| node.span == place) { slot.take() } else { None }
}

/// Whether a place lies in another one.
fn holds(outer: Span, inner: Span) -> bool {
    outer.file == inner.file && outer.start <= inner.start && inner.start <= outer.end
}
