//! The text of a plain scalar enters; how readers of YAML would take it leaves.

use std::sync::LazyLock;

use regex::Regex;

/// Whether some reader of YAML 1.1 or 1.2 takes this plain scalar for something else than a text, so that it has to be
/// quoted where a text is meant.
pub fn ambiguous(text: &str) -> bool {
    static OTHER_THAN_TEXT: LazyLock<Regex> = LazyLock::new(|| {
        whole(&[
            CORE,
            // 1.1 booleans, the merge key and the default value.
            "[yYnN]|yes|Yes|YES|no|No|NO|on|On|ON|off|Off|OFF|<<|=",
            // Between brackets some readers take `?a` for a key.
            r"\?.*",
            // 1.1 integers: binary, octal, with underscores, in base 60.
            "[-+]?0b[01_]+|[-+]?[0-9][0-9_]*|[-+]?0x[0-9a-fA-F_]+|[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+",
            // 1.1 floats.
            r"[-+]?([0-9][0-9_]*\.[0-9_]*|\.[0-9_]+)([eE][-+]?[0-9]+)?|[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+\.[0-9_]*",
            // 1.1 dates and instants.
            r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}",
            concat!(
                r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt]|[ \t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}",
                r"(\.[0-9]*)?([ \t]*(Z|[-+][0-9]{1,2}(:?[0-9]{2})?))?",
            ),
        ])
    });
    OTHER_THAN_TEXT.is_match(text)
}

/// Whether YAML 1.2 itself takes this plain scalar for null, a boolean or a number.
pub(super) fn not_text(text: &str) -> bool {
    static CORE_ALONE: LazyLock<Regex> = LazyLock::new(|| whole(&[CORE]));
    CORE_ALONE.is_match(text)
}

/// What the YAML 1.2 core schema takes for null, a boolean or a number.
const CORE: &str = concat!(
    "|~|null|Null|NULL|true|True|TRUE|false|False|FALSE",
    r"|[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+",
    r"|[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?",
    r"|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)",
);

fn whole(alternatives: &[&str]) -> Regex {
    Regex::new(&format!("^(?:{})$", alternatives.join("|"))).expect("the pattern is fixed")
}

#[cfg(test)]
mod tests {
    use super::{ambiguous, not_text};

    #[test]
    fn texts_that_every_reader_takes_for_text() {
        for text in ["a", "1.0.0", "none", "nul", "Y es", "0x", "1e", "-", "a.b", "12:30pm", "2001-01-01x", "<", "=="] {
            assert!(!ambiguous(text), "{text}");
        }
    }

    #[test]
    fn only_the_core_schema_is_certain() {
        for text in ["", "~", "true", "1", "0o7", "1.5e3", ".inf"] {
            assert!(not_text(text) && ambiguous(text), "{text}");
        }
        for text in
            ["no", "on", "1_000", "12:30", "2001-01-01", "2001-1-1T1:00:00Z", "=", "<<", "?a", "0b1", "190:20:30.15"]
        {
            assert!(!not_text(text) && ambiguous(text), "{text}");
        }
    }
}
