//! Events enter; the body of a request leaves, plain bytes spliced in unchanged, or those compressed.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::delivery::batch::BatchEvent;

/// The body, compressed, and how long it is before that.
pub(super) fn body(events: &[&BatchEvent]) -> (Vec<u8>, usize) {
    let plain = plain(events);
    let mut out = GzEncoder::new(Vec::new(), Compression::fast());
    // At once: each write costs the compressor a cleared buffer.
    out.write_all(&plain).expect("memory takes everything");
    (out.finish().expect("memory takes everything"), plain.len())
}

/// The body as it is.
pub(super) fn plain(events: &[&BatchEvent]) -> Vec<u8> {
    let mut out = br#"{"events":["#.to_vec();
    for (at, event) in events.iter().enumerate() {
        if at > 0 {
            out.push(b',');
        }
        out.extend_from_slice(&event.payload);
    }
    out.extend_from_slice(b"]}");
    out
}
