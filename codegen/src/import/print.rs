//! A contract as written enters; its text leaves, in brackets where that is short: `fmt` lays it out.

use std::fmt::Write;

use super::yaml_text::{block, expression, list, prose, quoted, type_text, value, word};
use crate::load::raw::{
    RawConstraints, RawContract, RawDeprecated, RawEnum, RawEvent, RawField, RawMembers, RawMeta, RawRecord, RawRule,
    RawText, RawTypeSource, RawUnion, RawUnionForm,
};

/// The members of a mapping as they are written.
#[derive(Default)]
struct Members(Vec<(String, String)>);

impl Members {
    fn put(&mut self, key: &str, value: impl Into<String>) {
        self.0.push((key.to_owned(), value.into()));
    }

    fn put_some(&mut self, key: &str, value: Option<impl Into<String>>) {
        if let Some(value) = value {
            self.put(key, value);
        }
    }

    /// A text for people, over several lines where it has them.
    fn put_prose(&mut self, key: &str, text: Option<&RawText>) {
        let Some(text) = text else { return };
        match block(&text.value) {
            Some(lines) => self.put(key, format!("|-\n{}", lines.join("\n"))),
            None => self.put(key, prose(&text.value)),
        }
    }

    fn inline(&self) -> String {
        format!("{{{}}}", list(self.0.iter().map(|(key, value)| format!("{key}: {value}"))))
    }

    /// The members below a key: in brackets where all of them are short, and `wide` is not asked for.
    fn print(&self, head: &str, indent: usize, wide: bool, out: &mut String) {
        let margin = " ".repeat(indent);
        if self.0.is_empty() || !wide && self.0.iter().all(|(_, value)| !value.contains('\n')) {
            writeln!(out, "{margin}{head} {}", self.inline()).expect("a string takes all");
            return;
        }
        writeln!(out, "{margin}{head}").expect("a string takes all");
        for (key, value) in &self.0 {
            // What has lines of its own stands further right.
            let mut lines = value.split('\n');
            writeln!(out, "{margin}  {key}: {}", lines.next().unwrap_or_default()).expect("a string takes all");
            for line in lines {
                let line = if line.is_empty() { String::new() } else { format!("{margin}    {line}") };
                writeln!(out, "{line}").expect("a string takes all");
            }
        }
    }
}

/// The whole text.
pub(super) fn contract(contract: &RawContract) -> String {
    let mut out =
        format!("language: 1\ncontract: {}\nversion: {}\n", word(&contract.name.value), word(&contract.version.value));
    section(&mut out, "scalars", &contract.scalars, |scalar, out| {
        let mut members = Members::default();
        members.put("base", scalar.base.value.as_str());
        constraints(&scalar.constraints, &mut members);
        members.put_some("default", scalar.default.as_ref().map(value));
        texts(&scalar.meta, &mut members);
        members.print(&head(&scalar.meta), 2, false, out);
    });
    section(&mut out, "types", &contract.types, |ty, out| {
        let mut members = Members::default();
        source(&ty.ty, &mut members);
        constraints(&ty.constraints, &mut members);
        texts(&ty.meta, &mut members);
        short(&members, &head(&ty.meta), 2, out);
    });
    section(&mut out, "enums", &contract.enums, enumeration);
    section(&mut out, "records", &contract.records, |record, out| {
        let mut members = Members::default();
        texts(&record.meta, &mut members);
        print_record(record, members, &head(&record.meta), out);
    });
    section(&mut out, "unions", &contract.unions, union);
    section(&mut out, "events", &contract.events, event);
    out
}

fn section<T>(out: &mut String, name: &str, items: &[T], mut print: impl FnMut(&T, &mut String)) {
    if items.is_empty() {
        return;
    }
    writeln!(out, "\n{name}:").expect("a string takes all");
    for item in items {
        print(item, out);
    }
}

fn head(meta: &RawMeta) -> String {
    format!("{}:", word(&meta.name.value))
}

