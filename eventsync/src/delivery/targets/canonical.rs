//! An endpoint as somebody wrote it enters; its one spelling leaves, the same for all that differ in looks alone.

use std::fmt::Write as _;

use super::InvalidTargetUrl;
use crate::target::address;

/// The canonical spelling: scheme and host in small letters and ASCII, no default port, no `/` at the end of the path, no
/// query, no fragment. The path is significant.
///
/// # Errors
/// [`InvalidTargetUrl`]: it is empty, malformed, names a user or a port that is none.
pub fn canonical_url(given: &str) -> Result<String, InvalidTargetUrl> {
    let trimmed = given.trim();
    let read = address::parse(trimmed).or_else(|reason| match in_ascii(trimmed) {
        // A host that IDNA cannot encode is still a host: it gets a spelling of its own.
        Some(spelled) => address::parse(&spelled),
        None => Err(reason),
    });
    let mut url = read.map_err(|reason| InvalidTargetUrl { url: given.to_owned(), reason })?;
    url.set_query(None);
    url.set_fragment(None);
    Ok(url.as_str().trim_end_matches('/').to_owned())
}

/// The same URL, with what is not ASCII in its authority written by its code point; none where there is nothing such.
fn in_ascii(url: &str) -> Option<String> {
    let (scheme, rest) = url.split_once("://")?;
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    if authority.is_ascii() {
        return None;
    }
    let mut out = format!("{scheme}://");
    for each in authority.chars() {
        if each.is_ascii() {
            out.push(each);
        } else {
            write!(out, "_u{:04x}_", u32::from(each)).expect("a string takes all");
        }
    }
    out.push_str(path);
    Some(out)
}
