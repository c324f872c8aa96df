//! Entries of `records`, `mixins`, `events` and `unions` enter; they leave as written.

use super::super::yaml::{Node, NodeKind};
use super::contract::{bare_meta, read_meta};
use super::read::{self, Object};
use super::types::{read_constraints, read_type, read_type_source};
use super::versions::read_versions;
use super::{
    RawConstraints, RawEvent, RawField, RawRecord, RawRule, RawText, RawTypeSource, RawUnion, RawUnionForm, rules,
};
use crate::diagnostic::{Diagnostic, Diagnostics};

pub fn read_record(name: &RawText, node: &Node, out: &mut Diagnostics) -> Option<RawRecord> {
    let mut object = Object::new(node, "a record", out)?;
    let record = read_body(&mut object, name, out);
    object.finish(out);
    Some(record)
}

pub fn read_mixin(name: &RawText, node: &Node, out: &mut Diagnostics) -> Option<RawRecord> {
    let mut object = Object::new(node, "a mixin", out)?;
    let fields = read_fields(&mut object, out);
    let rules = read_rules(&mut object, out);
    let meta = read_meta(&mut object, name.clone(), out);
    object.finish(out);
    Some(RawRecord { meta, mixins: Vec::new(), closed: None, fields, rules, versions: None })
}

pub fn read_event(name: &RawText, node: &Node, out: &mut Diagnostics) -> Option<RawEvent> {
    let mut object = Object::new(node, "an event", out)?;
    let named_payload = object.read("payload", out, read::text);
    let wire = object.read("wire", out, read::text);
    let payload = read_body(&mut object, name, out);
    let is_inline = !payload.fields.is_empty() || !payload.mixins.is_empty() || !payload.rules.is_empty();
    if let (true, Some(named)) = (is_inline || payload.closed.is_some() || payload.versions.is_some(), &named_payload) {
        out.push(
            Diagnostic::new(
                &rules::CONFLICTING_KEYS,
                named.span,
                "`payload` cannot stand beside `fields`, `mixins`, `rules`, `closed` or `version`",
            )
            .help("declare the payload in the record, or here"),
        );
    }
    let unreduced = object.take("reduce").is_some_and(|node| {
        let said = matches!(&node.kind, NodeKind::Scalar(text, _) if text == "none");
        if !said {
            read::wrong_kind::<()>(node, "`none`", out);
        }
        said
    });
    object.finish(out);
    Some(RawEvent { payload, named_payload, wire, unreduced })
}

fn read_body(object: &mut Object<'_>, name: &RawText, out: &mut Diagnostics) -> RawRecord {
    let meta = read_meta(object, name.clone(), out);
    let mixins = object.take("mixins").map(|node| read::texts(node, "a list of mixins", out)).unwrap_or_default();
    let closed = object.read("closed", out, read::boolean).map(|closed| closed.value);
    let fields = read_fields(object, out);
    let rules = read_rules(object, out);
    let versions = read_versions(object, out);
    RawRecord { meta, mixins, closed, fields, rules, versions }
}

fn read_fields(object: &mut Object<'_>, out: &mut Diagnostics) -> Vec<RawField> {
    let fields = object.take("fields").and_then(|node| read::members(node, "a mapping of fields", out));
    fields.unwrap_or_default().iter().filter_map(|(name, node)| read_field(name, node, out)).collect()
}

fn read_field(name: &RawText, node: &Node, out: &mut Diagnostics) -> Option<RawField> {
    if let NodeKind::Scalar(..) = node.kind {
        return Some(RawField {
            meta: bare_meta(name),
            ty: RawTypeSource::Type(read_type(node, out)?),
            constraints: RawConstraints::default(),
            required: None,
            default: None,
            required_when: None,
            forbidden_when: None,
        });
    }
    let mut object = Object::new(node, "a field", out)?;
    let ty = read_type_source(&mut object, node.span, out);
    let meta = read_meta(&mut object, name.clone(), out);
    let constraints = read_constraints(&mut object, out);
    let required = object.read("required", out, read::boolean);
    let default = object.take("default").cloned();
    let required_when = object.read("required_when", out, read::expression);
    let forbidden_when = object.read("forbidden_when", out, read::expression);
    object.finish(out);
    Some(RawField { meta, ty: ty?, constraints, required, default, required_when, forbidden_when })
}

