//! A payload enters; the hash of what it says leaves: spacing, the order of members and the spelling of numbers do not count.

use event_contracts::support::Json;
use sha2::{Digest, Sha256};

/// SHA-256 of the canonical text; of the bytes as they are where they are no JSON, name a member twice, or are larger or
/// deeper than any contract allows.
pub fn fingerprint(payload: &[u8]) -> [u8; 32] {
    match Json::from_json(payload) {
        Ok(json) => Sha256::digest(json.to_json()).into(),
        Err(_) => Sha256::digest(payload).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::fingerprint;

    #[test]
    fn only_what_is_said_counts() {
        let same = |one: &str, other: &str| assert_eq!(fingerprint(one.as_bytes()), fingerprint(other.as_bytes()));
        same(r#"{"a":1,"b":[1.0,"x"]}"#, " { \"b\" : [1, \"\\u0078\"],\n\"a\" : 10e-1 } ");
        let differs = |one: &str, other: &str| assert_ne!(fingerprint(one.as_bytes()), fingerprint(other.as_bytes()));
        differs(r#"{"a":1}"#, r#"{"a":"1"}"#);
        differs("[1,2]", "[2,1]");
        // Which of the two members counts is not ours to say: the bytes are compared.
        differs(r#"{"a":1,"a":2}"#, r#"{"a":2}"#);
        differs(r#"{"a":1,"a":2}"#, r#"{"a":1, "a":2}"#);
        differs("not json", "not  json");
        same("", "");
    }
}
