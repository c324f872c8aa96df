//! A line that is a whole event enters; the id that it gives itself leaves, and what is wrong with its envelope and with
//! the payload in it.

use std::io;

use super::canonical;
use super::decode::{Decoder, got};
use super::fault::{Code, Faults, Params};
use super::json::{Json, Object};
use super::lines::{MOST_LINE_BYTES, mismatch};
use super::path::Path;
use super::reader::{Broken, Read, Reader};
use super::shape::Kind;
use super::slots::Slot;
use super::text_stage::{self, MOST_BYTES};

/// A record that is what events travel in.
#[derive(Debug)]
pub struct Envelope {
    /// Its name in the contracts.
    pub name: &'static str,
    /// What it may be.
    pub kind: &'static Kind,
    /// The member that identifies an event.
    pub id: Option<&'static str>,
}

/// The envelope of this name; without a name the only one.
///
/// # Errors
/// `NotFound` where there is none, `InvalidInput` where a name is needed.
pub(super) fn find<'e>(envelopes: &'e [Envelope], name: &str) -> io::Result<&'e Envelope> {
    let wanted = envelopes.iter().find(|envelope| envelope.name == name);
    let (kind, message) = match (envelopes, wanted) {
        ([], _) => {
            let message = "no contract declares an envelope: a record with a text `event_type` and an object `payload`";
            (io::ErrorKind::NotFound, message.to_owned())
        }
        (_, Some(found)) => return Ok(found),
        ([only], None) if name.is_empty() => return Ok(only),
        ([first, ..], None) if name.is_empty() => {
            let message = format!("there are several envelopes; say which, as in `--envelope={}`", first.name);
            (io::ErrorKind::InvalidInput, message)
        }
        (all, None) => {
            let names: Vec<&str> = all.iter().map(|envelope| envelope.name).collect();
            (io::ErrorKind::NotFound, format!("there is no envelope `{name}`; there are {}", names.join(", ")))
        }
    };
    Err(io::Error::new(kind, message))
}

/// Judges a line: its id, null where it has none that can be read, and its verdict.
pub(super) fn judge(
    line: &[u8],
    envelope: &Envelope,
    find: &impl Fn(&str) -> Option<&'static Kind>,
) -> (Json, Result<(), Faults>) {
    let broken = |Broken| Err(text_stage::diagnose(line, MOST_LINE_BYTES));
    let (text, event) = match text_stage::open(line, MOST_LINE_BYTES).and_then(|text| Ok((text, value(text)?))) {
        Err(error) => return (Json::Null, broken(error)),
        Ok((text, Json::Object(event))) => (text, event),
        Ok((text, _)) => return (Json::Null, Err(mismatch("object", got(text.trim_start().as_bytes()[0])))),
    };
    let id = envelope.id.and_then(|id| event.get(id)).cloned().unwrap_or(Json::Null);
    (id, verdict(text, &event, envelope, find).unwrap_or_else(broken))
}

fn value(text: &str) -> Read<Json> {
    let mut reader = Reader::new(text);
    reader.space();
    let value = reader.json()?;
    reader.finish()?;
    Ok(value)
}

fn verdict(
    text: &str,
    event: &Object,
    envelope: &Envelope,
    find: &impl Fn(&str) -> Option<&'static Kind>,
) -> Read<Result<(), Faults>> {
    let mut whole = Decoder::new(text);
    whole.reader.space();
    let mut slot = Slot::None;
    whole.value(envelope.kind, &mut slot, &Path::Root)?;
    // A good envelope is looked at with its defaults filled in, another one as it came.
    let decoded = (whole.found.total() == 0).then(|| {
        let mut out = String::new();
        canonical::slot(envelope.kind, &slot, &mut out);
        Json::of_checked(&out)
    });
    let event = match &decoded {
        Some(Json::Object(event)) => event,
        _ => event,
    };
    let mut found = whole.found;
    if let Some(Json::String(event_type)) = event.get("event_type") {
        match (find(event_type), event.get("payload")) {
            (None, _) => found.add(&Path::Key(&Path::Root, "event_type"), Code::UnionTag, Params::None),
            (Some(kind), Some(Json::Object(payload))) => {
                let place = Path::Key(&Path::Root, "payload");
                let payload = payload.to_json();
                if text.len() > MOST_BYTES && payload.len() > MOST_BYTES {
                    found.add(&place, Code::TooLarge, Params::None);
                } else {
                    let mut decoder = Decoder::new(&payload);
                    decoder.found = found;
                    decoder.value(kind, &mut Slot::None, &place)?;
                    found = decoder.found;
                }
            }
            _ => {}
        }
    }
    Ok(found.report())
}
