//! A name of a contract enters, the same words in the casing of a target leave.
//!
//! Keywords and names that a target's own code has taken are that target's subject (`names.rs` of each emitter).

/// `snake_case`, as in modules, functions and fields.
pub fn snake(name: &str) -> String {
    led_by('v', join(name, "_", str::to_ascii_lowercase))
}

/// `SCREAMING_SNAKE_CASE`, as in constants and members of Python enums.
pub fn screaming(name: &str) -> String {
    led_by('V', join(name, "_", str::to_ascii_uppercase))
}

/// `PascalCase`, as in types and members of Rust enums.
pub fn pascal(name: &str) -> String {
    led_by('V', join(name, "", capitalised))
}

/// `camelCase`, as in functions of TypeScript.
pub fn camel(name: &str) -> String {
    let pascal = join(name, "", capitalised);
    let first = words(name).first().map_or(0, |word| word.len());
    led_by('v', pascal[..first].to_ascii_lowercase() + &pascal[first..])
}

/// The words of a name: parted by whatever is no ASCII letter or digit, before a capital that follows a small letter
/// or digit, and before the last capital of a run that goes on in small letters (`WPStatus` is `WP`, `Status`).
pub fn words(name: &str) -> Vec<&str> {
    name.split(|c: char| !c.is_ascii_alphanumeric()).filter(|part| !part.is_empty()).flat_map(humps).collect()
}

fn humps(part: &str) -> Vec<&str> {
    let bytes = part.as_bytes();
    let begins = |at: usize| {
        bytes[at].is_ascii_uppercase()
            && (!bytes[at - 1].is_ascii_uppercase() || bytes.get(at + 1).is_some_and(u8::is_ascii_lowercase))
    };
    let mut found = Vec::new();
    let mut start = 0;
    for at in 1..bytes.len() {
        if begins(at) {
            found.push(&part[start..at]);
            start = at;
        }
    }
    found.push(&part[start..]);
    found
}

fn join(name: &str, separator: &str, word: impl Fn(&str) -> String) -> String {
    words(name).into_iter().map(word).collect::<Vec<_>>().join(separator)
}

fn capitalised(word: &str) -> String {
    let (first, rest) = word.split_at(1);
    first.to_ascii_uppercase() + &rest.to_ascii_lowercase()
}

/// No identifier begins with a digit.
fn led_by(letter: char, name: String) -> String {
    if name.starts_with(|c: char| c.is_ascii_digit()) { format!("{letter}{name}") } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_parted_where_a_reader_parts_them() {
        assert_eq!(words("WPStatusChanged"), ["WP", "Status", "Changed"]);
        assert_eq!(words("fooBar"), ["foo", "Bar"]);
        assert_eq!(words("FOO_3_3"), ["FOO", "3", "3"]);
        assert_eq!(words("OAuth2Token"), ["O", "Auth2", "Token"]);
        assert_eq!(words("s\u{441}ope"), ["s", "ope"]);
        assert!(words("=").is_empty());
    }

    #[test]
    fn each_casing_has_its_own_look() {
        let cases = [
            ("ConnectorHealthChecked", "connector_health_checked", "ConnectorHealthChecked", "connectorHealthChecked"),
            ("2fa", "v2fa", "V2fa", "v2fa"),
            ("in progress", "in_progress", "InProgress", "inProgress"),
            ("__proto__", "proto", "Proto", "proto"),
            ("wp_lane", "wp_lane", "WpLane", "wpLane"),
        ];
        for (name, snaked, pascaled, cameled) in cases {
            assert_eq!((&*snake(name), &*pascal(name), &*camel(name)), (snaked, pascaled, cameled));
            assert_eq!(screaming(name), snaked.to_ascii_uppercase());
        }
    }
}
