//! JSON text and the kind of a value enter; a checked slot leaves, and every fault on the way is noted in one pass.
//!
//! Nothing here is generic over the types of a contract: the code exists once, whatever their number.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::fault::{Code, Faults, Findings, Limit, Params};
use super::number::{INT_RANGE, Int, MOST_INT};
use super::path::Path;
use super::reader::{Numeral, Read, Reader};
use super::shape::{Bounds, Choice, Kind};
use super::slots::Slot;

/// Text being read, and what was found wrong so far.
pub(super) struct Decoder<'a> {
    pub(super) reader: Reader<'a>,
    pub(super) found: Findings,
    /// Which variant of an untagged union accepts what stands at an offset, so that nested unions are judged once.
    pub(super) verdicts: BTreeMap<(usize, usize), Option<u16>>,
    /// A field of the outermost record that is judged by itself.
    pub(super) inner: Option<Inner<'a>>,
}

/// A field whose kind another field before it names, as the type of an event names that of its payload: it is read in
/// passing, and what is wrong with it is kept apart.
pub(super) struct Inner<'a> {
    /// The place of the field that names the kind.
    pub(super) named_by: usize,
    /// The place of the field.
    pub(super) place: usize,
    /// The kind of a name.
    pub(super) kind: fn(&str) -> Option<&'static Kind>,
    /// What was read.
    pub(super) read: Option<Result<Slot<'a>, Faults>>,
}

impl<'a> Decoder<'a> {
    /// Starts at the beginning of a text.
    pub(super) fn new(text: &'a str) -> Self {
        Decoder { reader: Reader::new(text), found: Findings::default(), verdicts: BTreeMap::new(), inner: None }
    }

    /// Reads one value. A slot of a faulty value holds nothing of use.
    #[inline]
    pub(super) fn value(&mut self, kind: &'static Kind, slot: &mut Slot<'a>, path: &Path<'_>) -> Read<()> {
        // Most values are texts: only they are read without a call.
        if let Kind::Text(text) = kind
            && self.reader.peek() == b'"'
        {
            let string = self.reader.string()?;
            match text.fault(&string) {
                None if text.format.is_none() => slot.put(Slot::Text(string)),
                None => slot.put(Slot::Text(text.spell(string))),
                Some((code, params)) => self.found.add(path, code, params),
            }
            return Ok(());
        }
        self.value_but_text(kind, slot, path)
    }

    #[inline(never)]
    fn value_but_text(&mut self, kind: &'static Kind, slot: &mut Slot<'a>, path: &Path<'_>) -> Read<()> {
        let first = self.reader.peek();
        match kind {
            Kind::Choice(_) | Kind::Narrowed(..) | Kind::Int64(_) | Kind::Uint64(_) if first == b'"' => {
                let string = self.reader.string()?;
                self.accept(string_slot(kind, string), slot, path);
            }
            Kind::Float(bounds) if is_number(first) => {
                let value = self.reader.number()?.float()?;
                self.accept(bounded(value, bounds, Slot::Float, Limit::Float), slot, path);
            }
            Kind::Int(bounds) if is_number(first) => {
                let value = int(&self.reader.number()?)?;
                let checked = value.and_then(|value| bounded(value, bounds, Slot::Int, Limit::Int));
                self.accept(checked, slot, path);
            }
            Kind::Bool if matches!(first, b't' | b'f') => {
                let value = first == b't';
                self.reader.word(if value { "true" } else { "false" })?;
                slot.put(Slot::Bool(value));
            }
            Kind::Json => slot.put(Slot::Raw(Cow::Borrowed(self.reader.raw()?))),
            Kind::Object if first == b'{' => slot.put(Slot::Raw(Cow::Borrowed(self.reader.raw()?))),
            Kind::Opt(_) if first == b'n' => self.reader.word("null")?,
            Kind::Opt(inner) => self.value(inner, slot, path)?,
            Kind::List(item, items) if first == b'[' => self.list(item, *items, slot, path)?,
            Kind::Set(item, items) if first == b'[' => self.set(item, *items, slot, path)?,
            Kind::Map(key, value, items) if first == b'{' => self.map(key, value, *items, slot, path)?,
            Kind::Tuple(kinds) if first == b'[' => self.tuple(kinds, slot, path)?,
            Kind::Record(shape) if first == b'{' => {
                let shape = shape();
                let mut slots = Slot::nones(shape.len());
                self.record(shape, None, &mut slots, path)?;
                slot.put(Slot::List(slots));
            }
            Kind::Tagged(union) if first == b'{' => self.tagged(union, slot, path)?,
            Kind::Untagged(kinds) => self.untagged(kinds, slot, path)?,
            other => self.mismatch(other.expects(), path)?,
        }
        Ok(())
    }

