//! A built-in type or an enum and a value enter; the canonical value leaves, or the first check that it fails.

use std::fmt::Display;
use std::ops::RangeInclusive;
use std::str::FromStr;
use std::sync::LazyLock;

use regex::Regex;

use super::{Judge, params};
use crate::fault::{Code, Params};
use crate::json::Value;
use crate::model::{Bound, EnumType, Format, Int64Bounds, Primitive, Text, Uint64Bounds};

/// The largest integer that every host keeps exactly.
pub(super) const SAFE: f64 = 9_007_199_254_740_991.0;

static FORMATS: LazyLock<[(Format, Regex); Format::ALL.len()]> = LazyLock::new(|| {
    Format::ALL.map(|format| {
        let whole = format!(r"\A(?:{})\z", format.regex());
        (format, Regex::new(&whole).expect("formats are constants, and a test compiles each"))
    })
});

/// A check that failed, and its facts.
type Failure = (Code, Params);

impl Judge<'_> {
    pub(super) fn primitive(&mut self, primitive: &Primitive, value: &Value) -> Option<Value> {
        let outcome = match (primitive, value) {
            (Primitive::Json, _) | (Primitive::Object, Value::Object(_)) => return self.json(value),
            (Primitive::Bool, Value::Bool(_)) => Ok(value.clone()),
            (Primitive::String(text), Value::String(value)) => string(text, value).map(Value::String),
            (Primitive::Int(bounds), Value::Number(value)) => integer(*value).and_then(|value| {
                within(&value, bounds.min.map(as_number).as_ref(), bounds.max.map(as_number).as_ref(), |limit| {
                    (*limit).into()
                })?;
                Ok(value.into())
            }),
            (Primitive::Float(bounds), Value::Number(value)) => finite(*value).and_then(|value| {
                within(&value, bounds.min.as_ref(), bounds.max.as_ref(), |limit| (*limit).into())?;
                Ok(value.into())
            }),
            (Primitive::Int64(bounds), Value::String(text)) => int64(bounds, text).map(|()| value.clone()),
            (Primitive::Uint64(bounds), Value::String(text)) => uint64(bounds, text).map(|()| value.clone()),
            (Primitive::Bool, _) => return self.wrong_type("bool", value),
            (Primitive::Int(_), _) => return self.wrong_type("int", value),
            (Primitive::Float(_), _) => return self.wrong_type("number", value),
            (Primitive::Object, _) => return self.wrong_type("object", value),
            (Primitive::String(_) | Primitive::Int64(_) | Primitive::Uint64(_), _) => {
                return self.wrong_type("string", value);
            }
        };
        outcome.map_or_else(|(code, params)| self.fault(code, params), Some)
    }

    pub(super) fn enumeration(&mut self, ty: &EnumType, value: &Value) -> Option<Value> {
        let Value::String(text) = value else { return self.wrong_type("string", value) };
        let definition = &self.workspace.enums[ty.id];
        let accepted =
            definition.accepts(text).filter(|index| ty.only.as_ref().is_none_or(|only| only.contains(index)));
        match accepted {
            Some(index) => Some(definition.values[index].text.as_str().into()),
            None => self.fault(Code::Enum, Params::new()),
        }
    }
}

fn string(constraints: &Text, text: &str) -> Result<String, Failure> {
    let length = text.chars().count();
    if let Some(limit) = constraints.min_length.filter(|&limit| length < limit as usize) {
        return Err((Code::MinLength, params([("limit", limit.into())])));
    }
    if let Some(limit) = constraints.max_length.filter(|&limit| length > limit as usize) {
        return Err((Code::MaxLength, params([("limit", limit.into())])));
    }
    if constraints.non_blank && is_blank(text) {
        return Err((Code::Blank, Params::new()));
    }
    if let Some(format) = constraints.format.filter(|&format| !has_format(format, text, length)) {
        return Err(wrong_format(format.as_str()));
    }
    if let Some(pattern) = constraints.pattern.as_ref().filter(|pattern| !pattern.is_match(text)) {
        return Err((Code::Pattern, params([("pattern", pattern.source().into())])));
    }
    Ok(constraints.format.map_or_else(|| text.to_owned(), |format| format.canonical(text)))
}

/// Nothing but white space of ASCII, or nothing at all.
pub(super) fn is_blank(text: &str) -> bool {
    text.chars().all(|character| matches!(character, '\t'..='\r' | ' '))
}

fn has_format(format: Format, text: &str, length: usize) -> bool {
    let (_, regex) = FORMATS.iter().find(|(other, _)| *other == format).expect("every format has its regex");
    length <= format.max_code_points() && regex.is_match(text)
}

fn wrong_format(name: &str) -> Failure {
    (Code::Format, params([("format", name.into())]))
}

fn finite(number: f64) -> Result<f64, Failure> {
    if number.is_finite() { Ok(number) } else { Err((Code::NumberNotFinite, Params::new())) }
}

fn integer(number: f64) -> Result<f64, Failure> {
    let number = finite(number)?;
    if number.fract() != 0.0 {
        return Err((Code::Type, params([("expected", "int".into()), ("got", "number".into())])));
    }
    if number.abs() > SAFE {
        return Err((Code::IntRange, params([("min", (-SAFE).into()), ("max", SAFE.into())])));
    }
    Ok(number)
}

#[expect(clippy::cast_precision_loss, reason = "limits of an int lie within the integers that binary64 holds")]
fn as_number(bound: Bound<i64>) -> Bound<f64> {
    Bound { limit: bound.limit as f64, exclusive: bound.exclusive }
}

fn int64(bounds: &Int64Bounds, text: &str) -> Result<(), Failure> {
    let number = decimal("int64", text, i64::MIN..=i64::MAX)?;
    within(&number, bounds.min.as_ref(), bounds.max.as_ref(), decimal_text)
}

fn uint64(bounds: &Uint64Bounds, text: &str) -> Result<(), Failure> {
    let number = decimal("uint64", text, u64::MIN..=u64::MAX)?;
    within(&number, bounds.min.as_ref(), bounds.max.as_ref(), decimal_text)
}

/// The number that `0|-?[1-9][0-9]*` spells, if the type holds it.
fn decimal<T: FromStr + Display>(format: &str, text: &str, range: RangeInclusive<T>) -> Result<T, Failure> {
    let digits = text.strip_prefix('-').unwrap_or(text).as_bytes();
    let is_decimal = digits.iter().all(u8::is_ascii_digit) && digits.first().is_some_and(|&first| first != b'0');
    if !is_decimal && text != "0" {
        return Err(wrong_format(format));
    }
    let facts = || params([("min", decimal_text(range.start())), ("max", decimal_text(range.end()))]);
    text.parse().map_err(|_| (Code::IntRange, facts()))
}

fn decimal_text(number: &impl Display) -> Value {
    number.to_string().into()
}

fn within<T: PartialOrd>(
    value: &T,
    min: Option<&Bound<T>>,
    max: Option<&Bound<T>>,
    limit: impl Fn(&T) -> Value,
) -> Result<(), Failure> {
    let failure = |code, bound: &Bound<T>| {
        let mut facts = params([("limit", limit(&bound.limit))]);
        if bound.exclusive {
            facts.insert("exclusive".to_owned(), true.into());
        }
        Err((code, facts))
    };
    match (min, max) {
        (Some(min), _) if *value < min.limit || (min.exclusive && *value == min.limit) => failure(Code::Minimum, min),
        (_, Some(max)) if *value > max.limit || (max.exclusive && *value == max.limit) => failure(Code::Maximum, max),
        _ => Ok(()),
    }
}
