//! Findings with the changes that put them right enter; the texts of their files with all of them made leave.

use std::collections::BTreeMap;

use crate::diagnostic::{Diagnostic, Edit};
use crate::source::{FileId, SourceMap};

/// The new text of each file that changes. Of changes that overlap the first is made; a later run finds the others.
pub fn fixed(sources: &SourceMap, findings: &[&Diagnostic]) -> Vec<(FileId, String)> {
    let mut by_file: BTreeMap<FileId, Vec<&Edit>> = BTreeMap::new();
    for edit in findings.iter().flat_map(|finding| &finding.fix) {
        by_file.entry(edit.span.file).or_default().push(edit);
    }
    by_file.into_iter().map(|(file, edits)| (file, edited(sources.text(file), edits))).collect()
}

fn edited(text: &str, mut edits: Vec<&Edit>) -> String {
    edits.sort_by_key(|edit| (edit.span.start, edit.span.end));
    let (mut edited, mut behind) = (String::new(), 0);
    for edit in edits {
        let (start, end) = edit.extent(text);
        if start < behind {
            continue;
        }
        edited += &text[behind..start];
        edited += &edit.text;
        behind = end;
    }
    edited + &text[behind..]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Span;

    /// The text with the part between the brackets `‹›` replaced.
    fn replaced(marked: &str, by: &str) -> String {
        let start = marked.find('‹').unwrap();
        let end = marked.find('›').unwrap() - '‹'.len_utf8();
        let text = marked.replace(['‹', '›'], "");
        let file = SourceMap::default().add("x.yaml", text.as_str());
        edited(&text, vec![&Edit { span: Span::new(file, start, end), text: by.to_owned() }])
    }

    #[test]
    fn what_is_removed_takes_along_what_only_it_needed() {
        for (marked, expected) in [
            ("a: [‹b›, c]\n", "a: [c]\n"),
            ("a: [b, ‹c›]\n", "a: [b]\n"),
            ("a: [‹b›]\n", "a: []\n"),
            ("a: {‹b: 1›, c: 2}\n", "a: {c: 2}\n"),
            ("a:\n  - ‹b›\n  - c\n", "a:\n  - c\n"),
            ("a:\n  ‹b: 1›\n  c: 2\n", "a:\n  c: 2\n"),
            ("a: b  ‹# c›\nd: e\n", "a: b\nd: e\n"),
            ("  ‹# c›\r\nd: e\n", "d: e\n"),
            ("a: b\n‹# c›", "a: b\n"),
        ] {
            assert_eq!(replaced(marked, ""), expected, "{marked}");
        }
        assert_eq!(replaced("a: {b: ‹{type: c}›}", "c"), "a: {b: c}");
    }
}