    /// Passes a value of another kind than was expected.
    pub(super) fn mismatch(&mut self, expected: &'static str, path: &Path<'_>) -> Read<()> {
        let got = got(self.reader.peek());
        self.reader.skip()?;
        self.found.add(path, Code::Type, Params::Kinds { expected, got });
        Ok(())
    }

    fn accept(&mut self, checked: Checked<'a>, slot: &mut Slot<'a>, path: &Path<'_>) {
        match checked {
            Ok(value) => slot.put(value),
            Err((code, params)) => self.found.add(path, code, params),
        }
    }
}

/// A value that passed its checks, or the first that it failed.
pub(super) type Checked<'a> = Result<Slot<'a>, (Code, Params)>;

/// The slot of a value that is a string on the wire, as a key of a map is.
pub(super) fn string_slot<'a>(kind: &Kind, string: Cow<'a, str>) -> Checked<'a> {
    match kind {
        Kind::Text(text) => match text.fault(&string) {
            None => Ok(Slot::Text(text.spell(string))),
            Some(fault) => Err(fault),
        },
        Kind::Choice(choice) => member(choice, &string),
        Kind::Narrowed(choice, only) => match member(choice, &string)? {
            Slot::Member(index) if only.contains(&index) => Ok(Slot::Member(index)),
            _ => Err((Code::Enum, Params::None)),
        },
        Kind::Int64(bounds) => decimal(&string, true, i64::MIN, i64::MAX, Limit::Int64)
            .and_then(|value| bounded(value, bounds, Slot::Int, Limit::Int64)),
        Kind::Uint64(bounds) => decimal(&string, false, u64::MIN, u64::MAX, Limit::Uint64)
            .and_then(|value| bounded(value, bounds, Slot::Uint, Limit::Uint64)),
        Kind::Untagged(kinds) => (0..)
            .zip(*kinds)
            .find_map(|(index, kind)| {
                let value = string_slot(kind, string.clone()).ok()?;
                Some(Slot::Variant(index, Box::new(value)))
            })
            .ok_or((Code::UnionNone, Params::None)),
        other => Err((Code::Type, Params::Kinds { expected: other.expects(), got: "string" })),
    }
}

/// Checks a scalar that a program built.
pub(super) fn scalar_slot<'a>(kind: &Kind, slot: Slot<'a>) -> Checked<'a> {
    match (kind, slot) {
        (Kind::Text(_), Slot::Text(text)) => string_slot(kind, text),
        (Kind::Int(bounds), Slot::Int(value)) if value.abs_diff(0) <= MOST_INT.unsigned_abs() => {
            bounded(value, bounds, Slot::Int, Limit::Int)
        }
        (Kind::Int(_), Slot::Int(_)) => Err((Code::IntRange, INT_RANGE)),
        (Kind::Int64(bounds), Slot::Int(value)) => bounded(value, bounds, Slot::Int, Limit::Int64),
        (Kind::Uint64(bounds), Slot::Uint(value)) => bounded(value, bounds, Slot::Uint, Limit::Uint64),
        (Kind::Float(bounds), Slot::Float(value)) if value.is_finite() => {
            bounded(value + 0.0, bounds, Slot::Float, Limit::Float)
        }
        (Kind::Float(_), Slot::Float(_)) => Err((Code::NumberNotFinite, Params::None)),
        (_, slot) => Ok(slot),
    }
}