/// A mapping, or the only member of one that says its type.
fn short(members: &Members, head: &str, indent: usize, out: &mut String) {
    match members.0.as_slice() {
        [(key, ty)] if key == "type" => writeln!(out, "{}{head} {ty}", " ".repeat(indent)).expect("a string takes all"),
        _ => members.print(head, indent, false, out),
    }
}

fn texts(meta: &RawMeta, members: &mut Members) {
    members.put_prose("title", meta.title.as_ref());
    members.put_prose("doc", meta.doc.as_ref());
    members.put_some("since", meta.since.as_ref().map(|since| word(&since.value)));
    members.put_some("deprecated", meta.deprecated.as_ref().map(deprecation));
    if !meta.examples.is_empty() {
        members.put("examples", format!("[{}]", list(meta.examples.iter().map(value))));
    }
}

fn deprecation(deprecated: &RawDeprecated) -> String {
    let mut members = Members::default();
    members.put("since", word(&deprecated.since.value));
    members.put("reason", prose(&deprecated.reason.value));
    members.put_some("use", deprecated.replacement.as_ref().map(|name| word(&name.value)));
    members.inline()
}

fn source(source: &RawTypeSource, members: &mut Members) {
    match source {
        RawTypeSource::Type(ty) => members.put("type", type_text(ty)),
        RawTypeSource::External { schema, name } => {
            members.put("external", format!("{{schema: {}, type: {}}}", word(&schema.value), word(&name.value)));
        }
    }
}

fn constraints(constraints: &RawConstraints, members: &mut Members) {
    let bounds = [
        ("min", &constraints.min),
        ("exclusive_min", &constraints.exclusive_min),
        ("max", &constraints.max),
        ("exclusive_max", &constraints.exclusive_max),
    ];
    for (key, bound) in bounds {
        members.put_some(key, bound.as_ref().map(value));
    }
    let number = |count: &Option<crate::source::Spanned<u32>>| count.map(|count| count.value.to_string());
    members.put_some("min_length", number(&constraints.min_length));
    members.put_some("max_length", number(&constraints.max_length));
    members.put_some("non_blank", constraints.non_blank.map(|flag| flag.value.to_string()));
    members.put_some("format", constraints.format.as_ref().map(|format| word(&format.value)));
    members.put_some("pattern", constraints.pattern.as_ref().map(|pattern| quoted(&pattern.value)));
    members.put_some("min_items", number(&constraints.min_items));
    members.put_some("max_items", number(&constraints.max_items));
}

fn field(field: &RawField) -> (String, Members) {
    let mut members = Members::default();
    source(&field.ty, &mut members);
    constraints(&field.constraints, &mut members);
    members.put_some("required", field.required.map(|required| required.value.to_string()));
    members.put_some("default", field.default.as_ref().map(value));
    texts(&field.meta, &mut members);
    (head(&field.meta), members)
}

fn print_record(record: &RawRecord, mut members: Members, head: &str, out: &mut String) {
    if record.closed == Some(true) {
        members.put("closed", "true");
    }
    let margin = "    ";
    if record.fields.is_empty() {
        members.put("fields", "{}");
        members.print(head, 2, members.0.len() > 1, out);
    } else {
        if members.0.is_empty() {
            writeln!(out, "  {head}").expect("a string takes all");
        } else {
            members.print(head, 2, true, out);
        }
        writeln!(out, "{margin}fields:").expect("a string takes all");
        for one in &record.fields {
            let (head, members) = field(one);
            short(&members, &head, 6, out);
        }
    }
    if !record.rules.is_empty() {
        writeln!(out, "{margin}rules:").expect("a string takes all");
        for rule in &record.rules {
            writeln!(out, "{margin}  - {}", rule_text(rule)).expect("a string takes all");
        }
    }
}

