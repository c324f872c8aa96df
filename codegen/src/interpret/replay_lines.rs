//! JSON Lines of envelopes enter; the printed state of a reducer leaves, or the lines that are no envelopes.

use std::io::BufRead;

use super::lines::{MAX_LINE, read_line};
use super::sorted::{Runs, Unsorted};
use super::{Received, Replay, Stopped, receive, unanswered};
use crate::fault::Fault;
use crate::json::{self, Value};
use crate::model::{Reducer, Workspace};

/// Lines in memory before they go to sorted runs; an event decoded is several times as large.
const HELD_BYTES: usize = 16 << 20;

/// How a log is read.
#[derive(Debug, Clone, Copy)]
pub struct ReplayOptions {
    /// One state for each entity.
    pub partition: bool,
    /// The log is in order already: it is folded as it is read, and nothing but state and ids is kept.
    pub sorted: bool,
    /// Lines that are no envelope are left out.
    pub skip_invalid: bool,
    /// Bytes of lines to hold in memory while the order is made.
    pub held_bytes: usize,
}

impl Default for ReplayOptions {
    fn default() -> Self {
        Self { partition: false, sorted: false, skip_invalid: false, held_bytes: HELD_BYTES }
    }
}

/// A line that could not be used.
#[derive(Debug, Clone)]
pub struct BadLine {
    /// Its number, from 1.
    pub line: usize,
    /// What is wrong with it; empty where it only stands in the wrong place.
    pub faults: Vec<Fault>,
}

/// What a log came to.
#[derive(Debug)]
pub struct Replayed {
    /// The printed state; none where a line kept it from being made.
    pub state: Option<Value>,
    /// Lines that were left out, or that stopped it.
    pub bad: Vec<BadLine>,
}

/// Reduces the events of a log. `runs` keeps what does not fit into memory; `on_line` is told the bytes of each line.
pub fn replay_lines(
    workspace: &Workspace,
    reducer: &Reducer,
    options: ReplayOptions,
    runs: &mut dyn Runs,
    mut input: impl BufRead,
    mut on_line: impl FnMut(usize),
) -> Result<Replayed, Stopped> {
    let profile = &workspace.profiles[reducer.profile];
    let mut replay = Replay::new(workspace, reducer, options.partition);
    let (mut bad, mut line, mut number) = (Vec::new(), Vec::new(), 0);
    let mut unsorted = Unsorted::new(workspace, profile, runs, options.held_bytes);
    let mut last: Option<Received> = None;
    while read_line(&mut input, &mut line)? {
        number += 1;
        on_line(line.len() + 1);
        let event = match receive(workspace, profile, &line, MAX_LINE) {
            Ok(event) => event,
            Err(faults) => {
                if let Some(call) = unanswered(&faults) {
                    return Err(Stopped::Unanswered(call.clone()));
                }
                bad.push(BadLine { line: number, faults });
                continue;
            }
        };
        if !options.sorted {
            unsorted.add(event, &line)?;
            continue;
        }
        if last.as_ref().is_some_and(|last| event.order(last).is_lt()) {
            bad.push(BadLine { line: number, faults: Vec::new() });
            return Ok(Replayed { state: None, bad });
        }
        last = Some(event.clone());
        replay.apply(event);
        if let Some(call) = replay.unanswered() {
            return Err(Stopped::Unanswered(call.clone()));
        }
    }
    if !bad.is_empty() && !options.skip_invalid {
        return Ok(Replayed { state: None, bad });
    }
    unsorted.for_each(|event| replay.apply(event))?;
    let state = replay.finish().map_err(Stopped::Unanswered)?;
    Ok(Replayed { state: Some(state), bad })
}

/// The state as one line.
pub fn state_line(state: &Value) -> String {
    format!("{}\n", json::canonical(state))
}
