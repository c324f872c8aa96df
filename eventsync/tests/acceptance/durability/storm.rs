//! Two producers and two dispatchers enter, all of them killed again and again; that nothing acknowledged is lost, and
//! nothing recorded twice, leaves.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Stdio};
use std::thread::JoinHandle;
use std::time::Duration;

use serde_json::Value;

use super::disk::Dice;
use crate::events::{event, id};
use crate::home::Home;
use crate::stub::Stub;

/// How often everything is killed; `EVENTSYNC_KILL_CYCLES` says otherwise.
const CYCLES: usize = 200;

/// New events of a producer in a cycle.
const EVENTS: usize = 12;

#[test]
fn nothing_is_lost_or_recorded_twice_when_everything_is_killed_again_and_again() {
    let told = std::env::var("EVENTSYNC_KILL_CYCLES").ok();
    let cycles = told.map_or(CYCLES, |told| told.parse().expect("EVENTSYNC_KILL_CYCLES is a number"));
    let (home, stub) = (Home::in_memory(), Stub::start());
    home.feed(&["capture"], event(0).as_bytes());
    home.run(&["consent", "grant"]);
    home.external(&stub.url);
    let mut dice = Dice::new(3);
    let (mut fed, mut acknowledged, mut waiting) = (1, BTreeSet::from([0]), Vec::new());
    let mut interrupted = 0;
    for cycle in 0..cycles {
        // What was not acknowledged is given again, to the other producer.
        let mut shares: [Vec<usize>; 2] = [Vec::new(), Vec::new()];
        for (at, number) in waiting.drain(..).chain(fed..fed + 2 * EVENTS).enumerate() {
            shares[(at + cycle) % 2].push(number);
        }
        fed += 2 * EVENTS;
        let producers = shares.clone().map(|share| Producer::start(&home, share));
        let dispatchers = [start(&home, &["now"]), start(&home, &["now", "--wait"])];
        std::thread::sleep(Duration::from_micros(u64::try_from(dice.below(40_000)).expect("a small number")));
        for child in dispatchers {
            kill(child);
        }
        for (producer, share) in producers.into_iter().zip(shares) {
            let said = producer.kill();
            interrupted += usize::from(said.len() < share.len());
            waiting.extend(share.into_iter().filter(|number| !said.contains(number)));
            acknowledged.extend(said);
        }
        if cycle % 20 == 0 {
            is_sound(&home, &acknowledged);
        }
    }
    let rest: String = waiting.iter().map(|number| event(*number) + "\n").collect();
    assert_eq!(home.feed(&["capture"], rest.as_bytes()).code, Some(0));
    assert_eq!(home.run(&["now"]).code, Some(0));
    is_sound(&home, &(0..fed).collect());
    let all = i64::try_from(fed).expect("few events");
    assert_eq!(home.number("SELECT count(*) FROM event_journal"), all, "and no other");
    assert_eq!(home.number("SELECT count(*) FROM delivery_ledger WHERE status IN (1, 2)"), all);
    assert_eq!(home.number("SELECT sum(n) FROM status_counters WHERE status IN (1, 2)"), all);
    assert_eq!(home.number("SELECT live_events FROM journal_totals"), all);
    let sent: BTreeSet<String> = stub.lines().into_iter().collect();
    assert_eq!(sent, (0..fed).map(event).collect(), "every byte arrived, and nothing else");
    assert!(interrupted > cycles / 10, "producers were killed at work: {interrupted} of {}", 2 * cycles);
}

/// Every acknowledged event is there, with the bytes that it came with, in a sound store.
fn is_sound(home: &Home, acknowledged: &BTreeSet<usize>) {
    assert_eq!(home.rows("PRAGMA integrity_check"), ["ok"]);
    let stored: BTreeSet<String> = home.rows("SELECT event_id || payload FROM event_journal").into_iter().collect();
    let lost: Vec<usize> =
        acknowledged.iter().copied().filter(|number| !stored.contains(&(id(*number) + &event(*number)))).collect();
    assert_eq!(lost, Vec::<usize>::new());
}

/// A running `capture`.
struct Producer {
    child: Child,
    heard: JoinHandle<BTreeSet<usize>>,
    fed: JoinHandle<()>,
}

impl Producer {
    fn start(home: &Home, numbers: Vec<usize>) -> Self {
        let mut command = home.command(&["capture", "--json"]);
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("a producer");
        let (mut stdin, stdout) = (child.stdin.take().expect("a pipe"), child.stdout.take().expect("a pipe"));
        let fed = std::thread::spawn(move || {
            for number in numbers {
                // It may be dead by now.
                if stdin.write_all((event(number) + "\n").as_bytes()).is_err() {
                    return;
                }
                std::thread::sleep(Duration::from_micros(500));
            }
        });
        let heard = std::thread::spawn(move || {
            let lines = BufReader::new(stdout).lines().map_while(Result::ok);
            // A line that the kill cut acknowledges nothing.
            lines.filter_map(|line| acknowledged(&line)).collect()
        });
        Producer { child, heard, fed }
    }

    /// Kills it; the numbers of the events that it acknowledged leave.
    fn kill(self) -> BTreeSet<usize> {
        kill(self.child);
        self.fed.join().expect("it was fed");
        self.heard.join().expect("it was heard")
    }
}

fn acknowledged(line: &str) -> Option<usize> {
    let ack: Value = serde_json::from_str(line).ok()?;
    let outcome = ack["outcome"].as_str()?;
    assert!(["inserted", "already_present"].contains(&outcome), "{line}");
    ack["event_id"].as_str()?.strip_prefix("01J00000000000000000")?.parse().ok()
}

fn start(home: &Home, arguments: &[&str]) -> Child {
    let mut command = home.command(arguments);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("a dispatcher")
}

fn kill(mut child: Child) {
    // It may have come to its end.
    let _ = child.kill();
    child.wait().expect("its end");
}
