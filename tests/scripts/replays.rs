//! Lines `{"lines", "partition", "reducer"}` enter; `{"bad", "state"}` leaves for each: the numbers of the lines that are no
//! envelopes, and the state that the crate makes of the others.

use std::io::{BufRead, Write, stdin, stdout};

use event_contracts::replay_lines;
use event_contracts::support::fold::ReplayOptions;
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
        let partition = asked.get("partition") == Some(&Json::Bool(true));
        let options = ReplayOptions { partition, skip_invalid: true, ..ReplayOptions::default() };
        let replayed = replay_lines(reducer, &log[..], options).expect("memory is read");
        let bad: Vec<String> = replayed.bad.iter().map(|bad| bad.line.to_string()).collect();
        let state = replayed.state.expect("bad lines are left out");
        writeln!(out, "{{\"bad\":[{}],\"state\":{state}}}", bad.join(",")).expect("whoever asks reads");
    }
}
