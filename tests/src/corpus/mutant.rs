//! A value enters; a text near it leaves: one or a few things in it are changed, or the text itself is broken.

use codegen::json::{Value, canonical};

use super::random::Random;

/// Values that readers trip over.
const HOSTILE: &[&str] = &[
    "null",
    "true",
    "false",
    "0",
    "1",
    "-1",
    "-0.0",
    "1.0",
    "1.5",
    "1e2",
    "100",
    "9007199254740991",
    "9007199254740992",
    "-9007199254740993",
    "1e300",
    "5e-324",
    "\"\"",
    "\" \"",
    "\"\\t\\n\"",
    "\"\\u0000\"",
    "\"\\u0085\"",
    "\"\\u2028\"",
    "\"é\"",
    "\"😀\"",
    "\"1\"",
    "\"-0\"",
    "\"01\"",
    "\"9223372036854775807\"",
    "\"9223372036854775808\"",
    "\"-9223372036854775809\"",
    "\"18446744073709551616\"",
    "\"toString\"",
    "\"2026-02-29T00:00:00Z\"",
    "\"2026-01-01T00:00:60Z\"",
    "\"HTTP://a\"",
    "\"https://a.-b.c\"",
    "\"1.0.0-01\"",
    "[]",
    "[[]]",
    "[null]",
    "{}",
    "{\"__proto__\":1}",
    "[1,1.0]",
];

/// Keys that hosts give a meaning of their own.
const KEYS: &[&str] =
    &["x", "", "__proto__", "constructor", "toString", "a/b~c", "~1", "0", "10", "9", "é", "😀", "～", "kind", "v"];

/// The JSON text of a neighbour of `value`.
pub fn mutant(value: &Value, random: &mut Random) -> Vec<u8> {
    let mut changed = value.clone();
    for _ in 0..=random.below(3) {
        let place = random.below(size(&changed));
        change(&mut changed, place, random);
    }
    let text = canonical(&changed);
    if random.once_in(6) { broken(&text, random) } else { text.into_bytes() }
}

/// How many values stand in a value, itself included.
fn size(value: &Value) -> usize {
    1 + match value {
        Value::Array(items) => items.iter().map(size).sum(),
        Value::Object(members) => members.values().map(size).sum::<usize>(),
        _ => 0,
    }
}

/// Changes the value at `place`, counted from the outside.
fn change(value: &mut Value, mut place: usize, random: &mut Random) {
    if place == 0 {
        return change_here(value, random);
    }
    place -= 1;
    let children: Vec<&mut Value> = match value {
        Value::Array(items) => items.iter_mut().collect(),
        Value::Object(members) => members.values_mut().collect(),
        _ => Vec::new(),
    };
    for child in children {
        let inside = size(child);
        if place < inside {
            return change(child, place, random);
        }
        place -= inside;
    }
}

fn change_here(value: &mut Value, random: &mut Random) {
    match value {
        _ if random.once_in(4) => *value = hostile(random),
        Value::Number(number) => {
            let near = [*number + 1.0, *number - 1.0, *number * 2.0, *number + 0.5, -*number, *number * 1e17];
            *value = Value::from(*random.pick(&near));
        }
        Value::String(text) => *value = near_text(text, random).into(),
        Value::Array(items) => change_items(items, random),
        Value::Object(members) => {
            let keys: Vec<String> = members.keys().cloned().collect();
            match random.below(5) {
                0 => _ = members.insert((*random.pick(KEYS)).to_owned(), hostile(random)),
                1 if !keys.is_empty() => {
                    let member = members.remove(random.pick(&keys)).expect("a key of it");
                    members.insert((*random.pick(KEYS)).to_owned(), member);
                }
                2 if !keys.is_empty() => {
                    let key = random.pick(&keys);
                    let twin = if random.once_in(2) { key.to_uppercase() } else { format!("{key} ") };
                    let member = members[key].clone();
                    members.insert(twin, member);
                }
                3 if !keys.is_empty() => {
                    let member = members[random.pick(&keys)].clone();
                    members.insert(random.pick(&keys).clone(), member);
                }
                _ if !keys.is_empty() => _ = members.remove(random.pick(&keys)),
                _ => {}
            }
        }
        Value::Null | Value::Bool(_) => *value = hostile(random),
    }
}

fn change_items(items: &mut Vec<Value>, random: &mut Random) {
    let chosen = if items.is_empty() { hostile(random) } else { random.pick(items).clone() };
    match random.below(5) {
        0 => items.push(chosen),
        1 => items.push(hostile(random)),
        2 => _ = items.pop(),
        3 => items.reverse(),
        _ => items.extend(vec![if random.once_in(2) { chosen } else { hostile(random) }; 120]),
    }
}

fn near_text(text: &str, random: &mut Random) -> String {
    let mut characters: Vec<char> = text.chars().collect();
    let at = random.below(characters.len() + 1);
    match random.below(8) {
        0 => return format!("{text}\n"),
        1 => return format!(" {text}"),
        2 => return text.to_uppercase(),
        3 => return text.to_lowercase(),
        4 => return text.repeat(2),
        5 => _ = characters.drain(at..),
        6 => characters.insert(at, *random.pick(&['x', '0', '-', '.', '/', ' ', 'é', '\u{2028}', '\u{7f}', '😀'])),
        _ if at < characters.len() => _ = characters.remove(at),
        _ => {}
    }
    characters.into_iter().collect()
}

fn hostile(random: &mut Random) -> Value {
    codegen::json::read(random.pick(HOSTILE).as_bytes()).expect("hostile values are JSON")
}

/// A text that stage T may refuse.
fn broken(text: &str, random: &mut Random) -> Vec<u8> {
    let mut bytes = text.as_bytes().to_vec();
    let at = random.below(bytes.len());
    match random.below(9) {
        0 => _ = bytes.remove(at),
        1 => bytes.insert(at, *random.pick(b"\"\\{}[],:0e-. \t\xff\x00\x0c")),
        2 => return spelled(text, "1e400", random),
        3 => return spelled(text, "\"\\ud800\"", random),
        4 => return spelled(text, "{\"a\":1,\"\\u0061\":2}", random),
        5 => return spelled(text, "100e-2", random),
        6 => return spelled(text, &("[".repeat(64) + &"]".repeat(64)), random),
        7 => bytes.truncate(at),
        _ => bytes.extend_from_slice(random.pick::<&[u8]>(&[b" ", b"\n", b"\x00", b",", b"{}", b"\xef\xbb\xbf"])),
    }
    bytes
}

/// The text with another spelling of a value behind one of its colons.
fn spelled(text: &str, spelling: &str, random: &mut Random) -> Vec<u8> {
    let colons: Vec<usize> = text.match_indices("\":").map(|(at, _)| at + 2).collect();
    if colons.is_empty() {
        return spelling.as_bytes().to_vec();
    }
    let start = *random.pick(&colons);
    let end = text[start..].find([',', '}']).map_or(text.len(), |length| start + length);
    [&text.as_bytes()[..start], spelling.as_bytes(), &text.as_bytes()[end..]].concat()
}
