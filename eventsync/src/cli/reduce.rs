//! The journal and the name of a reducer enter; the state that its live events make leaves, one for each entity.

use std::collections::VecDeque;
use std::io;

use event_contracts::support::fold::{ReplayOptions, Source};
use event_contracts::{REDUCERS, replay_lines};
use rusqlite::Connection;

use super::failure::Failure;
use super::print;
use crate::journal;

/// Events that are read at once.
const PAGE: u32 = 500;

/// The live events of the journal, as a log.
struct Log<'a> {
    connection: &'a Connection,
    page: VecDeque<(i64, Vec<u8>)>,
    last: i64,
}

impl Source for Log<'_> {
    fn line(&mut self, text: &mut Vec<u8>) -> io::Result<usize> {
        if self.page.is_empty() {
            let page = journal::live_envelopes(self.connection, self.last, PAGE).map_err(io::Error::other)?;
            self.page = page.into();
        }
        let Some((seq, envelope)) = self.page.pop_front() else { return Ok(0) };
        self.last = seq;
        text.extend(&envelope);
        Ok(envelope.len() + 1)
    }
}

/// Prints the state that a reducer makes of the live events; none of a store that is not there.
pub fn reduce(name: &str, connection: Option<&Connection>) -> Result<(), Failure> {
    if REDUCERS.iter().all(|reducer| reducer.name != name) {
        let known: Vec<&str> = REDUCERS.iter().map(|reducer| reducer.name).collect();
        return Err(Failure::new(format!("there is no reducer `{name}`; there are {}", known.join(", "))));
    }
    let options = ReplayOptions { partition: true, sorted: false, skip_invalid: true };
    let replayed = match connection {
        Some(connection) => replay_lines(name, Log { connection, page: VecDeque::new(), last: 0 }, options)?,
        None => replay_lines(name, io::empty(), options)?,
    };
    if !replayed.bad.is_empty() {
        eprintln!("notice: {} live events are no envelopes of a log and were left out", replayed.bad.len());
    }
    let state = replayed.state.ok_or_else(|| Failure::new("the events cannot be reduced"))?;
    print(&format!("{state}\n"))
}
