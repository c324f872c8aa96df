//! Numbers as contracts mean them: what a host number may hold enters, a checked one leaves, and its shortest text.

use std::fmt::{self, Write};

use super::fault::{Code, Faults, Limit, Params};

/// Largest magnitude of an `int`.
pub(super) const MOST_INT: i64 = (1 << 53) - 1;

/// The range of an `int`, as a fault states it.
pub(super) const INT_RANGE: Params = Params::Range { min: Limit::Int(-MOST_INT), max: Limit::Int(MOST_INT) };

/// An integer within ±(2^53−1): what every JSON reader keeps exactly.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Int(i64);

impl Int {
    /// The integer, if it lies within the range.
    ///
    /// # Errors
    /// `int_range` otherwise.
    pub fn new(value: i64) -> Result<Self, Faults> {
        if (-MOST_INT..=MOST_INT).contains(&value) {
            Ok(Int(value))
        } else {
            Err(Faults::one(Code::IntRange, INT_RANGE))
        }
    }

    /// Its value.
    pub const fn get(self) -> i64 {
        self.0
    }

    /// An integer that was checked before.
    pub(super) const fn of_checked(value: i64) -> Self {
        Int(value)
    }

    /// The integer that a binary64 is, if it is one.
    #[expect(clippy::cast_possible_truncation, reason = "the range was tested")]
    #[expect(clippy::cast_precision_loss, reason = "the limit is exact")]
    pub(super) fn of_float(value: f64) -> Result<i64, Code> {
        if value.fract() != 0.0 {
            Err(Code::Type)
        } else if value.abs() > MOST_INT as f64 {
            Err(Code::IntRange)
        } else {
            Ok(value as i64)
        }
    }
}

impl From<i32> for Int {
    fn from(value: i32) -> Self {
        Int(value.into())
    }
}

impl From<u32> for Int {
    fn from(value: u32) -> Self {
        Int(value.into())
    }
}

impl TryFrom<i64> for Int {
    type Error = Faults;

    fn try_from(value: i64) -> Result<Self, Faults> {
        Int::new(value)
    }
}

impl From<Int> for i64 {
    fn from(value: Int) -> Self {
        value.0
    }
}

impl fmt::Display for Int {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A finite binary64, never minus zero.
#[derive(Debug, Clone, Copy, Default, PartialEq, PartialOrd)]
pub struct Number(f64);

impl Number {
    /// The number, unless it is infinite or none at all.
    ///
    /// # Errors
    /// `number_not_finite` otherwise.
    pub fn new(value: f64) -> Result<Self, Faults> {
        if value.is_finite() { Ok(Number(value + 0.0)) } else { Err(Faults::one(Code::NumberNotFinite, Params::None)) }
    }

    /// Its value.
    pub const fn get(self) -> f64 {
        self.0
    }

    /// A number that was checked before.
    pub(super) const fn of_checked(value: f64) -> Self {
        Number(value)
    }
}

impl From<Int> for Number {
    #[expect(clippy::cast_precision_loss, reason = "every `int` is exact")]
    fn from(value: Int) -> Self {
        Number(value.0 as f64)
    }
}

impl TryFrom<f64> for Number {
    type Error = Faults;

    fn try_from(value: f64) -> Result<Self, Faults> {
        Number::new(value)
    }
}

impl From<Number> for f64 {
    fn from(value: Number) -> Self {
        value.0
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = String::new();
        write_float(self.0, &mut out);
        f.write_str(&out)
    }
}

/// Writes the shortest text that reads back as the number, in the layout of ECMAScript.
pub(super) fn write_float(value: f64, out: &mut String) {
    // `{:e}` gives the shortest digits as `d.ddde±x`; only the layout differs.
    let text = format!("{value:e}");
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let (sign, mantissa) = mantissa.strip_prefix('-').map_or(("", mantissa), |rest| ("-", rest));
    let digits = mantissa.replace('.', "");
    let count = i32::try_from(digits.len()).unwrap_or(i32::MAX);
    let zeros = |count: i32| "0".repeat(usize::try_from(count).unwrap_or(0));
    let point = exponent + 1;
    if value == 0.0 {
        out.push('0');
        return;
    }
    out.push_str(sign);
    if (count..=21).contains(&point) {
        out.push_str(&digits);
        out.push_str(&zeros(point - count));
    } else if (1..=21).contains(&point) {
        let (whole, fraction) = digits.split_at(usize::try_from(point).unwrap_or(0));
        out.extend([whole, ".", fraction]);
    } else if (-5..=0).contains(&point) {
        out.extend(["0.", &zeros(-point), &digits]);
    } else {
        let (first, rest) = digits.split_at(1);
        out.extend([first, if rest.is_empty() { "" } else { "." }, rest]);
        let _ = write!(out, "e{exponent:+}");
    }
}
