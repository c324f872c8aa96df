//! Commands enter that are killed at each call by which they write, send or hear; that the next run makes all of it good leaves.

use std::collections::BTreeSet;

use super::kill::kill_at;
use crate::events::{PROJECT, id, of_project};
use crate::home::Home;
use crate::stub::Stub;

/// Events between two kills.
const ROUND: usize = 8;

/// What a kill left, of the events of its round.
#[derive(Debug, Default)]
struct Seen {
    /// Nothing had been sent.
    unsent: usize,
    /// The server had the events, and nobody had written that down.
    unrecorded: usize,
    /// All was written down.
    recorded: usize,
}

#[test]
fn a_pass_that_is_killed_anywhere_is_made_good_by_the_next() {
    let (home, stub) = (Home::in_memory(), Stub::start());
    home.feed(&["capture"], large(0).as_bytes());
    home.run(&["consent", "grant"]);
    home.external(&stub.url);
    assert_eq!(home.run(&["now"]).code, Some(0));
    let mut fed = ROUND;
    for (call, step) in [("connect", 1), ("sendto", 1), ("recvfrom", 1), ("fdatasync,fsync", 1), ("pwrite64", 3)] {
        let mut seen = Seen::default();
        for nth in (1..).step_by(step) {
            assert_eq!(home.feed(&["capture"], large(fed).as_bytes()).code, Some(0));
            let round: BTreeSet<String> = (fed..fed + ROUND).map(id).collect();
            fed += ROUND;
            let ended = kill_at(&home.command(&["now"]), call, nth, "");
            let recorded = recorded(&home, fed - ROUND);
            let early = stub.ids().into_iter().filter(|id| round.contains(id)).count();
            assert!(
                [0, ROUND].contains(&recorded),
                "{call} {nth}: a batch is recorded whole or not at all: {recorded}"
            );
            assert!(recorded == 0 || early == ROUND, "{call} {nth}: what is recorded did arrive");
            assert_eq!(home.number("SELECT count(*) FROM event_journal"), count(fed), "{call} {nth}");
            let next = home.run(&["now", "--json"]).json();
            assert_eq!(next["selected"], ROUND - recorded, "{call} {nth}: {next}");
            // The server may have taken what the dead pass sent a little after its death; its answer now tells.
            let known = usize::try_from(next["duplicate"].as_u64().expect("a count")).expect("a count");
            let delivered = ROUND - recorded - known;
            assert_eq!(next["delivered"], delivered, "{call} {nth}: {next}");
            assert!([0, ROUND].contains(&known), "{call} {nth}: a batch arrives whole or not at all: {next}");
            assert!(
                recorded == ROUND || early <= known,
                "{call} {nth}: what had arrived is known to the server: {next}"
            );
            seen.unsent += usize::from(delivered == ROUND);
            seen.unrecorded += usize::from(known == ROUND);
            seen.recorded += usize::from(recorded == ROUND);
            everything_arrived(&home, &stub, fed);
            if !ended.is_killed {
                assert!(nth > 1, "{call}: there is such a call: {}", ended.err);
                break;
            }
        }
        let expected = match call {
            "connect" => seen.unsent >= 1,
            "sendto" => seen.unsent >= 2,
            "recvfrom" => seen.unrecorded >= 1,
            // What was written is there for other programs, flushed or not: only a power cut takes it.
            "fdatasync,fsync" => seen.unsent >= 1 && seen.recorded >= 2,
            _ => seen.unsent >= 1 && seen.unrecorded >= 1 && seen.recorded >= 2,
        };
        assert!(expected, "{call}: the kills hit what they were to hit: {seen:?}");
    }
}

#[test]
fn a_capture_that_is_killed_anywhere_keeps_what_it_acknowledged() {
    let home = Home::in_memory();
    let mut fed = 0;
    for (call, step) in [("fdatasync,fsync", 1), ("pwrite64", 5), ("write", 1)] {
        for nth in (1..).step_by(step) {
            let round = large(fed);
            let ended = kill_at(&home.command(&["capture", "--json"]), call, nth, &round);
            for line in ended.out.lines() {
                let ack: serde_json::Value = serde_json::from_str(line).expect("an answer");
                let present = format!(
                    "SELECT count(*) FROM event_journal WHERE event_id = '{}'",
                    ack["event_id"].as_str().expect("an id")
                );
                assert_eq!((home.number(&present), &ack["outcome"]), (1, &"inserted".into()), "{call} {nth}");
            }
            let again = home.feed(&["capture", "--json"], round.as_bytes());
            assert_eq!(again.code, Some(0), "{call} {nth}: {again:?}");
            let known = again.out.matches("already_present").count();
            assert!(known >= ended.out.lines().count(), "{call} {nth}: what was acknowledged was there");
            fed += ROUND;
            assert_eq!(home.number("SELECT count(*) FROM event_journal"), count(fed), "{call} {nth}");
            if !ended.is_killed {
                assert!(nth > 1, "{call}: there is such a call: {}", ended.err);
                break;
            }
        }
    }
    assert_eq!(home.rows("PRAGMA integrity_check"), ["ok"]);
}

/// Events of one round that are too large for one write to a socket; no two parts of them are alike.
fn large(first: usize) -> String {
    let mut dice = super::disk::Dice::new(u64::try_from(first).expect("a small number"));
    (first..first + ROUND)
        .map(|number| {
            let noise: String =
                (0..12_000).map(|_| char::from(b'a' + u8::try_from(dice.below(26)).expect("a letter"))).collect();
            of_project(number, PROJECT).replace("Work ", &format!("Work {noise} ")) + "\n"
        })
        .collect()
}

/// How many events from this one on have a row of the ledger.
fn recorded(home: &Home, first: usize) -> usize {
    let rows = format!("SELECT count(*) FROM delivery_ledger_view WHERE event_id >= '{}'", id(first));
    usize::try_from(home.number(&rows)).expect("a count")
}

fn everything_arrived(home: &Home, stub: &Stub, fed: usize) {
    let delivered = home.number("SELECT count(*) FROM delivery_ledger WHERE status IN (1, 2)");
    assert_eq!((delivered, home.number("SELECT count(*) FROM delivery_ledger")), (count(fed), count(fed)));
    let arrived: BTreeSet<String> = stub.ids().into_iter().collect();
    assert_eq!(arrived, (0..fed).map(id).collect());
}

fn count(events: usize) -> i64 {
    i64::try_from(events).expect("few events")
}
