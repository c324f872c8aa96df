//! Untagged unions enter; a warning for each pair of variants that some value fits both of leaves.

use std::collections::BTreeSet;

use super::{Resolver, rules};
use crate::diagnostic::Diagnostic;
use crate::model::{Bound, Format, Items, Presence, Primitive, Text, Type, UnionForm, UnionId, Workspace};

impl Resolver<'_> {
    /// First match wins, so an overlap decides by order: worth a word. Patterns are never run.
    pub(super) fn find_overlaps(&mut self) {
        for at in 0..self.workspace.unions.len() {
            let union = &self.workspace.unions[UnionId::from(at)];
            let UnionForm::Untagged(types) = &union.form else { continue };
            let mut findings = Vec::new();
            for (second, right) in types.iter().enumerate() {
                let earlier = types[..second].iter().position(|left| overlap(&self.workspace, left, right));
                if let Some(first) = earlier {
                    let message = format!(
                        "variants {} and {} of `{}` accept some of the same values",
                        first + 1,
                        second + 1,
                        union.meta.name
                    );
                    findings.push(
                        Diagnostic::new(&rules::UNION_OVERLAP, union.meta.span, message)
                            .help("the first that accepts wins: tell them apart by kind, length or a required field"),
                    );
                }
            }
            self.out.extend(findings);
        }
    }
}

/// The kinds of JSON that a type accepts, as far as they tell variants apart.
#[derive(Debug)]
enum Shape {
    Any,
    Null,
    Bool,
    Number { min: f64, max: f64 },
    Texts(BTreeSet<String>),
    Text { min: u32, max: u32 },
    Array { min: usize, max: usize },
    Map,
    Record { closed: bool, declared: BTreeSet<String>, required: BTreeSet<String> },
}

fn overlap(workspace: &Workspace, left: &Type, right: &Type) -> bool {
    let rights = shapes(workspace, right);
    shapes(workspace, left).iter().any(|left| rights.iter().any(|right| meets(left, right)))
}

fn meets(left: &Shape, right: &Shape) -> bool {
    match (left, right) {
        (Shape::Any, _)
        | (_, Shape::Any)
        | (Shape::Null, Shape::Null)
        | (Shape::Bool, Shape::Bool)
        | (Shape::Map, Shape::Map | Shape::Record { .. })
        | (Shape::Record { .. }, Shape::Map) => true,
        (Shape::Number { min, max }, Shape::Number { min: low, max: high }) => min <= high && low <= max,
        (Shape::Texts(a), Shape::Texts(b)) => !a.is_disjoint(b),
        (Shape::Texts(texts), Shape::Text { min, max }) | (Shape::Text { min, max }, Shape::Texts(texts)) => {
            texts.iter().any(|text| (*min as usize..=*max as usize).contains(&text.chars().count()))
        }
        (Shape::Text { min, max }, Shape::Text { min: low, max: high }) => min <= high && low <= max,
        (Shape::Array { min, max }, Shape::Array { min: low, max: high }) => min <= high && low <= max,
        (
            Shape::Record { closed, declared, required },
            Shape::Record { closed: other_closed, declared: other_declared, required: other_required },
        ) => {
            let left_refused = *other_closed && !required.is_subset(other_declared);
            let right_refused = *closed && !other_required.is_subset(declared);
            !left_refused && !right_refused
        }
        _ => false,
    }
}

fn shapes(workspace: &Workspace, ty: &Type) -> Vec<Shape> {
    match ty {
        Type::Primitive(primitive) => vec![primitive_shape(primitive)],
        Type::Scalar(id) => vec![primitive_shape(&workspace.scalars[*id].primitive)],
        Type::Named(id) => shapes(workspace, &workspace.types[*id].ty),
        Type::External(id) => shapes(workspace, &workspace.externals[*id].shape),
        Type::Enum(narrowed) => {
            let item = &workspace.enums[narrowed.id];
            let accepted = |index: &usize| narrowed.only.as_ref().is_none_or(|only| only.contains(index));
            let values =
                item.values.iter().enumerate().filter(|(index, _)| accepted(index)).map(|(_, v)| v.text.clone());
            let aliases = item.aliases.iter().filter(|(_, index)| accepted(index)).map(|(alias, _)| alias.clone());
            vec![Shape::Texts(values.chain(aliases).collect())]
        }
        Type::Record(id) => {
            let record = &workspace.records[*id];
            let declared = record.fields.iter().map(|field| field.meta.name.clone()).collect();
            let needed = |presence: &Presence| matches!(presence, Presence::Required | Presence::Nullable);
            let required = record.fields.iter().filter(|field| needed(&field.presence));
            let required = required.map(|field| field.meta.name.clone()).collect();
            vec![Shape::Record { closed: record.closed, declared, required }]
        }
        Type::Union(id) => match &workspace.unions[*id].form {
            UnionForm::Untagged(types) => types.iter().flat_map(|ty| shapes(workspace, ty)).collect(),
            UnionForm::Tagged { .. } => vec![Shape::Map],
        },
        Type::Opt(of) => std::iter::once(Shape::Null).chain(shapes(workspace, of)).collect(),
        Type::List(_, items) | Type::Set(_, items) => vec![array(*items)],
        Type::Tuple(of) => vec![Shape::Array { min: of.len(), max: of.len() }],
        Type::Map(..) => vec![Shape::Map],
    }
}

fn array(items: Items) -> Shape {
    Shape::Array { min: items.min.unwrap_or(0) as usize, max: items.max.map_or(usize::MAX, |max| max as usize) }
}

/// The shortest and the longest text of a format.
fn lengths(format: Format) -> (u32, u32) {
    match format {
        Format::Uuid => (36, 36),
        Format::Ulid => (26, 26),
        Format::DateTime => (20, 35),
        Format::SemVer => (5, 256),
        Format::HttpUrl => (8, 2048),
    }
}

fn primitive_shape(primitive: &Primitive) -> Shape {
    // Bounds of integers lie within ±(2^53−1), which binary64 holds exactly.
    #[allow(clippy::cast_precision_loss)]
    let limit = |bound: Option<Bound<i64>>, open: f64| bound.map_or(open, |bound| bound.limit as f64);
    match primitive {
        Primitive::String(Text { min_length, max_length, non_blank, format, .. }) => {
            let (shortest, longest) = format.map_or((u32::from(*non_blank), u32::MAX), lengths);
            Shape::Text { min: min_length.unwrap_or(0).max(shortest), max: max_length.unwrap_or(u32::MAX).min(longest) }
        }
        Primitive::Int64(_) | Primitive::Uint64(_) => Shape::Text { min: 1, max: 20 },
        Primitive::Int(bounds) => {
            Shape::Number { min: limit(bounds.min, f64::NEG_INFINITY), max: limit(bounds.max, f64::INFINITY) }
        }
        Primitive::Float(bounds) => Shape::Number {
            min: bounds.min.map_or(f64::NEG_INFINITY, |bound| bound.limit),
            max: bounds.max.map_or(f64::INFINITY, |bound| bound.limit),
        },
        Primitive::Bool => Shape::Bool,
        Primitive::Json => Shape::Any,
        Primitive::Object => Shape::Map,
    }
}
