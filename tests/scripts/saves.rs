//! Lines `{"events", "reducer"}` enter, the events in their order; what an incremental reducer of the crate saves behind
//! the last of them leaves, a line each.

use std::io::{BufRead, Write, stdin, stdout};

use event_contracts::support::{Json, from_value};

macro_rules! saved {
    ($family:ident :: $reducer:ident, $events:expr) => {{
        let mut reducer = event_contracts::$family::$reducer::new();
        for event in $events {
            let envelope = from_value(event).unwrap_or_else(|faults| panic!("{event}: {faults}"));
            reducer.apply(&envelope).unwrap_or_else(|error| panic!("{event}: {error}"));
        }
        reducer.save()
    }};
}

fn main() {
    let mut out = stdout().lock();
    for line in stdin().lock().lines() {
        let line = line.expect("lines are UTF-8");
        let Ok(Json::Object(asked)) = Json::from_json(line.as_bytes()) else { panic!("{line}") };
        let (Some(Json::String(reducer)), Some(Json::Array(events))) = (asked.get("reducer"), asked.get("events")) else {
            panic!("{line}")
        };
        let reducer: &str = reducer;
        let saved = include!("saves/arms.rs");
        writeln!(out, "{saved}").expect("whoever asks reads");
    }
}
