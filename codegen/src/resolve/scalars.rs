//! Bases and constraints as written enter; bounded built-ins leave.

use super::{Resolver, rules};
use crate::diagnostic::{Diagnostic, Severity};
use crate::load::raw::{RawConstraints, RawText};
use crate::load::yaml::{Node, NodeKind};
use crate::model::{Bound, FloatBounds, Format, Int64Bounds, IntBounds, Items, Primitive, Scalar, Text, Uint64Bounds};
use crate::pattern::{self, Pattern, Reason};
use crate::source::{Span, Spanned};

/// Largest integer that every language of ours holds exactly.
pub const SAFE_INTEGER: i64 = (1 << 53) - 1;

const TEXT_KEYS: &[&str] = &["min_length", "max_length", "non_blank", "pattern", "format"];
const BOUND_KEYS: &[&str] = &["min", "max", "exclusive_min", "exclusive_max"];
const ITEM_KEYS: &[&str] = &["min_items", "max_items"];

impl Resolver<'_> {
    pub(super) fn resolve_scalars(&mut self) {
        for (family, contract) in self.families() {
            for raw in &contract.scalars {
                let meta = self.meta(&raw.meta);
                let primitive = self.primitive(&raw.base, &raw.constraints).unwrap_or(Primitive::Json);
                self.workspace.scalars.push(Scalar { meta, family, primitive, default: None });
            }
        }
    }

    fn primitive(&mut self, base: &RawText, constraints: &RawConstraints) -> Option<Primitive> {
        if let Some(primitive) = builtin(&base.value) {
            self.refuse_keys(constraints, ITEM_KEYS, &format!("`{}`", base.value));
            return Some(self.constrain(primitive, constraints));
        }
        self.out.push(
            Diagnostic::new(&rules::UNKNOWN_NAME, base.span, format!("`{}` is no built-in type", base.value))
                .help("the base of a scalar is one of string, int, int64, uint64, float, bool"),
        );
        None
    }

    /// The built-in with the constraints that apply to it; others are refused.
    pub(super) fn constrain(&mut self, primitive: Primitive, raw: &RawConstraints) -> Primitive {
        let name = format!("`{}`", primitive.as_str());
        match primitive {
            Primitive::String(_) => {
                self.refuse_keys(raw, BOUND_KEYS, &name);
                Primitive::String(self.text_constraints(raw))
            }
            Primitive::Int(_) => {
                self.refuse_keys(raw, TEXT_KEYS, &name);
                let safe = -SAFE_INTEGER..=SAFE_INTEGER;
                let (min, max) = self.bounds(raw, "an integer within ±(2^53−1)", |text| {
                    text.parse::<i64>().ok().filter(|value| safe.contains(value))
                });
                Primitive::Int(IntBounds { min, max })
            }
            Primitive::Int64(_) => {
                self.refuse_keys(raw, TEXT_KEYS, &name);
                let (min, max) = self.bounds(raw, "an integer of 64 bits", |text| text.parse::<i64>().ok());
                Primitive::Int64(Int64Bounds { min, max })
            }
            Primitive::Uint64(_) => {
                self.refuse_keys(raw, TEXT_KEYS, &name);
                let (min, max) =
                    self.bounds(raw, "an integer of 64 bits that is not negative", |text| text.parse::<u64>().ok());
                Primitive::Uint64(Uint64Bounds { min, max })
            }
            Primitive::Float(_) => {
                self.refuse_keys(raw, TEXT_KEYS, &name);
                let (min, max) = self.bounds(raw, "a finite number", |text| {
                    text.parse::<f64>().ok().filter(|value| value.is_finite()).map(|value| value + 0.0)
                });
                Primitive::Float(FloatBounds { min, max })
            }
            other => {
                self.refuse_keys(raw, TEXT_KEYS, &name);
                self.refuse_keys(raw, BOUND_KEYS, &name);
                other
            }
        }
    }

    /// `min_items` and `max_items`.
    pub(super) fn items(&mut self, raw: &RawConstraints) -> Items {
        self.check_order(raw.min_items, raw.max_items, "items");
        Items { min: raw.min_items.map(|n| n.value), max: raw.max_items.map(|n| n.value) }
    }

    fn pattern(&mut self, text: &RawText) -> Option<Pattern> {
        let refusal = match pattern::parse(&text.value) {
            Ok(pattern) => return Some(pattern),
            Err(refusal) => refusal,
        };
        let lowered = self.ambiguous_patterns && refusal.reason == Reason::Ambiguous;
        let pattern = if lowered { pattern::parse_ambiguous(&text.value).ok() } else { None };
        let (what, reason) = (&refusal.message, refusal.reason.as_str());
        let mut finding = Diagnostic::new(
            &rules::PATTERN_UNSAFE,
            self.inside(text, refusal.offset, refusal.offset + 1),
            format!("the pattern is outside the pattern language: {what} (`{reason}`)"),
        );
        if pattern.is_some() {
            finding.severity = Severity::Warning;
        }
        self.out.push(finding.help("see `codegen explain pattern-unsafe` for what may stand in a pattern"));
        pattern
    }

    fn text_constraints(&mut self, raw: &RawConstraints) -> Text {
        self.check_order(raw.min_length, raw.max_length, "length");
        let pattern = raw.pattern.as_ref().and_then(|text| self.pattern(text));
        let format = raw.format.as_ref().and_then(|name| {
            let format = Format::from_name(&name.value);
            if format.is_none() {
                let known: Vec<_> = Format::ALL.iter().map(|format| format.as_str()).collect();
                self.out.push(
                    Diagnostic::new(&rules::UNKNOWN_FORMAT, name.span, format!("there is no format `{}`", name.value))
                        .help(format!("formats are {}", known.join(", "))),
                );
            }
            format
        });
        Text {
            min_length: raw.min_length.map(|n| n.value),
            max_length: raw.max_length.map(|n| n.value),
            non_blank: raw.non_blank.is_some_and(|flag| flag.value),
            format,
            pattern,
        }
    }

    fn check_order(&mut self, min: Option<Spanned<u32>>, max: Option<Spanned<u32>>, what: &str) {
        if let (Some(min), Some(max)) = (min, max)
            && min.value > max.value
        {
            self.out.push(
                Diagnostic::new(
                    &rules::UNSATISFIABLE,
                    max.span,
                    format!("no value has a {what} of at least {} and at most {}", min.value, max.value),
                )
                .related(min.span, "the lower bound"),
            );
        }
    }

    fn bounds<T: Copy + PartialOrd>(
        &mut self,
        raw: &RawConstraints,
        wanted: &str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> (Option<Bound<T>>, Option<Bound<T>>) {
        let min = self.bound(raw.min.as_ref(), raw.exclusive_min.as_ref(), wanted, &parse);
        let max = self.bound(raw.max.as_ref(), raw.exclusive_max.as_ref(), wanted, &parse);
        if let (Some((min, at)), Some((max, place))) = (min, max) {
            let empty = min.limit > max.limit || (min.limit == max.limit && (min.exclusive || max.exclusive));
            if empty {
                self.out.push(
                    Diagnostic::new(&rules::UNSATISFIABLE, place, "no value lies within these bounds")
                        .related(at, "the lower bound"),
                );
            }
        }
        (min.map(|(bound, _)| bound), max.map(|(bound, _)| bound))
    }

    fn bound<T>(
        &mut self,
        inclusive: Option<&Node>,
        exclusive: Option<&Node>,
        wanted: &str,
        parse: &impl Fn(&str) -> Option<T>,
    ) -> Option<(Bound<T>, Span)> {
        if let (Some(first), Some(second)) = (inclusive, exclusive) {
            self.out.push(
                Diagnostic::new(&rules::UNSATISFIABLE, second.span, "a bound is given twice, once as exclusive")
                    .related(first.span, "the other"),
            );
            return None;
        }
        let (node, exclusive) = inclusive.map(|node| (node, false)).or(exclusive.map(|node| (node, true)))?;
        let limit = match &node.kind {
            NodeKind::Scalar(text, _) => parse(text),
            _ => None,
        };
        if limit.is_none() {
            let message = format!("the bound is not {wanted}");
            self.out.push(Diagnostic::new(&crate::load::raw::INT_RANGE, node.span, message));
        }
        Some((Bound { limit: limit?, exclusive }, node.span))
    }

    /// Reports each of `keys` that is set: it says nothing about values of `what`.
    pub(super) fn refuse_keys(&mut self, raw: &RawConstraints, keys: &[&str], what: &str) {
        for (key, span) in written(raw) {
            if keys.contains(&key) {
                self.out.push(
                    Diagnostic::new(&rules::CONSTRAINT_MISMATCH, span, format!("`{key}` says nothing about {what}"))
                        .help("constraints beside a type hold for the built-in in it; elements need a named scalar"),
                );
            }
        }
    }

    /// Reports every constraint but the items of a container.
    pub(super) fn refuse_value_keys(&mut self, raw: &RawConstraints, what: &str) {
        self.refuse_keys(raw, TEXT_KEYS, what);
        self.refuse_keys(raw, BOUND_KEYS, what);
    }

    /// Reports the items of a container beside a type that has none.
    pub(super) fn refuse_item_keys(&mut self, raw: &RawConstraints, what: &str) {
        self.refuse_keys(raw, ITEM_KEYS, what);
    }
}

