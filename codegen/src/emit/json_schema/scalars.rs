//! Built-in types and enums enter; the schemas that accept exactly their values leave.

use super::decimal;
use super::node::{Node, Object};
use crate::model::{Bound, EnumDef, EnumType, FloatBounds, Format, IntBounds, NOT_BLANK, Primitive, Text};
use crate::pattern::Pattern;

const MAX_INT: i64 = (1 << 53) - 1;

/// The schema of a built-in type.
pub(super) fn primitive(plain: &Primitive) -> Object {
    match plain {
        Primitive::String(constraints) => text(constraints),
        Primitive::Int(bounds) => int(bounds),
        Primitive::Int64(bounds) => {
            let min = bounds.min.map_or(i64::MIN.into(), |bound| lowest(bound.limit.into(), bound.exclusive));
            let max = bounds.max.map_or(i64::MAX.into(), |bound| highest(bound.limit.into(), bound.exclusive));
            wide("int64", decimal::pattern(min, max), bounds.min.map(|_| min), bounds.max.map(|_| max))
        }
        Primitive::Uint64(bounds) => {
            let min = bounds.min.map_or(0, |bound| lowest(bound.limit.into(), bound.exclusive));
            let max = bounds.max.map_or(u64::MAX.into(), |bound| highest(bound.limit.into(), bound.exclusive));
            wide("uint64", decimal::pattern(min, max), bounds.min.map(|_| min), bounds.max.map(|_| max))
        }
        Primitive::Float(bounds) => float(bounds),
        Primitive::Bool => of_type("boolean"),
        Primitive::Json => Object::default(),
        Primitive::Object => of_type("object"),
    }
}

/// An integer of 64 bits; its pattern is the decimal texts within its bounds, which nobody could read from it.
fn wide(name: &str, pattern: String, min: Option<i128>, max: Option<i128>) -> Object {
    let schema = of_type("string").with("x-format", name);
    let schema = schema.with_some("x-minimum", min.map(|min| min.to_string()));
    schema.with_some("x-maximum", max.map(|max| max.to_string())).with("pattern", pattern)
}

/// The schema of an enum's members and of the aliases that mean them.
pub(super) fn members(def: &EnumDef, of: &EnumType) -> Object {
    let accepted = |index: &usize| of.only.as_ref().is_none_or(|only| only.contains(index));
    let values: Vec<_> = (0..def.values.len()).filter(accepted).collect();
    let aliases: Vec<_> = def.aliases.iter().filter(|(_, index)| accepted(index)).collect();
    let mut texts: Vec<&str> = values.iter().map(|index| def.values[*index].text.as_str()).collect();
    texts.extend(aliases.iter().map(|(alias, _)| alias.as_str()));
    let mut schema = of_type("string").with("enum", texts);
    if !aliases.is_empty() {
        let mut meant = Object::default();
        for (alias, index) in aliases {
            meant.put(alias, def.values[*index].text.as_str());
        }
        schema.put("x-aliases", meant);
    }
    schema
}

pub(super) fn of_type(name: &str) -> Object {
    Object::of("type", name)
}

fn lowest(limit: i128, exclusive: bool) -> i128 {
    limit + i128::from(exclusive)
}

fn highest(limit: i128, exclusive: bool) -> i128 {
    limit - i128::from(exclusive)
}

fn int(bounds: &IntBounds) -> Object {
    let (least, most) = (Bound { limit: -MAX_INT, exclusive: false }, Bound { limit: MAX_INT, exclusive: false });
    bounded(of_type("integer"), Some(bounds.min.unwrap_or(least)), Some(bounds.max.unwrap_or(most)))
}

fn float(bounds: &FloatBounds) -> Object {
    bounded(of_type("number"), bounds.min, bounds.max)
}

fn bounded<T: Into<Node>>(schema: Object, min: Option<Bound<T>>, max: Option<Bound<T>>) -> Object {
    let key = |exclusive, plain, strict| if exclusive { strict } else { plain };
    let mut schema = schema;
    if let Some(min) = min {
        schema.put(key(min.exclusive, "minimum", "exclusiveMinimum"), min.limit);
    }
    if let Some(max) = max {
        schema.put(key(max.exclusive, "maximum", "exclusiveMaximum"), max.limit);
    }
    schema
}

fn text(constraints: &Text) -> Object {
    let cap = constraints.format.map(|format| u32::try_from(format.max_code_points()).expect("a small constant"));
    let max_length = constraints.max_length.into_iter().chain(cap).min();
    let mut schema = of_type("string")
        .with_some("minLength", constraints.min_length.filter(|least| *least > 0))
        .with_some("maxLength", max_length);
    if let Some(format) = constraints.format {
        let (key, name) = standard_format(format);
        schema.put(key, name);
    }
    let mut patterns: Vec<String> = Vec::new();
    patterns.extend(constraints.format.map(|format| format!("^(?:{})$", format.regex())));
    patterns.extend(constraints.pattern.as_ref().map(Pattern::json_schema));
    patterns.extend(constraints.non_blank.then(|| NOT_BLANK.to_owned()));
    match <[String; 1]>::try_from(patterns) {
        Ok([only]) => schema.with("pattern", only),
        Err(none) if none.is_empty() => schema,
        Err(several) => {
            schema.with("allOf", several.into_iter().map(|one| Object::of("pattern", one)).collect::<Vec<_>>())
        }
    }
}

/// Where the standard has a format that takes everything the profile takes, its name helps other tools; the pattern
/// decides. Names that the standard does not know are kept out of `format`, where strict validators refuse them.
fn standard_format(format: Format) -> (&'static str, &'static str) {
    match format {
        Format::DateTime | Format::Uuid => ("format", format.as_str()),
        Format::HttpUrl => ("format", "uri"),
        Format::SemVer | Format::Ulid => ("x-format", format.as_str()),
    }
}
