//! Prose and values enter, TypeScript doc blocks, comments and literals leave.

use super::markdown;
use super::text::{common_escape, quoted, utf16_escape};

/// A doc block, each line indented and ended by LF, with tags of ours (`deprecated`) behind the text. Nothing to say
/// gives nothing.
pub fn doc_block(text: &str, tags: &[(&'static str, &str)], indent: usize) -> String {
    let mut lines: Vec<String> = markdown::lines(text).iter().map(|line| inert(line)).collect();
    for (tag, note) in tags {
        if !lines.is_empty() {
            lines.push(String::new());
        }
        lines.push(format!("@{tag} {}", inert(&markdown::inline(note))).trim_end().to_owned());
    }
    let pad = " ".repeat(indent);
    match lines.as_slice() {
        [] => String::new(),
        [line] => format!("{pad}/** {line} */\n"),
        lines => {
            let mut out = format!("{pad}/**\n");
            for line in lines {
                out.push_str(format!("{pad} * {line}").trim_end());
                out.push('\n');
            }
            out + &pad + " */\n"
        }
    }
}

/// A string literal, also safe inside a `script` element.
pub fn string(text: &str) -> String {
    quoted(text, common_escape, utf16_escape)
        .replace("</", "<\\/")
        .replace("<!--", "\\x3c!--")
        .replace("//#", "//\\x23")
        .replace("//@", "//\\x40")
}

/// A line comment without its LF; the text stands in quotes, so that no tool takes it for a directive.
pub fn comment(text: &str) -> String {
    format!("// {}", string(text).replace('@', "\\x40").replace('#', "\\x23"))
}

/// What ends a block comment or begins a tag, spelled so that Markdown shows the same.
fn inert(line: &str) -> String {
    line.replace("*/", "*\\/").replace('@', "\\@").replace("//#", "//\\#")
}
