//! Logs enter, a line each; the state that a reducer makes of each leaves, after every way to it was seen to give the same.

use std::io::{self, BufRead};

use event_contracts::support::fold::{self, Fold, Incremental, ReplayOptions, Replayed, Source};
use event_contracts::support::{Json, Value, to_json};
use event_contracts::{REDUCERS, folds, haulage, lifecycle, logs, base, connector, replay_lines, status, sync};

/// A log, and the same in its order.
struct Log {
    events: Vec<Json>,
    sorted: Vec<Json>,
    is_partitioned: bool,
}

/// A log that can be read a second time.
struct Memory {
    text: Vec<u8>,
    at: usize,
}

impl Source for Memory {
    fn line(&mut self, text: &mut Vec<u8>) -> io::Result<usize> {
        let mut rest = &self.text[self.at..];
        let taken = rest.line(text)?;
        self.at += taken;
        Ok(taken)
    }

    fn is_read_again(&self) -> bool {
        true
    }

    fn again(&mut self, from: usize, text: &mut Vec<u8>) -> io::Result<usize> {
        let mut rest = &self.text[from..];
        rest.line(text)
    }
}

fn lines(events: &[Json]) -> Vec<u8> {
    events.iter().flat_map(|event| (event.to_json() + "\n").into_bytes()).collect()
}

fn state(replayed: Replayed) -> String {
    replayed.state.unwrap_or_else(|| panic!("{:?}", replayed.bad))
}

/// The state by the command's way: in any order, and as a stream that can or cannot be read again.
fn of_lines(name: &str, log: &Log) -> String {
    let options = ReplayOptions { partition: log.is_partitioned, ..ReplayOptions::default() };
    let (text, in_order) = (lines(&log.events), lines(&log.sorted));
    let one = state(replay_lines(name, &text[..], options).unwrap());
    let sorted = ReplayOptions { sorted: true, ..options };
    assert_eq!(state(replay_lines(name, &in_order[..], sorted).unwrap()), one, "{name}: a stream");
    let memory = Memory { text: in_order.clone(), at: 0 };
    assert_eq!(state(replay_lines(name, memory, sorted).unwrap()), one, "{name}: a stream that is read again");
    assert_eq!(state(replay_lines(name, &in_order[..], options).unwrap()), one, "{name}: in order");
    one
}

fn typed<F: Fold>(events: &[Json]) -> Vec<F::Envelope> {
    let read = |event: &Json| event_contracts::support::from_value(event).unwrap_or_else(|faults| panic!("{faults}"));
    events.iter().map(read).collect()
}

/// The state by the incremental way, saved and resumed behind every event.
fn step_by_step<F: Fold>(log: &Log) -> String
where
    F::State: Value,
{
    let events = typed::<F>(&log.sorted);
    let mut whole = Incremental::<F>::new();
    let mut resumed = Incremental::<F>::new();
    for event in &events {
        whole.apply(event).unwrap();
        resumed.apply(event).unwrap();
        let saved = resumed.save();
        assert_eq!(saved, whole.save(), "{}: what is saved is what is known", F::NAME);
        resumed = Incremental::resume(&saved).unwrap_or_else(|error| panic!("{}: {error}: {saved}", F::NAME));
        assert_eq!(resumed.save(), saved, "{}: saved again", F::NAME);
        whole.apply(event).unwrap();
        assert_eq!(whole.save(), saved, "{}: a copy changes nothing", F::NAME);
    }
    let saved = whole.save();
    for event in &events {
        let refused = whole.apply(event);
        assert!(refused.is_err() || whole.save() == saved, "{}: what came before is refused or a copy", F::NAME);
    }
    let one = to_json(&whole.finish());
    assert_eq!(to_json(&resumed.finish()), one, "{}: resumed", F::NAME);
    one
}

macro_rules! reducers {
    ($name:expr, $log:expr; $($reducer:literal => $alias:ty, $reduce:path $(, $parts:path)?;)*) => {
        match $name {
            $($reducer => {
                let one = of_lines($reducer, $log);
                if $log.is_partitioned {
                    $(
                        let read = |event: &Json| event_contracts::support::from_value(event).unwrap();
                        let typed = $parts($log.events.iter().map(read)).to_json();
                        assert_eq!(typed, one, "{}: typed parts", $reducer);
                    )?
                } else {
                    let read = |event: &Json| event_contracts::support::from_value(event).unwrap();
                    let typed = $reduce($log.events.iter().map(read));
                    assert_eq!(typed.to_json(), one, "{}: typed", $reducer);
                    let again = event_contracts::support::from_json(one.as_bytes());
                    assert_eq!(again.as_ref(), Ok(&typed), "{}: what is printed is read again", $reducer);
                    assert_eq!(typed_step::<$alias>($log), one, "{}: step by step", $reducer);
                }
                one
            })*
            other => panic!("no reducer {other}"),
        }
    };
}

/// The fold of an incremental reducer.
trait Stepped {
    type Fold: Fold;
}

impl<F: Fold> Stepped for Incremental<F> {
    type Fold = F;
}

fn typed_step<S: Stepped>(log: &Log) -> String {
    step_by_step::<S::Fold>(log)
}

fn of_log(name: &str, log: &Log) -> String {
    reducers! { name, log;
        "ledger" => folds::LedgerReducer, folds::reduce_ledger_events;
        "gate" => folds::GateReducer, folds::reduce_gate_events, folds::reduce_gate_events_partitioned;
        "batch" => folds::BatchReducer, folds::reduce_batch_events, folds::reduce_batch_events_partitioned;
        "council" => folds::CouncilReducer, folds::reduce_council_events;
        "chamber" => folds::ChamberReducer, folds::reduce_chamber_events;
        "feed" => folds::FeedReducer, folds::reduce_feed_events, folds::reduce_feed_events_partitioned;
        "board" => folds::BoardReducer, folds::reduce_board_events, folds::reduce_board_events_partitioned;
        "loads" => haulage::LoadsReducer, haulage::reduce, haulage::reduce_partitioned;
        "mission" => lifecycle::MissionReducer, lifecycle::reduce, lifecycle::reduce_partitioned;
        "wp_status" => status::WpStatusReducer, status::reduce, status::reduce_partitioned;
        "connector" => connector::ConnectorReducer, connector::reduce, connector::reduce_partitioned;
        "sync" => sync::SyncReducer, event_contracts::reduce_sync_events, event_contracts::reduce_sync_events_partitioned;
    }
}

fn main() {
    assert_eq!(REDUCERS.len(), 12);
    let _: (Option<logs::Wide>, Option<base::Envelope>, Option<fold::NotSaved>) = (None, None, None);
    for line in io::stdin().lock().lines() {
        let Ok(Json::Object(case)) = Json::from_json(line.unwrap().as_bytes()) else { panic!("no case") };
        let list = |name: &str| match &case[name] {
            Json::Array(events) => events.clone(),
            other => panic!("no events: {other}"),
        };
        let Json::String(name) = &case["reducer"] else { panic!("no name") };
        let is_partitioned = case["partition"] == Json::Bool(true);
        let log = Log { events: list("events"), sorted: list("sorted"), is_partitioned };
        println!("{}", of_log(name, &log));
    }
}
