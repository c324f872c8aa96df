//! `version` and `upcast` of a record or event enter; they leave as written.

use super::super::yaml::Node;
use super::read::{self, Object};
use super::steps::{pairs, read_value};
use super::{RawText, RawValue, rules};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::source::{Span, Spanned};

/// `version: {member, current, absent}`, and `upcast` beside it.
#[derive(Debug, Clone)]
pub struct RawVersions {
    /// Where `version` stands.
    pub span: Span,
    /// `member`: the key that holds the version.
    pub member: RawText,
    /// `current`
    pub current: Spanned<u32>,
    /// `absent`: the version of what does not say one.
    pub absent: Option<Spanned<u32>>,
    /// `upcast`
    pub upcasts: Vec<RawUpcast>,
}

/// How one version becomes the next.
#[derive(Debug, Clone)]
pub struct RawUpcast {
    /// The whole step.
    pub span: Span,
    /// `from`
    pub from: Spanned<u32>,
    /// `shape`: the record that this version was.
    pub shape: RawText,
    /// `rename`: a field of this version, and what it is called in the next.
    pub rename: Vec<(RawText, RawText)>,
    /// `set`: a field of the next version, and its value.
    pub set: Vec<(RawText, RawValue)>,
    /// `drop`: fields of this version that the next has not.
    pub drop: Vec<RawText>,
    /// `hook`: what does all of it instead.
    pub hook: Option<RawText>,
}

/// Takes both keys; none where there is no version.
pub fn read_versions(object: &mut Object<'_>, out: &mut Diagnostics) -> Option<RawVersions> {
    let version = object.take("version");
    let upcast = object.take("upcast");
    let Some(node) = version else {
        if let Some(upcast) = upcast {
            let finding = Diagnostic::new(&rules::MISSING_KEY, upcast.span, "`upcast` stands without `version`");
            out.push(finding.help("add `version: {member: .., current: ..}`"));
        }
        return None;
    };
    let steps = upcast.and_then(|node| read::items(node, "a list of upcasts", out)).unwrap_or_default();
    let upcasts = steps.iter().filter_map(|step| read_upcast(step, out)).collect();
    let mut object = Object::new(node, "`version`", out)?;
    let member = object.need("member", out).and_then(|node| read::text(node, out));
    let current = object.need("current", out).and_then(|node| read::count(node, out));
    let absent = object.read("absent", out, read::count);
    object.finish(out);
    Some(RawVersions { span: node.span, member: member?, current: current?, absent, upcasts })
}

fn read_upcast(node: &Node, out: &mut Diagnostics) -> Option<RawUpcast> {
    let mut object = Object::new(node, "an upcast", out)?;
    let from = object.need("from", out).and_then(|node| read::count(node, out));
    let shape = object.need("shape", out).and_then(|node| read::text(node, out));
    let rename = pairs(object.take("rename"), "a mapping of old to new fields", out, read::text);
    let set = pairs(object.take("set"), "a mapping of fields to values", out, |node, out| read_value(node, 0, out));
    let drop = object.take("drop").map(|node| read::one_or_more(node, "a field or a list of fields", out));
    let drop = drop.unwrap_or_default();
    let hook = object.read("hook", out, read::text);
    object.finish(out);
    if let Some(hook) = &hook
        && !(rename.is_empty() && set.is_empty() && drop.is_empty())
    {
        let message = "`hook` cannot stand beside `rename`, `set` or `drop`";
        let finding = Diagnostic::new(&rules::CONFLICTING_KEYS, hook.span, message);
        out.push(finding.help("a hook makes the whole of the next version"));
    }
    Some(RawUpcast { span: node.span, from: from?, shape: shape?, rename, set, drop, hook })
}