fn member<'a>(choice: &Choice, text: &str) -> Checked<'a> {
    choice.find(text).map(Slot::Member).ok_or((Code::Enum, Params::None))
}

/// The integer that a decimal string without leading zeros stands for.
fn decimal<T: std::str::FromStr>(
    text: &str,
    signed: bool,
    min: T,
    max: T,
    limit: fn(T) -> Limit,
) -> Result<T, (Code, Params)> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let is_plain = digits.bytes().all(|byte| byte.is_ascii_digit()) && digits.starts_with(|first| first != '0');
    if text != "0" && !is_plain {
        let format = if signed { "int64" } else { "uint64" };
        return Err((Code::Format, Params::Format(format)));
    }
    text.parse().map_err(|_| (Code::IntRange, Params::Range { min: limit(min), max: limit(max) }))
}

/// The integer that a number is, however it was spelled.
#[inline]
fn int(number: &Numeral<'_>) -> Read<Result<i64, (Code, Params)>> {
    if let Numeral::Int(value) = number {
        return Ok(Ok(*value));
    }
    Ok(Int::of_float(number.float()?).map_err(|code| match code {
        Code::IntRange => (code, INT_RANGE),
        _ => (code, Params::Kinds { expected: "int", got: "number" }),
    }))
}

/// The lower bound is looked at first.
#[inline]
fn bounded<'a, T: PartialOrd + Copy>(
    value: T,
    bounds: &Bounds<T>,
    slot: fn(T) -> Slot<'a>,
    limit: fn(T) -> Limit,
) -> Checked<'a> {
    let fault = |code, bound, exclusive| Err((code, Params::Limit { limit: limit(bound), exclusive }));
    match (bounds.min, bounds.max) {
        (Some((min, exclusive)), _) if value < min || exclusive && value <= min => fault(Code::Minimum, min, exclusive),
        (_, Some((max, exclusive))) if value > max || exclusive && value >= max => fault(Code::Maximum, max, exclusive),
        _ => Ok(slot(value)),
    }
}

#[inline]
fn is_number(first: u8) -> bool {
    first == b'-' || first.is_ascii_digit()
}

/// The kind of the value that begins with a byte.
pub(super) fn got(first: u8) -> &'static str {
    match first {
        b'"' => "string",
        b'{' => "object",
        b'[' => "array",
        b't' | b'f' => "bool",
        b'n' => "null",
        _ => "number",
    }
}

impl Kind {
    /// What a fault says was expected.
    pub(super) fn expects(&self) -> &'static str {
        match self {
            Kind::Text(_) | Kind::Choice(_) | Kind::Narrowed(..) | Kind::Int64(_) | Kind::Uint64(_) => "string",
            Kind::Int(_) => "int",
            Kind::Float(_) => "number",
            Kind::Bool => "bool",
            Kind::List(..) | Kind::Set(..) | Kind::Tuple(_) => "array",
            Kind::Object | Kind::Map(..) | Kind::Record(_) | Kind::Tagged(_) => "object",
            Kind::Opt(inner) => inner.expects(),
            Kind::Json | Kind::Untagged(_) => "value",
        }
    }

    /// Whether a value that begins with this byte can be of the kind at all.
    pub(super) fn may_begin(&self, first: u8) -> bool {
        match self {
            Kind::Opt(inner) => first == b'n' || inner.may_begin(first),
            Kind::Json => true,
            Kind::Untagged(kinds) => kinds.iter().any(|kind| kind.may_begin(first)),
            Kind::Int(_) | Kind::Float(_) => is_number(first),
            other => other.expects() == got(first),
        }
    }
}
