//! Two built-in types enter; numbers that one of them takes and the other does not leave.

use super::super::pair::Place;
use super::super::report::Direction;
use super::super::rules;
use super::Wire;
use crate::model::{Bound, FloatBounds, Primitive};

/// The largest integer that every language holds.
const SAFE: i128 = (1 << 53) - 1;

impl Wire<'_, '_, '_> {
    /// Compares built-in types with their bounds.
    pub fn primitives(&mut self, at: &Place, old: &Primitive, new: &Primitive) {
        match (old, new) {
            (Primitive::String(a), Primitive::String(b)) => self.texts(at, a, b),
            (Primitive::Float(a), Primitive::Float(b)) => self.floats(at, *a, *b),
            (Primitive::Bool, Primitive::Bool)
            | (Primitive::Json, Primitive::Json)
            | (Primitive::Object, Primitive::Object) => {}
            _ => match (whole(old), whole(new)) {
                (Some(a), Some(b)) if written_as_text(old) == written_as_text(new) => self.range(at, a, b),
                _ => self.type_changed(at, between(old, new), old.as_str(), new.as_str()),
            },
        }
    }

    fn range(&mut self, at: &Place, old: (i128, i128), new: (i128, i128)) {
        let exceeds = |inner: (i128, i128), outer: (i128, i128)| inner.0 < outer.0 || inner.1 > outer.1;
        let Some(direction) = Direction::of(exceeds(old, new), exceeds(new, old)) else { return };
        let text = |(min, max): (i128, i128)| format!("{min} to {max}");
        self.bounds(at, direction, &text(old), &text(new));
    }

    fn floats(&mut self, at: &Place, old: FloatBounds, new: FloatBounds) {
        let exceeds = |inner: FloatBounds, outer: FloatBounds| {
            let below = |inner: Bound<f64>, outer: Bound<f64>| {
                inner.limit < outer.limit || inner.limit <= outer.limit && outer.exclusive && !inner.exclusive
            };
            let above = |inner: Bound<f64>, outer: Bound<f64>| {
                inner.limit > outer.limit || inner.limit >= outer.limit && outer.exclusive && !inner.exclusive
            };
            outer.min.is_some_and(|outer| inner.min.is_none_or(|inner| below(inner, outer)))
                || outer.max.is_some_and(|outer| inner.max.is_none_or(|inner| above(inner, outer)))
        };
        let Some(direction) = Direction::of(exceeds(old, new), exceeds(new, old)) else { return };
        let text = |bounds: FloatBounds| {
            let min =
                bounds.min.map(|it| format!("{} {}", if it.exclusive { "more than" } else { "at least" }, it.limit));
            let max =
                bounds.max.map(|it| format!("{} {}", if it.exclusive { "less than" } else { "at most" }, it.limit));
            match (min, max) {
                (Some(min), Some(max)) => format!("{min} and {max}"),
                (min, max) => min.or(max).unwrap_or_else(|| "any number".to_owned()),
            }
        };
        self.bounds(at, direction, &text(old), &text(new));
    }

    fn bounds(&mut self, at: &Place, direction: Direction, was: &str, is: &str) {
        self.report.wire(
            &rules::WIRE_RANGE_SAME,
            at.clone(),
            direction,
            format!("`{}` takes {is} now, and took {was}", at.name),
            "keep the bounds, or declare a new field with the new ones",
        );
    }
}

/// The inclusive bounds of a type of whole numbers.
fn whole(primitive: &Primitive) -> Option<(i128, i128)> {
    fn inside<T: Into<i128>>(bound: Option<Bound<T>>, otherwise: i128, step: i128) -> i128 {
        bound.map_or(otherwise, |it| it.limit.into() + if it.exclusive { step } else { 0 })
    }
    match primitive {
        Primitive::Int(bounds) => Some((inside(bounds.min, -SAFE, 1), inside(bounds.max, SAFE, -1))),
        Primitive::Int64(bounds) => {
            Some((inside(bounds.min, i64::MIN.into(), 1), inside(bounds.max, i64::MAX.into(), -1)))
        }
        Primitive::Uint64(bounds) => Some((inside(bounds.min, 0, 1), inside(bounds.max, u64::MAX.into(), -1))),
        _ => None,
    }
}

fn written_as_text(primitive: &Primitive) -> bool {
    matches!(primitive, Primitive::Int64(_) | Primitive::Uint64(_))
}

/// Who is left out where two built-ins differ in kind.
fn between(old: &Primitive, new: &Primitive) -> Direction {
    match (old, new) {
        // Every whole number is a number, every value is JSON.
        (Primitive::Int(_), Primitive::Float(FloatBounds { min: None, max: None })) | (_, Primitive::Json) => {
            Direction::Forward
        }
        (Primitive::Float(FloatBounds { min: None, max: None }), Primitive::Int(_)) | (Primitive::Json, _) => {
            Direction::Backward
        }
        _ => Direction::Full,
    }
}
