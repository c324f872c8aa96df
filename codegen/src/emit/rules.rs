//! The rules about hand-written fixtures.

use crate::diagnostic::rules;

rules! {
    FIXTURE_MANIFEST = "fixture-manifest", Error;
    FIXTURE_VERDICT = "fixture-verdict", Error;
    FIXTURE_REPLAY = "fixture-replay", Error;
}
