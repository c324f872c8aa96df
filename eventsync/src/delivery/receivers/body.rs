//! Events enter; the body of a request leaves, plain bytes spliced in unchanged and compressed.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::delivery::batch::BatchEvent;

/// The body, compressed, and how long it is before that.
pub(super) fn body(events: &[&BatchEvent]) -> (Vec<u8>, usize) {
    let mut out = GzEncoder::new(Vec::new(), Compression::fast());
    let mut length = 0;
    let mut put = |bytes: &[u8]| {
        length += bytes.len();
        out.write_all(bytes).expect("memory takes everything");
    };
    put(br#"{"events":["#);
    for (at, event) in events.iter().enumerate() {
        if at > 0 {
            put(b",");
        }
        put(&event.payload);
    }
    put(b"]}");
    (out.finish().expect("memory takes everything"), length)
}
