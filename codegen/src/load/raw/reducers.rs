//! Entries of `profiles` and `reducers` enter; they leave as written.

use super::super::yaml::{Node, NodeKind};
use super::contract::read_meta;
use super::read::{self, Object};
use super::steps::{named_expressions, read_steps, step_lists};
use super::{
    RawClaim, RawClaimForm, RawConcurrent, RawDelegate, RawIdempotent, RawOverride, RawProfile, RawReducer, RawSlot,
    RawSlotKind, RawText, RawUnknown, rules,
};
use crate::diagnostic::{Diagnostic, Diagnostics};

const EVENTS: &str = "a list of events and groups";

pub fn read_profile(name: &RawText, node: &Node, out: &mut Diagnostics) -> Option<RawProfile> {
    let mut object = Object::new(node, "a profile", out)?;
    let envelope = object.need("envelope", out).and_then(|node| read::text(node, out));
    let order_by = object.need("order_by", out).map(|node| read::texts(node, "a list of envelope fields", out));
    let dedup_by = object.need("dedup_by", out).and_then(|node| read::text(node, out));
    let meta = read_meta(&mut object, name.clone(), out);
    object.finish(out);
    Some(RawProfile { meta, envelope: envelope?, order_by: order_by?, dedup_by: dedup_by? })
}

pub fn read_reducer(name: &RawText, node: &Node, out: &mut Diagnostics) -> Option<RawReducer> {
    let mut object = Object::new(node, "a reducer", out)?;
    let meta = read_meta(&mut object, name.clone(), out);
    let profile = object.need("profile", out).and_then(|node| read::text(node, out));
    let consumes = object.need("consumes", out).map(|node| read::texts(node, EVENTS, out));
    let unknown = object.read("unknown", out, read_unknown);
    let partition_by = object.read("partition_by", out, read::text);
    let slots = object.need("slots", out).and_then(|node| read::members(node, "a mapping of slots", out));
    let slots = slots.unwrap_or_default().iter().filter_map(|(name, node)| read_slot(name, node, out)).collect();
    let lets = named_expressions(object.take("let"), out);
    let steps = step_lists(object.take("steps"), out);
    let parse = object.take("parse");
    let parse_eagerly = parse.is_some_and(|node| one_of(node, &["lazy", "eager"], out) == Some("eager"));
    let malformed = object.take("malformed");
    let ignore_malformed = malformed.is_some_and(|node| one_of(node, &["anomaly", "ignore"], out) == Some("ignore"));
    let idempotent = object.read("idempotent", out, read_idempotent);
    let concurrent = object.read("concurrent", out, read_concurrent);
    let delegates = object.take("delegate").and_then(|node| read::members(node, "a mapping of delegates", out));
    let delegates =
        delegates.unwrap_or_default().iter().filter_map(|(name, node)| read_delegate(name, node, out)).collect();
    let before_parse = read_steps(object.take("before_parse"), out);
    let before = read_steps(object.take("before"), out);
    let handle = step_lists(object.need("handle", out), out);
    let after = read_steps(object.take("after"), out);
    let anomalies = named_expressions(object.take("anomalies"), out);
    let anomaly_fields = named_expressions(object.take("anomaly_fields"), out);
    let claims = object.take("claims").and_then(|node| read::items(node, "a list of claims", out));
    let claims = claims.unwrap_or_default().iter().filter_map(|node| read_claim(node, out)).collect();
    object.finish(out);
    Some(RawReducer {
        meta,
        profile: profile?,
        consumes: consumes?,
        unknown,
        partition_by,
        slots,
        lets,
        steps,
        parse_eagerly,
        ignore_malformed,
        idempotent,
        concurrent,
        delegates,
        before_parse,
        before,
        handle,
        after,
        anomalies,
        anomaly_fields,
        claims,
    })
}

