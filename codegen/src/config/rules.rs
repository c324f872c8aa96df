//! The rules about `codegen.toml` and about paths.

use crate::diagnostic::rules;

rules! {
    CONFIG_SYNTAX = "config-syntax", Error;
    CONFIG_UNKNOWN_KEY = "config-unknown-key", Error;
    CONFIG_TYPE = "config-type", Error;
    CONFIG_VALUE = "config-value", Error;
    CONFIG_OVERLAP = "config-overlap", Error;
    PATH_ABSOLUTE = "path-absolute", Error;
    PATH_OUTSIDE = "path-outside", Error;
    PATH_CHARACTER = "path-character", Error;
    PATH_RESERVED = "path-reserved", Error;
}
