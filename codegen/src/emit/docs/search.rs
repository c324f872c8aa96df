//! Pages enter; the script leaves that searches them in the browser, with all it has to know in it.

use super::page::{Block, Inline, Page};
use crate::emit::encode::typescript::string;

/// One entry a heading that names a declaration, and one a field or value.
pub(super) fn script(pages: &[Page], header: &str) -> String {
    let mut entries = Vec::new();
    for page in pages {
        let mut place = (String::new(), page.title.clone());
        entries.push(entry(&page.title, "page", &format!("{}.html", page.file), ""));
        for block in &page.blocks {
            match block {
                Block::Heading { anchor, title, kind, .. } if !kind.is_empty() => {
                    place = (anchor.clone(), title.clone());
                    entries.push(entry(title, kind, &format!("{}.html#{anchor}", page.file), &page.title));
                }
                Block::Table { head, rows } => {
                    let what = head.first().and_then(|cell| cell.first());
                    let Some(Inline::Text(kind)) = what else { continue };
                    let kind = kind.as_str();
                    if !matches!(kind, "field" | "value" | "anomaly" | "arg") {
                        continue;
                    }
                    for row in rows {
                        if let Some(Inline::Code(name)) = row[0].first() {
                            let link = format!("{}.html#{}", page.file, place.0);
                            entries.push(entry(name, kind, &link, &place.1));
                        }
                    }
                }
                _ => {}
            }
        }
    }
    let script = include_str!("../../../../templates/docs/search.js");
    format!("// {header}\nconst ENTRIES = [\n{}];\n\n{script}", entries.concat())
}

fn entry(name: &str, kind: &str, href: &str, within: &str) -> String {
    let [name, kind, href, within] = [name, kind, href, within].map(string);
    format!("  [{name}, {kind}, {href}, {within}],\n")
}
