//! Does the installed package decide as its fixtures say?

use LIBRARY::conformance::{codes_and_paths, generated_lines, generated_replays, list_fixtures, load_fixtures};
use LIBRARY::support::fold::ReplayOptions;
use LIBRARY::support::{Json, validate_lines};
use LIBRARY::{Event, list_schemas, load_schema, payload_kind, replay_lines, validate};

#[test]
fn written_payloads_are_accepted_and_refused_as_the_manifest_says() {
    for case in list_fixtures() {
        let Some(event_type) = case.text_of("event_type") else { continue };
        let text = case.text.as_bytes();
        match case.text_of("expected_result") {
            Some("valid") => {
                let event =
                    Event::from_json(event_type, text).unwrap_or_else(|faults| panic!("{}: {faults}", case.path));
                let again = Event::from_json(event_type, event.to_json().as_bytes());
                assert_eq!(again.as_ref(), Ok(&event), "{}: a round trip changes nothing", case.path);
            }
            Some("invalid") => {
                let faults = validate(event_type, text).expect_err(case.path);
                let expected = case.expected_errors();
                if !expected.is_empty() {
                    assert_eq!(codes_and_paths(faults.as_slice()), expected, "{}", case.path);
                }
            }
            _ => {}
        }
    }
}

#[test]
fn generated_lines_are_answered_as_they_say() {
    for line in generated_lines() {
        let mut answer = Vec::new();
        validate_lines(line.as_bytes(), &mut answer, payload_kind).expect("memory takes all");
        let answer = String::from_utf8(answer).expect("answers are text");
        let said = Json::from_json(line.as_bytes()).expect("a fixture is JSON");
        let Json::Object(mut said) = said else { panic!("{line}") };
        said.retain(|key, _| matches!(&**key, "errors" | "id" | "valid"));
        assert_eq!(answer.trim_end(), said.to_json(), "{line}");
    }
}

#[test]
fn accepted_payloads_leave_as_they_came() {
    for line in generated_lines() {
        let Ok(Json::Object(case)) = Json::from_json(line.as_bytes()) else {
            panic!("{line}")
        };
        let (event_type, payload) = (&case["event_type"], &case["payload"]);
        let Json::String(event_type) = event_type else { panic!("{line}") };
        let Ok(event) = Event::from_json(event_type, payload.to_json().as_bytes()) else { continue };
        assert_eq!(case["valid"], Json::Bool(true), "{line}");
        let again = Event::from_json(event_type, event.to_json().as_bytes());
        assert_eq!(again.as_ref(), Ok(&event), "{line}");
        if let Some(current) = case.get("current") {
            assert_eq!(event.to_json(), current.to_json(), "{line}");
        }
    }
}

/// The state that a reducer makes of a log.
fn state(reducer: &str, log: &[u8], partition: bool) -> String {
    let options = ReplayOptions { partition, ..ReplayOptions::default() };
    let replayed = replay_lines(reducer, log, options).unwrap_or_else(|error| panic!("{reducer}: {error}"));
    replayed.state.unwrap_or_else(|| panic!("{reducer}: {:?}", replayed.bad))
}

#[test]
fn written_logs_give_the_states_of_the_manifest() {
    for case in list_fixtures() {
        for golden in case.goldens() {
            let state = state(&golden.reducer, case.text.as_bytes(), golden.partition);
            assert_eq!(state, golden.state, "{} by {}", case.path, golden.reducer);
        }
    }
}

#[test]
fn generated_logs_give_the_states_that_they_say() {
    for line in generated_replays() {
        let Ok(Json::Object(case)) = Json::from_json(line.as_bytes()) else { panic!("{line}") };
        let (Json::String(reducer), Json::Array(events)) = (&case["reducer"], &case["events"]) else {
            panic!("{line}")
        };
        let log: String = events.iter().flat_map(|event| [event.to_json(), "\n".to_owned()]).collect();
        let partition = case.get("partition") == Some(&Json::Bool(true));
        assert_eq!(state(reducer, log.as_bytes(), partition), case["state"].to_json(), "{line}");
    }
}

#[test]
fn what_is_not_there_is_not_found() {
    assert!(load_fixtures("no such category", None).is_err());
    assert!(list_schemas().all(|name| load_schema(name).is_some()));
    assert!(load_schema("no such schema").is_none());
}
