//! Events enter; the body of a request leaves, plain bytes spliced in unchanged, or those compressed.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::delivery::batch::BatchEvent;

/// The body, compressed, and how long it is before that.
pub(super) fn body(events: &[&BatchEvent]) -> (Vec<u8>, usize) {
    let mut out = GzEncoder::new(Vec::new(), Compression::fast());
    let mut length = 0;
    splice(events, |bytes| {
        length += bytes.len();
        out.write_all(bytes).expect("memory takes everything");
    });
    (out.finish().expect("memory takes everything"), length)
}

/// The body as it is.
pub(super) fn plain(events: &[&BatchEvent]) -> Vec<u8> {
    let mut out = Vec::new();
    splice(events, |bytes| out.extend_from_slice(bytes));
    out
}

fn splice(events: &[&BatchEvent], mut put: impl FnMut(&[u8])) {
    put(br#"{"events":["#);
    for (at, event) in events.iter().enumerate() {
        if at > 0 {
            put(b",");
        }
        put(&event.payload);
    }
    put(b"]}");
}
