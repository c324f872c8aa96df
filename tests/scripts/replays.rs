//! Lines `{"in_order", "lines", "partition", "reducer", "skip_invalid"}` enter; `{"bad", "state"}` leaves for each: what is
//! told about lines that cannot be used, and the state that the crate makes of the others, or null.

use std::io::{BufRead, Write, stdin, stdout};

use event_contracts::replay_lines;
use event_contracts::support::fold::{BadLine, ReplayOptions};
use event_contracts::support::Json;

fn main() {
    let mut out = stdout().lock();
    for line in stdin().lock().lines() {
        let line = line.expect("lines are UTF-8");
        let Ok(Json::Object(asked)) = Json::from_json(line.as_bytes()) else { panic!("{line}") };
        let (Some(Json::String(reducer)), Some(Json::Array(lines))) = (asked.get("reducer"), asked.get("lines")) else {
            panic!("{line}")
        };
        let mut log = Vec::new();
        for one in lines {
            let Json::String(one) = one else { panic!("{line}") };
            log.extend_from_slice(one.as_bytes());
            log.push(b'\n');
        }
        let is_set = |name: &str| asked.get(name) == Some(&Json::Bool(true));
        let options = ReplayOptions {
            partition: is_set("partition"),
            sorted: is_set("in_order"),
            skip_invalid: is_set("skip_invalid"),
        };
        let replayed = replay_lines(reducer, &log[..], options).expect("memory is read");
        let bad = Json::Array(replayed.bad.iter().map(|bad| Json::String(told(bad).into())).collect());
        let state = replayed.state.unwrap_or("null".into());
        writeln!(out, "{{\"bad\":{},\"state\":{state}}}", bad.to_json()).expect("whoever asks reads");
    }
}

fn told(bad: &BadLine) -> String {
    let Some(faults) = &bad.faults else { return format!("line {}: sorts before the line above it", bad.line) };
    let faults = faults.as_slice().iter().map(|fault| format!("{} at \"{}\"", fault.code.as_str(), fault.path));
    format!("line {}: {}", bad.line, faults.collect::<Vec<_>>().join(", "))
}
