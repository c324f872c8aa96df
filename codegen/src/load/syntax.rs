//! An error of the YAML parser enters; what a person should read about it leaves.

use granit_parser::ErrorKind;

/// What is wrong, and the way out.
pub(super) fn words(kind: &ErrorKind) -> (String, String) {
    let (what, help) = match kind {
        ErrorKind::UnexpectedCharacter { character } => {
            return (format!("`{character}` cannot begin a value"), "quote the value".into());
        }
        ErrorKind::UnclosedFlowCollection { open } => {
            return (format!("`{open}` is not closed"), format!("close it with `{}`", closing(*open)));
        }
        ErrorKind::MismatchedFlowCollectionEnd { open, close } => {
            return (format!("`{open}` is closed by `{close}`"), format!("close it with `{}`", closing(*open)));
        }
        ErrorKind::MisplacedFlowCollectionEnd => {
            ("a bracket is closed that none opened", "remove it, or quote the value")
        }
        ErrorKind::TabNotAllowed | ErrorKind::TabInBlockIndentation | ErrorKind::TabInIndentation => {
            ("a tab cannot indent", "indent with spaces")
        }
        ErrorKind::MappingValueNotAllowed => {
            ("`:` stands where no key can be", "quote the value, or give the mapping lines of its own")
        }
        ErrorKind::SimpleKeyExpected => ("a key has no `:` and no value", "write `key: value`"),
        ErrorKind::ExpectedBlockMappingKey | ErrorKind::InvalidIndentation => {
            ("this line is indented like none that it could belong to", "align it with the keys around it")
        }
        ErrorKind::UnclosedQuotedScalar | ErrorKind::InvalidQuotedScalarIndent => {
            ("a quoted text has no end", "end it with the quote that it begins with")
        }
        ErrorKind::InvalidTrailingSingleQuotedScalar => {
            ("something stands behind a quoted text", "write `''` for a quote inside single quotes")
        }
        ErrorKind::InvalidTrailingDoubleQuotedScalar => {
            ("something stands behind a quoted text", "write `\\\"` for a quote inside double quotes")
        }
        ErrorKind::UnknownQuotedScalarEscape => {
            ("unknown escape in a double-quoted text", "write `\\\\` for a backslash, or use single quotes")
        }
        ErrorKind::InvalidLowSurrogate | ErrorKind::MissingLowSurrogate | ErrorKind::UnpairedLowSurrogate => {
            ("half of a surrogate pair is no character", "write the character itself")
        }
        other => return (other.to_string(), "`codegen explain yaml-syntax` says more".into()),
    };
    (what.into(), help.into())
}

fn closing(open: char) -> char {
    if open == '[' { ']' } else { '}' }
}
