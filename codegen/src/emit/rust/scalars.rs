//! Built-ins with bounds enter; newtypes that hold nothing else leave, each with its row of the table.

use super::layout::Doc;
use super::module::Module;
use super::patterns;
use super::text::put;
use super::{docs, types};
use crate::json;
use crate::model::{Bound, FloatBounds, Format, Int64Bounds, IntBounds, Primitive, Scalar, Text, Uint64Bounds};

/// Whether a plain Rust type could hold what the contract refuses.
pub(super) fn is_bounded(primitive: &Primitive) -> bool {
    match primitive {
        Primitive::String(text) => *text != Text::default(),
        Primitive::Int(bounds) => *bounds != IntBounds::default(),
        Primitive::Int64(bounds) => *bounds != Int64Bounds::default(),
        Primitive::Uint64(bounds) => *bounds != Uint64Bounds::default(),
        Primitive::Float(bounds) => *bounds != FloatBounds::default(),
        Primitive::Bool | Primitive::Json | Primitive::Object => false,
    }
}

/// Whether values are copied.
pub(super) fn is_copy(primitive: &Primitive) -> bool {
    !matches!(primitive, Primitive::String(_) | Primitive::Json | Primitive::Object)
}

/// Writes a named scalar.
pub(super) fn declare(module: &mut Module<'_>, scalar: &Scalar) {
    let name = &scalar.meta.name;
    let fallback = format!("A `{}` of the contract.", scalar.primitive.as_str());
    let doc = docs::of(&scalar.meta, None, &fallback, 0);
    newtype(module, &scalar.primitive, name, &doc);
}

/// Declares the type of a built-in with bounds that stands in `owner`.
pub(super) fn inline(module: &mut Module<'_>, primitive: &Primitive, owner: &str) -> String {
    let name = module.fresh(owner);
    let doc = format!("/// A bounded `{}`.\n", primitive.as_str());
    module.write_behind(|module| newtype(module, primitive, &name, &doc));
    name
}

/// Writes a newtype over a built-in.
pub(super) fn newtype(module: &mut Module<'_>, primitive: &Primitive, name: &str, doc: &str) {
    let (derives, inner, call) = match primitive {
        Primitive::String(Text { format: Some(Format::DateTime), .. }) => {
            ("Debug, Clone, PartialEq, Eq, Hash", format!("{}<str>", module.prelude("Box")), "instant_scalar!(NAME)")
        }
        Primitive::String(_) => (
            "Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash",
            format!("{}<str>", module.prelude("Box")),
            "text_scalar!(NAME)",
        ),
        Primitive::Int(_) | Primitive::Int64(_) => (COPIED, "i64".to_owned(), "number_scalar!(NAME, i64, Int, int)"),
        Primitive::Uint64(_) => (COPIED, "u64".to_owned(), "number_scalar!(NAME, u64, Uint, uint)"),
        Primitive::Float(_) => {
            ("Debug, Clone, Copy, PartialEq, PartialOrd", "f64".to_owned(), "number_scalar!(NAME, f64, Float, float)")
        }
        Primitive::Bool => (COPIED, "bool".to_owned(), "number_scalar!(NAME, bool, Bool, bool)"),
        Primitive::Json | Primitive::Object => {
            let target = types::spell(module, &crate::model::Type::Primitive(primitive.clone()), name);
            put!(module.out, "{doc}pub type {name} = {};\n\n", target.ty);
            return;
        }
    };
    let out = &mut module.out;
    out.push_str(doc);
    put!(out, "#[derive({derives})]\npub struct {name}({inner});\n\nimpl {name} {{\n");
    out.push_str("    /// What the contract accepts.\n");
    out.push_str(&kind(primitive).line(4, "pub const KIND: &'static support::Kind = ", ";"));
    put!(out, "}}\n\nsupport::{};\n\n", call.replace("NAME", name));
}

const COPIED: &str = "Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash";

/// The row of the table.
fn kind(primitive: &Primitive) -> Doc {
    let of = |kind: &str, argument| Doc::call(format!("&support::Kind::{kind}"), vec![argument]);
    match primitive {
        Primitive::String(text) => of("Text", constraints(text)),
        Primitive::Int(it) => of("Int", bounds(it.min, it.max, |limit| limit.to_string())),
        Primitive::Int64(it) => of("Int64", bounds(it.min, it.max, |limit| limit.to_string())),
        Primitive::Uint64(it) => of("Uint64", bounds(it.min, it.max, |limit| limit.to_string())),
        Primitive::Float(it) => of("Float", bounds(it.min, it.max, float)),
        Primitive::Bool => Doc::text("&support::Kind::Bool"),
        Primitive::Json => Doc::text("&support::Kind::Json"),
        Primitive::Object => Doc::text("&support::Kind::Object"),
    }
}

fn constraints(text: &Text) -> Doc {
    let mut fields = Vec::new();
    let number = |limit: u32| Doc::text(limit.to_string());
    fields.extend(text.min_length.map(|limit| ("min_length", number(limit))));
    fields.extend(text.max_length.map(|limit| ("max_length", number(limit))));
    fields.extend(text.non_blank.then(|| ("non_blank", Doc::text("true"))));
    let some = |it| Doc::call("Some", vec![it]);
    fields.extend(text.format.map(|format| {
        let name = match format {
            Format::Uuid => "Uuid",
            Format::Ulid => "Ulid",
            Format::HttpUrl => "HttpUrl",
            Format::DateTime => "DateTime",
            Format::SemVer => "SemVer",
        };
        ("format", some(Doc::text(format!("support::Format::{name}"))))
    }));
    fields.extend(text.pattern.as_ref().map(|pattern| ("pattern", some(patterns::compiled(pattern)))));
    if fields.is_empty() {
        return Doc::text("support::Text::ANY");
    }
    let rest = (fields.len() < 5).then(|| "support::Text::ANY".to_owned());
    Doc::Struct("support::Text".into(), fields, rest)
}

fn bounds<T: Copy>(min: Option<Bound<T>>, max: Option<Bound<T>>, show: impl Fn(T) -> String) -> Doc {
    let bound = |bound: Option<Bound<T>>| {
        let bound = bound?;
        Some(Doc::text(format!("Some(({}, {}))", show(bound.limit), bound.exclusive)))
    };
    let fields: Vec<_> = [("min", bound(min)), ("max", bound(max))]
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)))
        .collect();
    if fields.is_empty() {
        return Doc::text("support::Bounds::ANY");
    }
    let rest = (fields.len() < 2).then(|| "support::Bounds::ANY".to_owned());
    Doc::Struct("support::Bounds".into(), fields, rest)
}

/// A literal of a binary64: it has a point or an exponent.
pub(super) fn float(value: f64) -> String {
    let text = json::number(value).replace("e+", "e");
    if text.contains(['.', 'e']) { text } else { format!("{text}.0") }
}
