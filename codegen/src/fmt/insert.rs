//! The text of a contract and a new declaration enter; the text with it behind the others leaves, else as it was.

use super::Declaration;
use crate::diagnostic::Diagnostics;
use crate::load::yaml::{Node, NodeKind, parse};
use crate::source::SourceMap;

/// Appends a declaration to a section of a contract, and the section where there is none. A text in the canonical layout
/// stays in it; of any other the layout is kept. None where there is no line to put it on: the section, or the whole
/// contract, is written in brackets.
pub fn insert(text: &str, section: &str, declaration: &Declaration) -> Option<String> {
    let (sources, root) = read(text)?;
    let NodeKind::Mapping(sections) = &root.kind else { return None };
    let (first, _) = sections.first()?;
    if text[root.span.start as usize..].starts_with('{') {
        return None;
    }
    let margin = column(text, first.span.start as usize);
    let (at, indent, before) = match sections.iter().find(|(key, _)| key.value == section) {
        None => (text.len(), margin + 2, format!("\n{}{section}:\n", " ".repeat(margin))),
        Some((_, others)) => {
            let NodeKind::Mapping(members) = &others.kind else { return None };
            let (last, _) = members.last().filter(|_| !text[others.span.start as usize..].starts_with('{'))?;
            let start = last.span.start as usize;
            let indent = column(text, start);
            let before = members[..members.len() - 1].last();
            let above = before.map_or("", |(_, value)| &text[end(text, value)..start - indent]);
            let is_apart = above.lines().skip(1).any(|line| line.trim().is_empty());
            let at = behind_comments(text, line_end(text, end(text, others)), indent);
            (at, indent, if is_apart { "\n".to_owned() } else { String::new() })
        }
    };
    let break_before = if text[..at].ends_with(['\n', '\r']) { "" } else { "\n" };
    let added = format!("{break_before}{before}{}", declaration.at(indent));
    let added = if text.contains("\r\n") { added.replace('\n', "\r\n") } else { added };
    let changed = format!("{}{added}{}", &text[..at], &text[at..]);
    let is_canonical = canonical(&sources, &root).is_some_and(|layout| layout == text);
    let layout = is_canonical.then(|| read(&changed)).flatten().and_then(|(sources, root)| canonical(&sources, &root));
    Some(layout.unwrap_or(changed))
}

/// The tree of a text without any mistake: of another one, a layout would leave something out.
fn read(text: &str) -> Option<(SourceMap, Node)> {
    let (mut sources, mut found) = (SourceMap::default(), Diagnostics::default());
    let file = sources.add("", text);
    let root = parse(&sources, file, &mut found).filter(|_| found.is_empty())?;
    Some((sources, root))
}

fn canonical(sources: &SourceMap, root: &Node) -> Option<String> {
    super::format(sources, root, &mut Diagnostics::default())
}

/// Characters before `offset` on its line.
fn column(text: &str, offset: usize) -> usize {
    offset - text[..offset].rfind(['\n', '\r']).map_or(0, |end| end + 1)
}

/// Where the last character of a value ends that is no space.
fn end(text: &str, node: &Node) -> usize {
    let inside = match &node.kind {
        _ if text[node.span.start as usize..].starts_with(['{', '[']) => node.span.end as usize,
        NodeKind::Scalar(..) => node.span.end as usize,
        NodeKind::Sequence(items) => items.last().map_or(node.span.end as usize, |item| end(text, item)),
        NodeKind::Mapping(members) => {
            members.last().map_or(node.span.end as usize, |(key, value)| end(text, value).max(key.span.end as usize))
        }
    };
    text[..inside].trim_end().len()
}

/// Where the line ends that holds `offset`, its break included.
fn line_end(text: &str, offset: usize) -> usize {
    let rest = &text[offset..];
    let Some(length) = rest.find(['\n', '\r']) else { return text.len() };
    offset + length + if rest[length..].starts_with("\r\n") { 2 } else { 1 }
}

/// Behind the comments below `offset` that stand at least as far right as declarations do: they are about these.
fn behind_comments(text: &str, offset: usize, indent: usize) -> usize {
    let (mut behind, mut at) = (offset, offset);
    while at < text.len() {
        let end = line_end(text, at);
        let line = text[at..end].trim_end();
        let is_comment = line.trim_start().starts_with('#') && line.len() - line.trim_start().len() >= indent;
        if is_comment && indent > 0 {
            behind = end;
        } else if !line.is_empty() {
            break;
        }
        at = end;
    }
    behind
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "language: 1\ncontract: parcel\nversion: 1.0.0\n";

    fn event(name: &str, fields: &[(&str, &str)], doc: Option<&str>) -> Declaration {
        let fields: Vec<_> = fields.iter().map(|(name, ty)| ((*name).to_owned(), (*ty).to_owned())).collect();
        Declaration::new(name).doc(doc).fields(&fields)
    }

    fn inserted(rest: &str, fields: &[(&str, &str)], doc: Option<&str>) -> Option<String> {
        let changed = insert(&format!("{HEAD}{rest}"), "events", &event("ParcelLost", fields, doc))?;
        Some(changed.strip_prefix(HEAD).expect("what stands above stays").to_owned())
    }

    #[test]
    fn comments_and_layout_stay_as_they_were() {
        let before = "events:\n   # first\n   A:   {}   # an event\n\n   B:\n      doc: |\n        Two\n        # lines.\n   # behind\n";
        let after = "# of groups\ngroups: {All: [A]}\n";
        assert_eq!(
            inserted(&format!("{before}{after}"), &[("id", "string")], None).as_deref(),
            Some(format!("{before}\n   ParcelLost:\n     fields:\n       id: string\n{after}").as_str())
        );
    }

    #[test]
    fn a_canonical_contract_stays_canonical() {
        let before = "\nevents:\n  A: {fields: {id: string}}  # of it\n# the end\n";
        let fields = [("id", "string"), ("weight", "{type: int, min: 0}")];
        let after = "\nevents:\n  A: {fields: {id: string}}  # of it\n  ParcelLost:\n    doc: Nobody finds it.\n    fields:\n      \
                     id:     string\n      weight: {type: int, min: 0}\n# the end\n";
        assert_eq!(inserted(before, &fields, Some("Nobody finds it.")).as_deref(), Some(after));
    }

    #[test]
    fn a_section_is_made_where_there_is_none() {
        assert_eq!(inserted("", &[], None).as_deref(), Some("\nevents:\n  ParcelLost: {}\n"));
        assert_eq!(
            inserted("doc:   A text", &[], Some("It: is lost.")).as_deref(),
            Some("doc:   A text\n\nevents:\n  ParcelLost:\n    doc: \"It: is lost.\"\n")
        );
    }

    #[test]
    fn brackets_have_no_line_for_it() {
        assert_eq!(inserted("events: {A: {}}\n", &[], None), None);
        let whole = "{language: 1, contract: parcel, version: 1.0.0}";
        assert_eq!(insert(whole, "events", &event("A", &[], None)), None);
    }

    #[test]
    fn lines_end_as_the_others_do() {
        let changed = insert("a: b\r\nevents:\r\n  A: {}\r\n", "events", &event("B", &[], None));
        assert_eq!(changed.as_deref(), Some("a: b\r\nevents:\r\n  A: {}\r\n  B: {}\r\n"));
    }
}