/// One of a few words.
fn one_of(node: &Node, words: &[&'static str], out: &mut Diagnostics) -> Option<&'static str> {
    let said = match &node.kind {
        NodeKind::Scalar(text, _) => words.iter().find(|word| *word == text).copied(),
        _ => None,
    };
    if said.is_none() {
        read::wrong_kind::<()>(node, &format!("`{}`", words.join("` or `")), out);
    }
    said
}

fn read_unknown(node: &Node, out: &mut Diagnostics) -> Option<RawUnknown> {
    let mut object = Object::new(node, "`unknown`", out)?;
    let prefixes = object.need("prefixes", out).map(|node| read::texts(node, "a list of prefixes", out));
    let anomaly = object.need("anomaly", out).and_then(|node| read::text(node, out));
    object.finish(out);
    Some(RawUnknown { prefixes: prefixes?, anomaly: anomaly? })
}

fn read_slot(name: &RawText, node: &Node, out: &mut Diagnostics) -> Option<RawSlot> {
    let slot = |kind, init, output| Some(RawSlot { name: name.clone(), kind, init, output });
    if let NodeKind::Scalar(..) = node.kind {
        return slot(RawSlotKind::Value(super::read_type(node, out)?), None, None);
    }
    let mut object = Object::new(node, "a slot", out)?;
    let ty = object.take("type").map(|node| super::read_type(node, out));
    let mut word = |key, out: &mut Diagnostics| object.take(key).map(|node| read::text(node, out));
    let (machine, count) = (word("machine", out), word("count", out));
    let (last, from) = (word("last", out), word("from", out));
    let init = object.take("init").cloned();
    let output = object.read("output", out, read::text);
    object.finish(out);
    let kinds = [ty.is_some(), machine.is_some(), count.is_some(), last.is_some(), from.is_some()];
    if kinds.iter().filter(|given| **given).count() != 1 {
        out.push(
            Diagnostic::new(&rules::CONFLICTING_KEYS, node.span, format!("what is the slot `{}`?", name.value))
                .help("give exactly one of `type`, `machine`, `count`, `last`, `from`"),
        );
        return None;
    }
    let kind = if let Some(ty) = ty {
        RawSlotKind::Value(ty?)
    } else if let Some(machine) = machine {
        RawSlotKind::Machine(machine?)
    } else if let Some(count) = count {
        RawSlotKind::Count(count?)
    } else if let Some(last) = last {
        RawSlotKind::Last(last?)
    } else {
        RawSlotKind::From(from??)
    };
    slot(kind, init, output)
}

fn read_idempotent(node: &Node, out: &mut Diagnostics) -> Option<RawIdempotent> {
    let mut object = Object::new(node, "`idempotent`", out)?;
    let key = object.need("key", out).map(|node| read::texts(node, "a list of expressions", out));
    let seen = object.need("seen", out).and_then(|node| read::text(node, out));
    let otherwise = object.need("else", out).and_then(|node| read::text(node, out));
    object.finish(out);
    Some(RawIdempotent { key: key?, seen: seen?, otherwise: otherwise? })
}

fn read_concurrent(node: &Node, out: &mut Diagnostics) -> Option<RawConcurrent> {
    const KEYS: &str = "a list of fields";
    let mut object = Object::new(node, "`concurrent`", out)?;
    let group_by = object.need("group_by", out).map(|node| read::texts(node, KEYS, out));
    let last = object.take("last").map(|node| read::texts(node, "a list of events and lets", out));
    let then_by = object.take("then_by").map(|node| read::texts(node, KEYS, out));
    let read = object.take("read");
    let reads_group_start = read.is_some_and(|node| one_of(node, &["live", "group_start"], out) == Some("group_start"));
    let override_rule = object.read("override", out, |node, out| {
        let mut object = Object::new(node, "`override`", out)?;
        let by = object.need("by", out).map(|node| read::texts(node, EVENTS, out));
        let over = object.need("over", out).map(|node| read::texts(node, EVENTS, out));
        let anomaly = object.need("anomaly", out).and_then(|node| read::text(node, out));
        object.finish(out);
        Some(RawOverride { span: node.span, by: by?, over: over?, anomaly: anomaly? })
    });
    object.finish(out);
    Some(RawConcurrent {
        span: node.span,
        group_by: group_by?,
        last: last.unwrap_or_default(),
        then_by: then_by.unwrap_or_default(),
        reads_group_start,
        override_rule,
    })
}

fn read_delegate(name: &RawText, node: &Node, out: &mut Diagnostics) -> Option<RawDelegate> {
    let mut object = Object::new(node, "a delegate", out)?;
    let reducer = object.need("reducer", out).and_then(|node| read::text(node, out));
    let anomalies_as = object.need("anomalies_as", out).and_then(|node| read::text(node, out));
    object.finish(out);
    Some(RawDelegate { name: name.clone(), reducer: reducer?, anomalies_as: anomalies_as? })
}

fn read_claim(node: &Node, out: &mut Diagnostics) -> Option<RawClaim> {
    let mut object = Object::new(node, "a claim", out)?;
    let name = object.need("name", out).and_then(|node| read::text(node, out));
    let given = object.read("given", out, read::expression);
    let after = object.take("after").map(|node| read::texts(node, EVENTS, out));
    let together = object.take("together").map(|node| read::texts(node, EVENTS, out));
    let then = object.need("then", out).and_then(|node| read::expression(node, out));
    object.finish(out);
    let form = match (after, together) {
        (Some(after), None) => RawClaimForm::After(after),
        (None, Some(together)) => RawClaimForm::Together(together),
        _ => {
            out.push(
                Diagnostic::new(&rules::MISSING_KEY, node.span, "a claim has either `after` or `together`")
                    .help("`after`: one after the other; `together`: as one concurrent group"),
            );
            return None;
        }
    };
    Some(RawClaim { span: node.span, name: name?, given, form, then: then? })
}