fn read_rules(object: &mut Object<'_>, out: &mut Diagnostics) -> Vec<RawRule> {
    let rules = object.take("rules").and_then(|node| read::items(node, "a list of rules", out)).unwrap_or_default();
    rules.iter().filter_map(|node| read_rule(node, out)).collect()
}

fn read_rule(node: &Node, out: &mut Diagnostics) -> Option<RawRule> {
    const FIELDS: &str = "a field or a list of fields";
    let mut object = Object::new(node, "a rule", out)?;
    let code = object.need("code", out).and_then(|node| read::text(node, out));
    let message = object.read("message", out, read::prose);
    let when = object.read("when", out, read::expression);
    let mut fields = |key, out: &mut Diagnostics| {
        object.take(key).map(|node| read::one_or_more(node, FIELDS, out)).unwrap_or_default()
    };
    let (require, forbid) = (fields("require", out), fields("forbid", out));
    let require_nonblank = fields("require_nonblank", out);
    let check = object.read("check", out, read::expression);
    let at = object.read("at", out, read::text);
    object.finish(out);
    let conditional = when.is_some() || !(require.is_empty() && forbid.is_empty() && require_nonblank.is_empty());
    if check.is_some() && conditional {
        out.push(
            Diagnostic::new(
                &rules::CONFLICTING_KEYS,
                node.span,
                "`check` cannot stand beside `when`, `require`, `forbid` or `require_nonblank`",
            )
            .help("make two rules of it"),
        );
        return None;
    }
    if check.is_none() && require.is_empty() && forbid.is_empty() && require_nonblank.is_empty() {
        out.push(
            Diagnostic::new(&rules::MISSING_KEY, node.span, "the rule demands nothing")
                .help("add `require`, `forbid`, `require_nonblank` or `check`"),
        );
        return None;
    }
    Some(RawRule { span: node.span, code: code?, message, when, require, forbid, require_nonblank, check, at })
}

pub fn read_union(name: &RawText, node: &Node, out: &mut Diagnostics) -> Option<RawUnion> {
    let mut object = Object::new(node, "a union", out)?;
    let meta = read_meta(&mut object, name.clone(), out);
    let untagged = object.take("untagged");
    let tag = object.take("tag");
    let form = match (untagged, tag) {
        (Some(node), None) => read::items(node, "a list of types", out)
            .map(|items| RawUnionForm::Untagged(items.iter().filter_map(|item| read_type(item, out)).collect())),
        (None, Some(node)) => {
            let tag = read::text(node, out);
            let tag_type = object.read("tag_type", out, read::text);
            let default_tag = object.read("default_tag", out, read::text);
            let variants =
                object.need("variants", out).and_then(|node| read::members(node, "a mapping of variants", out));
            let variants = variants
                .unwrap_or_default()
                .iter()
                .filter_map(|(value, node)| Some((value.clone(), read::text(node, out)?)))
                .collect();
            tag.map(|tag| RawUnionForm::Tagged { tag, tag_type, default_tag, variants })
        }
        (Some(node), Some(_)) => {
            out.push(Diagnostic::new(
                &rules::CONFLICTING_KEYS,
                node.span,
                "`tag` and `untagged` cannot stand together",
            ));
            None
        }
        (None, None) => {
            out.push(
                Diagnostic::new(&rules::MISSING_KEY, node.span, "a union has neither `tag` nor `untagged`")
                    .help("add `tag:` and `variants:`, or `untagged:`"),
            );
            None
        }
    };
    object.finish(out);
    Some(RawUnion { meta, form: form? })
}
