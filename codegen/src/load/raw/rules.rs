//! The rules about the shape of a contract.

use crate::diagnostic::rules;

rules! {
    UNKNOWN_KEY = "unknown-key", Error;
    MISSING_KEY = "missing-key", Error;
    WRONG_KIND = "wrong-kind", Error;
    CONFLICTING_KEYS = "conflicting-keys", Error;
    INT_RANGE = "int-range", Error;
    TYPE_SYNTAX = "type-syntax", Error;
    TEXT_BIDI = "text-bidi", Error;
    LANGUAGE_VERSION = "language-version", Error;
}
