//! A URL as somebody wrote it enters; its parts leave, if it says the same to every reader.

use url::{Host, Url};

/// Reads an address of HTTP. What readers of URLs repair each in their own way is refused: other slashes, missing ones,
/// white space, a user.
///
/// # Errors
/// What is wrong with it.
pub fn parse(given: &str) -> Result<Url, &'static str> {
    if given.chars().any(|each| each.is_whitespace() || each.is_control() || each == '\\') {
        return Err("it holds white space, a control character or a backslash");
    }
    let (scheme, rest) = given.split_once("://").ok_or("it is no URL; write `https://` and a host")?;
    if !["http", "https"].contains(&scheme.to_ascii_lowercase().as_str()) {
        return Err("it is neither https nor http");
    }
    if rest.starts_with(['/', '?', '#', ':']) || rest.is_empty() {
        return Err("it has no host");
    }
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if authority.contains('@') {
        return Err("it holds a user or a password, and URLs are shown and kept");
    }
    if authority.ends_with(':') {
        return Err("it has no port behind the colon");
    }
    Url::parse(given).map_err(|_| "its host or port is malformed")
}

/// Whether an address is one of this machine.
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name.eq_ignore_ascii_case("localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}
