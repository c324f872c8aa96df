//! The code that is the same in every package leaves: what the modules of families are made of.

use crate::config::Config;
use crate::emit::{FileSet, header};

macro_rules! sources {
    ($($name:literal)*) => {
        &[$(($name, include_str!(concat!("../../../../templates/typescript/support/", $name, ".ts")))),*]
    };
}

const SOURCES: &[(&str, &str)] = sources![
    "anomalies"
    "canonical"
    "cells"
    "cloudevents"
    "containers"
    "enums"
    "errors"
    "events"
    "expressions"
    "fold"
    "formats"
    "groups"
    "incremental"
    "index"
    "instants"
    "json"
    "lines"
    "log"
    "machines"
    "order"
    "records"
    "reductions"
    "replay"
    "rules"
    "saved"
    "scalars"
    "schema"
    "sha256"
    "shapes"
    "standard"
    "text"
    "unions"
    "values"
    "versions"
];

/// The support code, by path in its folder.
pub(super) fn support(config: &Config) -> FileSet {
    let header = header::of_package(config);
    let mut files = FileSet::default();
    for (name, source) in SOURCES {
        files.add(format!("{name}.ts"), format!("// {header}\n\n{source}"));
    }
    files
}
