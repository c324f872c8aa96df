//! The text of a type (`opt<list<Id>>`, `Lane.terminal`) enters; its tree leaves, or a located syntax error.

use super::super::yaml::Node;
use super::read::{self, Object};
use super::{RawConstraints, RawText, RawType, RawTypeKind, RawTypeSource, rules};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::source::Span;

/// Deeper types serve nobody, and a limit keeps hostile text from the stack.
const DEEPEST: usize = 16;

/// A type given as text.
pub fn read_type(node: &Node, out: &mut Diagnostics) -> Option<RawType> {
    parse(&read::text(node, out)?, out)
}

/// `type`, or `external`, of a mapping.
pub fn read_type_source(object: &mut Object<'_>, span: Span, out: &mut Diagnostics) -> Option<RawTypeSource> {
    let ty = object.take("type");
    let external = object.take("external");
    match (ty, external) {
        (Some(ty), None) => read_type(ty, out).map(RawTypeSource::Type),
        (None, Some(node)) => {
            let mut external = Object::new(node, "an external type", out)?;
            let schema = external.need("schema", out).and_then(|node| read::text(node, out));
            let name = external.need("type", out).and_then(|node| read::text(node, out));
            external.finish(out);
            Some(RawTypeSource::External { schema: schema?, name: name? })
        }
        (Some(_), Some(external)) => {
            out.push(Diagnostic::new(
                &rules::CONFLICTING_KEYS,
                external.span,
                "`type` and `external` cannot stand together",
            ));
            None
        }
        (None, None) => {
            out.push(
                Diagnostic::new(&rules::MISSING_KEY, span, "neither `type` nor `external` is given")
                    .help("add `type:`"),
            );
            None
        }
    }
}

/// Every constraint that may stand beside a type or in a scalar.
pub fn read_constraints(object: &mut Object<'_>, out: &mut Diagnostics) -> RawConstraints {
    RawConstraints {
        min: object.take("min").cloned(),
        max: object.take("max").cloned(),
        exclusive_min: object.take("exclusive_min").cloned(),
        exclusive_max: object.take("exclusive_max").cloned(),
        min_length: object.read("min_length", out, read::count),
        max_length: object.read("max_length", out, read::count),
        non_blank: object.read("non_blank", out, read::boolean),
        pattern: object.read("pattern", out, read::text),
        format: object.read("format", out, read::text),
        min_items: object.read("min_items", out, read::count),
        max_items: object.read("max_items", out, read::count),
    }
}

fn parse(text: &RawText, out: &mut Diagnostics) -> Option<RawType> {
    let mut parser = Parser { text: &text.value, at: 0, span: text.span };
    let parsed = parser.ty(0).and_then(|ty| {
        parser.spaces();
        if parser.at == parser.text.len() { Ok(ty) } else { Err("more follows where the type should end") }
    });
    match parsed {
        Ok(ty) => Some(ty),
        Err(message) => {
            let (at, length) = (parser.at.min(text.value.len()), text.value.len());
            let place = parser.place(at, length.min(at + 1));
            out.push(
                Diagnostic::new(&rules::TYPE_SYNTAX, place, format!("`{}` is no type: {message}", text.value))
                    .help("write a name, `Enum.member`, or `opt<T> list<T> set<T> map<K V> tuple<A B>`"),
            );
            None
        }
    }
}

struct Parser<'t> {
    text: &'t str,
    at: usize,
    span: Span,
}

impl Parser<'_> {
    fn place(&self, start: usize, end: usize) -> Span {
        let written = (self.span.end - self.span.start) as usize;
        let quote = written.saturating_sub(self.text.len()) / 2;
        if written == self.text.len() + 2 * quote && quote <= 1 {
            self.span.part(start + quote, end + quote)
        } else {
            self.span
        }
    }

    fn spaces(&mut self) {
        while self.text[self.at..].starts_with(' ') {
            self.at += 1;
        }
    }

    fn name(&mut self) -> Option<&str> {
        let rest = &self.text[self.at..];
        let length = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
        self.at += length;
        (length > 0).then_some(&rest[..length])
    }

    fn ty(&mut self, depth: usize) -> Result<RawType, &'static str> {
        if depth > DEEPEST {
            return Err("it is nested more than 16 deep");
        }
        self.spaces();
        let start = self.at;
        let name = self.name().ok_or("a name is missing")?.to_owned();
        let kind = if self.eat('<') {
            let arguments = self.arguments(depth)?;
            RawTypeKind::Apply(name, arguments)
        } else if self.eat('.') {
            let member = self.name().ok_or("a member is missing after the dot")?.to_owned();
            RawTypeKind::Member(name, member)
        } else {
            RawTypeKind::Name(name)
        };
        Ok(RawType { kind, span: self.place(start, self.at) })
    }

    fn arguments(&mut self, depth: usize) -> Result<Vec<RawType>, &'static str> {
        let mut arguments = Vec::new();
        loop {
            self.spaces();
            if self.eat('>') {
                return Ok(arguments);
            }
            if self.at == self.text.len() {
                return Err("`>` is missing");
            }
            if self.text[self.at..].starts_with(',') {
                return Err("arguments are separated by a space, not a comma");
            }
            arguments.push(self.ty(depth + 1)?);
        }
    }

    fn eat(&mut self, wanted: char) -> bool {
        let found = self.text[self.at..].starts_with(wanted);
        if found {
            self.at += wanted.len_utf8();
        }
        found
    }
}