fn rule_text(rule: &RawRule) -> String {
    let mut members = Members::default();
    members.put("code", word(&rule.code.value));
    members.put_some("when", rule.when.as_ref().map(|when| expression(&when.value)));
    for (key, names) in
        [("require", &rule.require), ("forbid", &rule.forbid), ("require_nonblank", &rule.require_nonblank)]
    {
        match names.as_slice() {
            [] => {}
            [one] => members.put(key, word(&one.value)),
            several => members.put(key, words(several)),
        }
    }
    members.put_some("check", rule.check.as_ref().map(|check| expression(&check.value)));
    members.put_some("at", rule.at.as_ref().map(|at| word(&at.value)));
    members.put_some("message", rule.message.as_ref().map(|message| prose(&message.value)));
    members.inline()
}

fn words(texts: &[RawText]) -> String {
    format!("[{}]", list(texts.iter().map(|text| word(&text.value))))
}

fn enumeration(item: &RawEnum, out: &mut String) {
    let values = item.values.iter().map(|one| {
        let mut members = Members::default();
        members.put("value", word(&one.value.value));
        members.put_some("name", one.name.as_ref().map(|name| word(&name.value)));
        members.put_some("doc", one.doc.as_ref().map(|doc| prose(&doc.value)));
        members.put_some("deprecated", one.deprecated.as_ref().map(deprecation));
        if members.0.len() == 1 { word(&one.value.value) } else { members.inline() }
    });
    let values = format!("[{}]", list(values));
    let mut members = Members::default();
    texts(&item.meta, &mut members);
    let is_bare = members.0.is_empty();
    members.put("values", values.as_str());
    if !item.aliases.is_empty() {
        let aliases = item.aliases.iter().map(|(alias, of)| format!("{}: {}", word(&alias.value), word(&of.value)));
        members.put("aliases", format!("{{{}}}", list(aliases)));
    }
    if !item.sets.is_empty() {
        let sets = item.sets.iter().map(|(name, set)| format!("{}: {}", word(&name.value), set_text(set)));
        members.put("sets", format!("{{{}}}", list(sets)));
    }
    if !item.maps.is_empty() {
        let maps = item.maps.iter().map(|map| {
            let cases = map.cases.iter().map(|(to, of)| format!("{}: {}", word(&to.value), words(of)));
            let to = std::iter::once(format!("to: {}", word(&map.to.value)));
            format!("{}: {{{}}}", word(&map.name.value), list(to.chain(cases)))
        });
        members.put("maps", format!("{{{}}}", list(maps)));
    }
    members.put_some("rank", item.rank.as_ref().map(|rank| words(&rank.value)));
    let head = head(&item.meta);
    if is_bare && members.0.len() == 1 {
        writeln!(out, "  {head} {values}").expect("a string takes all");
    } else {
        members.print(&head, 2, true, out);
    }
}

fn set_text(set: &RawMembers) -> String {
    match set {
        RawMembers::List(values) => words(values),
        RawMembers::Named(name) => word(&name.value),
        RawMembers::Not(inner) => format!("{{not: {}}}", set_text(inner)),
    }
}

fn union(union: &RawUnion, out: &mut String) {
    let mut members = Members::default();
    texts(&union.meta, &mut members);
    match &union.form {
        RawUnionForm::Tagged { tag, tag_type, default_tag, variants } => {
            members.put("tag", word(&tag.value));
            members.put_some("tag_type", tag_type.as_ref().map(|name| word(&name.value)));
            members.put_some("default_tag", default_tag.as_ref().map(|text| word(&text.value)));
            let variants = variants.iter().map(|(text, name)| format!("{}: {}", word(&text.value), word(&name.value)));
            members.put("variants", format!("{{{}}}", list(variants)));
        }
        RawUnionForm::Untagged(types) => members.put("untagged", format!("[{}]", list(types.iter().map(type_text)))),
    }
    members.print(&head(&union.meta), 2, false, out);
}

fn event(event: &RawEvent, out: &mut String) {
    let mut members = Members::default();
    texts(&event.payload.meta, &mut members);
    members.put_some("wire", event.wire.as_ref().map(|wire| word(&wire.value)));
    let head = head(&event.payload.meta);
    match &event.named_payload {
        Some(name) => {
            members.put("payload", word(&name.value));
            members.print(&head, 2, false, out);
        }
        None => print_record(&event.payload, members, &head, out),
    }
}
