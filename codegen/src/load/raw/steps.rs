//! Lists of steps enter; they leave as written.

use super::super::yaml::{Node, NodeKind};
use super::read::{self, Object};
use super::{RawCheck, RawEffect, RawStep, RawText, RawValue, rules};
use crate::diagnostic::{Diagnostic, Diagnostics};

/// Deeper values serve nobody.
const DEEPEST: usize = 8;

/// A mapping of names to expressions or templates.
pub fn named_expressions(node: Option<&Node>, out: &mut Diagnostics) -> Vec<(RawText, RawText)> {
    let members = node.and_then(|node| read::members(node, "a mapping of names", out)).unwrap_or_default();
    members.iter().filter_map(|(name, node)| Some((name.clone(), read::expression(node, out)?))).collect()
}

/// A mapping of names to lists of steps.
pub fn step_lists(node: Option<&Node>, out: &mut Diagnostics) -> Vec<(RawText, Vec<RawStep>)> {
    let members = node.and_then(|node| read::members(node, "a mapping of step lists", out)).unwrap_or_default();
    members.iter().map(|(name, node)| (name.clone(), read_steps(Some(node), out))).collect()
}

/// A list of steps.
pub fn read_steps(node: Option<&Node>, out: &mut Diagnostics) -> Vec<RawStep> {
    let items = node.and_then(|node| read::items(node, "a list of steps", out)).unwrap_or_default();
    items.iter().filter_map(|node| read_step(node, out)).collect()
}

fn read_step(node: &Node, out: &mut Diagnostics) -> Option<RawStep> {
    let mut object = Object::new(node, "a step", out)?;
    let events = object.take("for").map(|node| read::texts(node, "a list of events and groups", out));
    let when = object.read("when", out, read::expression);
    let reject = object.read("reject", out, read::text);
    let warn = object.read("warn", out, read::text);
    let skip = object.read("skip", out, read::boolean).is_some_and(|skip| skip.value);
    let moves = pairs(object.take("move"), "a mapping of slots to states", out, |value, out| {
        read_value(value, 0, out).and_then(|value| match value {
            RawValue::Expression(text) => Some(text),
            _ => None,
        })
    });
    let check = object.read("check", out, read_check);
    let mut effects = Vec::new();
    for (key, make) in EFFECTS {
        effects.extend(read_effects(object.take(key), make, out));
    }
    let uses = object.take("use").map(|node| read::one_or_more(node, "names of steps", out)).unwrap_or_default();
    object.finish(out);
    let step = RawStep { span: node.span, events, when, reject, warn, skip, moves, check, effects, uses };
    if step.does_nothing() {
        out.push(
            Diagnostic::new(&rules::MISSING_KEY, node.span, "the step does nothing")
                .help("add `reject`, `warn`, `skip`, `move`, `check`, `set` or another effect"),
        );
        return None;
    }
    Some(step)
}

/// How an effect is made of what stands behind its key.
#[derive(Clone, Copy)]
enum Make {
    /// A mapping of targets to values.
    With(fn(RawText, RawValue) -> RawEffect),
    /// A target, or a list of them.
    Alone(fn(RawText) -> RawEffect),
}

/// Effects in the order in which those of one step apply.
const EFFECTS: [(&str, Make); 9] = [
    ("set", Make::With(RawEffect::Set)),
    ("init", Make::With(RawEffect::Init)),
    ("inc", Make::Alone(RawEffect::Increment)),
    ("append", Make::With(RawEffect::Append)),
    ("append_unique", Make::With(RawEffect::AppendUnique)),
    ("add", Make::With(RawEffect::Add)),
    ("put", Make::With(RawEffect::Put)),
    ("drop", Make::With(RawEffect::Drop)),
    ("clear", Make::Alone(RawEffect::Clear)),
];

fn read_effects(node: Option<&Node>, make: Make, out: &mut Diagnostics) -> Vec<RawEffect> {
    match make {
        Make::With(make) => {
            let found = pairs(node, "a mapping of targets to values", out, |node, out| read_value(node, 0, out));
            found.into_iter().map(|(target, value)| make(target, value)).collect()
        }
        Make::Alone(make) => {
            let targets = node.map(|node| read::one_or_more(node, "a target or a list of targets", out));
            targets.unwrap_or_default().into_iter().map(make).collect()
        }
    }
}

/// The members of a mapping, each read.
pub fn pairs<T>(
    node: Option<&Node>,
    what: &str,
    out: &mut Diagnostics,
    read: impl Fn(&Node, &mut Diagnostics) -> Option<T>,
) -> Vec<(RawText, T)> {
    let members = node.and_then(|node| read::members(node, what, out)).unwrap_or_default();
    members.iter().filter_map(|(key, node)| Some((key.clone(), read(node, out)?))).collect()
}

fn read_check(node: &Node, out: &mut Diagnostics) -> Option<RawCheck> {
    let mut object = Object::new(node, "`check`", out)?;
    let machine = object.need("machine", out).and_then(|node| read::text(node, out));
    let from = object.need("from", out).and_then(|node| read::expression(node, out));
    let to = object.need("to", out).and_then(|node| read::expression(node, out));
    let otherwise = object.need("else", out).and_then(|node| read::text(node, out));
    object.finish(out);
    Some(RawCheck { machine: machine?, from: from?, to: to?, otherwise: otherwise? })
}

/// A value of an effect or of an upcast.
pub fn read_value(node: &Node, depth: usize, out: &mut Diagnostics) -> Option<RawValue> {
    if depth > DEEPEST {
        return read::wrong_kind(node, "a value that is nested less deep", out);
    }
    match &node.kind {
        NodeKind::Scalar(..) => read::expression(node, out).map(RawValue::Expression),
        NodeKind::Sequence(items) => {
            let values: Vec<_> = items.iter().map(|item| read_value(item, depth + 1, out)).collect();
            Some(RawValue::List(values.into_iter().collect::<Option<_>>()?, node.span))
        }
        NodeKind::Mapping(members) => {
            let values: Vec<_> =
                members.iter().map(|(name, node)| Some((name.clone(), read_value(node, depth + 1, out)?))).collect();
            Some(RawValue::Record(values.into_iter().collect::<Option<_>>()?, node.span))
        }
    }
}
