//! The rules about what no target holds, and about hand-written fixtures.

use crate::diagnostic::rules;

rules! {
    REDUCER_NOT_GENERATED = "reducer-not-generated", Warning;
    FIXTURE_MANIFEST = "fixture-manifest", Error;
    FIXTURE_VERDICT = "fixture-verdict", Error;
    FIXTURE_REPLAY = "fixture-replay", Error;
}
