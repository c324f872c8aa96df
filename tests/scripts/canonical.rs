//! Lines `{"event_type", "payload_text"}` enter; the canonical text of each payload leaves, by way of its type.

use std::io;

use event_contracts::Event;
use event_contracts::support::Json;

fn main() {
    for line in io::stdin().lines() {
        let line = line.expect("lines are UTF-8");
        let Ok(Json::Object(case)) = Json::from_json(line.as_bytes()) else { panic!("no object: {line}") };
        let (Some(Json::String(event_type)), Some(Json::String(payload))) =
            (case.get("event_type"), case.get("payload_text"))
        else {
            panic!("no case: {line}")
        };
        let event = Event::from_json(event_type, payload.as_bytes()).unwrap_or_else(|faults| panic!("{faults}: {line}"));
        assert!(!matches!(event, Event::Unknown { .. }), "{line}");
        println!("{}", event.to_json());
    }
}
