//! Text enters, literals and names of standard SQL leave.

/// A string literal.
pub fn string(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// A name in quotes, whatever an unquoted one of the same letters would mean.
pub fn name(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}
