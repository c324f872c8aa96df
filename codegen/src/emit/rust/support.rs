//! The code that is the same in every crate leaves: what generated types stand on.

use crate::config::Config;
use crate::emit::{FileSet, header};

macro_rules! sources {
    ($($name:literal)*) => {
        &[$(($name, include_str!(concat!("../../../../templates/rust/support/", $name, ".rs")))),*]
    };
}

const SOURCES: &[(&str, &str)] = sources![
    "base64" "canonical" "cloudevents" "command" "containers" "decode" "doors" "events" "fault" "fold/anomaly"
    "fold/block" "fold/cell" "fold/event" "fold/folding" "fold/group" "fold/hash" "fold/ids" "fold/incremental"
    "fold/key" "fold/lines" "fold/list" "fold/map" "fold/maybe" "fold/members" "fold/mod" "fold/payload"
    "fold/replay" "fold/saved" "fold/sha256" "fold/sorted" "fold/texts" "fold/unsorted" "fold/value" "format"
    "instant" "json" "lines" "macros" "mod" "moves" "number" "path" "pattern" "reader" "record" "rule" "scan"
    "serde_door" "set" "shape" "slots" "text" "text_stage" "union" "version"
];

/// The support code, by path in its folder.
pub(super) fn support(config: &Config) -> FileSet {
    let header = header::of_package(config);
    let mut files = FileSet::default();
    for (name, source) in SOURCES {
        files.add(format!("{name}.rs"), format!("// {header}\n\n{source}"));
    }
    files
}
