//! The rules about what no target holds.

use crate::diagnostic::rules;

rules! {
    REDUCER_NOT_GENERATED = "reducer-not-generated", Warning;
}
