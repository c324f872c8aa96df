//! Do the hooks answer as their vectors say?

use LIBRARY::conformance::text_of;
use LIBRARY::hooks;
use LIBRARY::support::{Faults, Json, from_value, to_json};

// ANSWER

#[test]
fn every_hook_answers_as_its_vectors_say() {
    // A crate that was generated without fixtures carries no vectors.
    let Some(text) = text_of("generated/hooks.json") else { return };
    let Ok(Json::Object(file)) = Json::from_json(text.as_bytes()) else { panic!("{text}") };
    let Json::Array(vectors) = &file["vectors"] else { panic!("{text}") };
    assert!(!vectors.is_empty());
    for vector in vectors {
        let Json::Object(vector) = vector else { panic!("{vector:?}") };
        let (Json::String(hook), Json::Array(args)) = (&vector["hook"], &vector["args"]) else {
            panic!("{vector:?}")
        };
        assert_eq!(answer(hook, args), Ok(vector["returns"].to_json()), "{hook} of {args:?}");
    }
}
