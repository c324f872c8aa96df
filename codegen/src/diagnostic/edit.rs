//! A change of a text enters; the characters that it replaces leave.

use crate::source::Span;

/// A change of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// What is replaced.
    pub span: Span,
    /// By what.
    pub text: String,
}

impl Edit {
    /// Start and end of what is replaced in its file. What is removed takes its comma along, or the line that it leaves
    /// empty.
    pub fn extent(&self, text: &str) -> (usize, usize) {
        let (start, end) = (self.span.start as usize, self.span.end as usize);
        if !self.text.is_empty() {
            return (start, end);
        }
        let (before, rest) = (text[..start].trim_end_matches([' ', '\t']), &text[end..]);
        let blanks = rest.len() - rest.trim_start_matches([' ', '\t']).len();
        if let Some(behind) = rest[blanks..].strip_prefix(',') {
            let blanks = behind.len() - behind.trim_start_matches([' ', '\t']).len();
            return (start, text.len() - behind.len() + blanks);
        }
        if before.ends_with(',') {
            return (before.len() - 1, end);
        }
        let ends_line = rest[blanks..].is_empty() || rest[blanks..].starts_with(['\r', '\n']);
        let item = before.strip_suffix('-').map_or(before, |dash| dash.trim_end_matches([' ', '\t']));
        if ends_line && (item.is_empty() || item.ends_with('\n')) {
            return (item.len(), end + rest.find('\n').map_or(rest.len(), |at| at + 1));
        }
        (if ends_line { before.len() } else { start }, end)
    }
}
