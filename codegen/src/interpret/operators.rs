//! Values enter; what an operator or function of expressions makes of them leaves.

use std::cmp::Ordering;

use super::instant::instant;
use super::scalar::SAFE;
use crate::json::Value;
use crate::model::CompareOp;

/// What values are compared as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Measure {
    /// Numbers as numbers, texts by code point, anything else for equality only.
    Value,
    /// Decimal texts as numbers.
    Decimal,
    /// Date-times as moments.
    Moment,
}

pub(super) fn compare(op: CompareOp, left: &Value, right: &Value, measure: Measure) -> bool {
    match op {
        CompareOp::Eq => is_equal(left, right, measure),
        CompareOp::Ne => !is_equal(left, right, measure),
        CompareOp::Lt => order(left, right, measure).is_lt(),
        CompareOp::Le => order(left, right, measure).is_le(),
        CompareOp::Gt => order(left, right, measure).is_gt(),
        CompareOp::Ge => order(left, right, measure).is_ge(),
    }
}

/// None equals none and nothing else.
fn is_equal(left: &Value, right: &Value, measure: Measure) -> bool {
    match (left, right) {
        (Value::String(left), Value::String(right)) if measure == Measure::Moment => instant(left) == instant(right),
        _ => left == right,
    }
}

fn order(left: &Value, right: &Value, measure: Measure) -> Ordering {
    match measure {
        Measure::Moment => instant(text(left)).cmp(&instant(text(right))),
        Measure::Decimal => decimal(text(left)).cmp(&decimal(text(right))),
        Measure::Value => match (left, right) {
            (Value::String(left), Value::String(right)) => left.cmp(right),
            _ => number(left).total_cmp(&number(right)),
        },
    }
}

fn decimal(text: &str) -> i128 {
    text.parse().expect("64 bits in decimal")
}

/// Code points of a text, items of a container.
pub(super) fn size(value: &Value) -> Value {
    let size = match value {
        Value::Array(items) => items.len(),
        Value::Object(members) => members.len(),
        other => text(other).chars().count(),
    };
    int(i64::try_from(size).expect("no value is that large"))
}

/// Whether a list or set holds the value, or a map has the key.
pub(super) fn contains(container: &Value, value: &Value) -> bool {
    match container {
        Value::Array(items) => items.contains(value),
        Value::Object(members) => value.as_str().is_some_and(|key| members.contains_key(key)),
        other => unreachable!("a container was checked, not {}", other.kind()),
    }
}

/// Clamped at the integers that every host keeps exactly.
pub(super) fn sum(left: f64, right: f64) -> Value {
    (left + right).clamp(-SAFE, SAFE).into()
}

#[expect(clippy::cast_precision_loss, reason = "integers of expressions lie within those that binary64 holds")]
pub(super) fn int(number: i64) -> Value {
    Value::Number(number as f64)
}

pub(super) fn number(value: &Value) -> f64 {
    match value {
        Value::Number(number) => *number,
        other => unreachable!("a number was checked, not {}", other.kind()),
    }
}

pub(super) fn text(value: &Value) -> &str {
    value.as_str().expect("a text, as was checked")
}
