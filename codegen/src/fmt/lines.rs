//! Lines with their comments enter; a text leaves in which neighbouring comments stand in one column.

/// One line of the layout.
#[derive(Debug, Default)]
pub(super) struct Line {
    /// Whether an empty line stands before it.
    pub blank_before: bool,
    /// Spaces before it.
    pub indent: usize,
    /// What is no comment; may be empty.
    pub code: String,
    /// From its `#` on.
    pub comment: Option<String>,
}

impl Line {
    /// Columns without the comment.
    fn width(&self) -> usize {
        self.indent + self.code.chars().count()
    }

    /// Whether a comment stands behind something.
    fn has_remark(&self) -> bool {
        self.comment.is_some() && !self.code.is_empty()
    }
}

/// The text of the lines.
pub(super) fn joined(lines: &[Line]) -> String {
    let mut text = String::new();
    let mut column = 0;
    for (at, line) in lines.iter().enumerate() {
        if line.has_remark() && (line.blank_before || at == 0 || !lines[at - 1].has_remark()) {
            let rest = lines[at + 1..].iter().take_while(|line| line.has_remark() && !line.blank_before);
            column = rest.map(Line::width).max().unwrap_or_default().max(line.width()) + 2;
        }
        if line.blank_before {
            text.push('\n');
        }
        let start = text.len();
        text.extend(std::iter::repeat_n(' ', line.indent));
        text += &line.code;
        if let Some(comment) = &line.comment {
            if !line.code.is_empty() {
                text.extend(std::iter::repeat_n(' ', column - line.width()));
            }
            text += comment;
        }
        text.truncate(start + text[start..].trim_end().len());
        text.push('\n');
    }
    text
}
