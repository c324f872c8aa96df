//! Badges enter; what their letters say leaves.

use crate::labels::{Badge, Kind, Visitor};

pub fn has_check_digit(badge: Badge) -> bool {
    let [first, second, .., last] = badge.as_str().as_bytes() else { return false };
    let [first, second] = [first, second].map(|letter| u32::from(letter - b'A'));
    u32::from(last - b'0') == (first + 9 * second) % 10
}

pub fn visitor_kind(visitor: Visitor, note: Option<Box<str>>) -> Kind {
    match (visitor, note.as_deref()) {
        (_, Some(note)) if note.starts_with("guest") => Kind::Guest,
        (_, Some("staff")) => Kind::Staff,
        (Visitor::Badge(badge), _) if badge.as_str() < "N" => Kind::Staff,
        _ => Kind::Guest,
    }
}