/// The names of all built-ins.
pub const BUILTINS: [&str; 8] = ["string", "int", "int64", "uint64", "float", "bool", "json", "object"];

/// The built-in of this name, without bounds.
pub fn builtin(name: &str) -> Option<Primitive> {
    Some(match name {
        "string" => Primitive::String(Text::default()),
        "int" => Primitive::Int(IntBounds::default()),
        "int64" => Primitive::Int64(Int64Bounds::default()),
        "uint64" => Primitive::Uint64(Uint64Bounds::default()),
        "float" => Primitive::Float(FloatBounds::default()),
        "bool" => Primitive::Bool,
        "json" => Primitive::Json,
        "object" => Primitive::Object,
        _ => return None,
    })
}

fn written(raw: &RawConstraints) -> Vec<(&'static str, Span)> {
    let all = [
        ("min", raw.min.as_ref().map(|n| n.span)),
        ("max", raw.max.as_ref().map(|n| n.span)),
        ("exclusive_min", raw.exclusive_min.as_ref().map(|n| n.span)),
        ("exclusive_max", raw.exclusive_max.as_ref().map(|n| n.span)),
        ("min_length", raw.min_length.map(|n| n.span)),
        ("max_length", raw.max_length.map(|n| n.span)),
        ("non_blank", raw.non_blank.map(|n| n.span)),
        ("pattern", raw.pattern.as_ref().map(|n| n.span)),
        ("format", raw.format.as_ref().map(|n| n.span)),
        ("min_items", raw.min_items.map(|n| n.span)),
        ("max_items", raw.max_items.map(|n| n.span)),
    ];
    all.into_iter().filter_map(|(key, span)| Some((key, span?))).collect()
}
