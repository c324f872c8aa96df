//! A path that a contract or the configuration names enters; a refusal leaves where it could not exist everywhere, or
//! could lead out of its root.

use super::rules;
use crate::diagnostic::{Diagnostic, Rule};
use crate::source::Span;
use crate::source::characters::{is_device, is_refused_in_source};

/// What is wrong with a path that stands at `place`: it has to be relative, `/` between plain segments, possible on
/// every system.
pub fn fault(path: &str, place: Span) -> Option<Diagnostic> {
    let (rule, what, help) = judge(path)?;
    Some(Diagnostic::new(rule, place, format!("the path `{}` {what}", path.escape_debug())).help(help))
}

fn judge(path: &str) -> Option<(&'static Rule, &'static str, &'static str)> {
    let bytes = path.as_bytes();
    let drive = bytes.len() > 1 && bytes[0].is_ascii_alphabetic() && bytes[1] == b':';
    let absolute = path.starts_with('/') || path.starts_with('\\') || drive && !path.contains("://");
    let segments = || path.split('/');
    if absolute {
        Some((&rules::PATH_ABSOLUTE, "is absolute", "write it relative to the folder of `codegen.toml`"))
    } else if segments().any(|segment| segment == "..") {
        Some((&rules::PATH_OUTSIDE, "could lead out of the project", "write it without `..`"))
    } else if !segments().all(is_plain) {
        let help =
            "use segments without spaces at their ends and without any of `\\ : * ? \" < > | ~`, `/` between them";
        Some((&rules::PATH_CHARACTER, "cannot exist on every system", help))
    } else if segments().any(is_device) {
        Some((&rules::PATH_RESERVED, "names a device on Windows", "choose another name"))
    } else {
        None
    }
}

/// Neither empty nor `.`, no character that a file system or a shell takes for something else, no end that one drops.
fn is_plain(segment: &str) -> bool {
    let special = |c: char| r#"\:*?"<>|~"#.contains(c) || c.is_whitespace() && c != ' ' || is_refused_in_source(c);
    !segment.is_empty() && !segment.starts_with(' ') && !segment.ends_with([' ', '.']) && !segment.contains(special)
}
