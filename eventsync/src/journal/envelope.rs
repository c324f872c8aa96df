//! The bytes of an envelope enter; what the journal has to know of them leaves.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

/// What the outside of an envelope says. Members of another kind than expected count as absent: the server judges them.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Head {
    event_id: Text,
    event_type: Text,
    timestamp: Text,
    project_uuid: Text,
    project_slug: Text,
    repo_slug: Text,
    data_tier: Text,
}

impl Head {
    /// Reads the outside of an envelope; its payload may hold anything that is nested as JSON is.
    pub fn read(envelope: &[u8]) -> Result<Self, serde_json::Error> {
        // serde takes a list for a struct.
        if envelope.iter().find(|byte| !byte.is_ascii_whitespace()) != Some(&b'{') {
            return Err(serde::de::Error::custom("it is no JSON object"));
        }
        serde_json::from_slice(envelope)
    }

    /// What identifies the event.
    pub fn event_id(&self) -> Option<&str> {
        self.event_id.said()
    }

    /// The type of the event.
    pub fn event_type(&self) -> Option<&str> {
        self.event_type.said()
    }

    /// When it happened, as it is written.
    pub fn timestamp(&self) -> Option<&str> {
        self.timestamp.said()
    }

    /// The project that it belongs to, in lower case, where what is written is a UUID.
    pub fn project_uuid(&self) -> Option<String> {
        self.project_uuid.said().filter(|text| is_uuid(text)).map(str::to_ascii_lowercase)
    }

    /// That project as people call it.
    pub fn project_slug(&self) -> Option<&str> {
        self.project_slug.said()
    }

    /// The repository.
    pub fn repo_slug(&self) -> Option<&str> {
        self.repo_slug.said()
    }

    /// How far the event may be shared; 0 where nothing is said, or less than that.
    pub fn data_tier(&self) -> i64 {
        self.data_tier.1.unwrap_or(0).max(0)
    }
}

/// Whether a text is a UUID in its usual form.
pub fn is_uuid(text: &str) -> bool {
    let dashes = [8, 13, 18, 23];
    text.len() == 36
        && text
            .bytes()
            .enumerate()
            .all(|(at, byte)| if dashes.contains(&at) { byte == b'-' } else { byte.is_ascii_hexdigit() })
}

/// The same envelope with another id: every other byte stays as it is.
pub fn with_event_id(envelope: &[u8], event_id: &str) -> Option<Vec<u8>> {
    #[derive(Deserialize)]
    struct Id<'a> {
        #[serde(borrow)]
        event_id: &'a RawValue,
    }
    let found: Id<'_> = serde_json::from_slice(envelope).ok()?;
    let raw = found.event_id.get();
    // The raw value is borrowed from the envelope, so its address says where it stands.
    let start = (raw.as_ptr() as usize).checked_sub(envelope.as_ptr() as usize)?;
    let quoted = serde_json::to_string(event_id).ok()?;
    Some([&envelope[..start], quoted.as_bytes(), &envelope[start + raw.len()..]].concat())
}

/// A text or an integer, or anything else that is passed over.
#[derive(Debug, Default)]
struct Text(Option<String>, Option<i64>);

impl Text {
    fn said(&self) -> Option<&str> {
        self.0.as_deref().filter(|text| !text.is_empty())
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Anything)
    }
}

struct Anything;

impl<'de> Visitor<'de> for Anything {
    type Value = Text;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_str<E>(self, text: &str) -> Result<Text, E> {
        Ok(Text(Some(text.to_owned()), None))
    }

    fn visit_bool<E>(self, _: bool) -> Result<Text, E> {
        Ok(Text::default())
    }

    fn visit_i64<E>(self, number: i64) -> Result<Text, E> {
        Ok(Text(None, Some(number)))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Text, E> {
        Ok(Text(None, i64::try_from(number).ok()))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Text, E> {
        Ok(Text::default())
    }

    fn visit_unit<E>(self) -> Result<Text, E> {
        Ok(Text::default())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Text, A::Error> {
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Text::default())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Text, A::Error> {
        while members.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Text::default())
    }
}

#[cfg(test)]
mod tests {
    use super::{Head, with_event_id};

    #[test]
    fn another_id_leaves_every_other_byte() {
        let envelope = br#"{ "payload":{"event_id":"x"},  "event_id" : "a\u0041", "n":1.50 }"#;
        let changed = with_event_id(envelope, "b\"c").expect("an envelope with an id");
        assert_eq!(changed, br#"{ "payload":{"event_id":"x"},  "event_id" : "b\"c", "n":1.50 }"#);
    }

    #[test]
    fn members_of_another_kind_count_as_absent() {
        let head =
            Head::read(br#"{"event_id":7,"event_type":[1],"timestamp":{"a":1},"project_uuid":"no","data_tier":"2"}"#);
        let head = head.expect("an object");
        assert_eq!((head.event_id(), head.event_type(), head.timestamp()), (None, None, None));
        assert_eq!((head.project_uuid(), head.data_tier()), (None, 0));
    }

    #[test]
    fn a_payload_of_lone_surrogates_or_broken_text_hides_nothing() {
        let head =
            Head::read(b"{\"event_id\":\"a\",\"payload\":{\"x\":\"\\ud800 \xff\"}}").expect("the outside is sound");
        assert_eq!(head.event_id(), Some("a"));
    }
}
