//! Receivers that answer now this, now that, and are well in the end, enter; that every event arrives or is parked for a reason,
//! with the bytes that it came with, and that nothing is undone on the way, leaves.

use std::collections::BTreeSet;
use std::fs::{self, File};

use eventsync::delivery::receivers::stub::{Script, StubReceiver};
use eventsync::generated::TargetKind;
use proptest::prelude::*;

use crate::drainer::Drainer;
use crate::events::{OTHER_PROJECT, PROJECT, id, of_project};
use crate::home::{Home, rows};

const COUNT: usize = 24;

/// Answers of all kinds; `$0` and `$1` stand for ids of events.
const ANSWERS: [&str; 20] = [
    "{status: 400, body: {error: bad}}",
    "{status: 400, body: {error: bad, details: [{event_id: $0, error: one}, {event_id: $1, reason: two}]}}",
    "{status: 400, body: {error: bad, details: [{event_id: nobody, error: one}]}}",
    "{status: 400, body: {error: payload too large}}",
    "{status: 413, body: {error: too large, limits: {max_decompressed_bytes_per_batch: 900}}}",
    "{status: 401, body: {error: who}}",
    "{status: 403, body: {error: no}}",
    "{status: 408, takes: true}",
    "{status: 412, body: {error_code: client-too-old}}",
    "{status: 418, body: [1]}",
    "{status: 302, headers: {Location: 'http://127.0.0.1:9/'}}",
    "{status: 500, takes: true, body: {error: internal}}",
    "{status: 503, text: maintenance}",
    "{text: '<html>', takes: true}",
    "{takes: true, drop: true}",
    "{drop: true}",
    "{takes: true, cut_after: 7}",
    "{results: {$0: null, $1: {status: queued}}}",
    "{results: {$0: {status: Success}, $1: {status: rejected, error: no}}}",
    "{more_results: [{event_id: $0, status: rejected}, {event_id: nobody, status: success}]}",
];

/// One rule of a script that is used up after a while.
fn rule() -> impl Strategy<Value = String> {
    (0..ANSWERS.len(), 1..6_usize, 0..COUNT, 0..COUNT, 0..3_usize, 1..COUNT).prop_map(
        |(answer, times, first, second, kind, most)| {
            let answer = ANSWERS[answer].replace("$0", &id(first)).replace("$1", &id(second));
            let when = match kind {
                0 => String::new(),
                1 => format!("more_than: {most}"),
                _ => format!("contains: [{}]", id(first)),
            };
            format!("{{when: {{{when}}}, times: {times}, answer: {answer}}}")
        },
    )
}

fn line(number: usize) -> String {
    of_project(number, if number.is_multiple_of(3) { OTHER_PROJECT } else { PROJECT })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_event_arrives_whatever_the_receiver_said_before(rules in prop::collection::vec(rule(), 1..7)) {
        let home = Home::in_memory();
        let lines: String = (0..COUNT).map(|number| line(number) + "\n").collect();
        prop_assert_eq!(home.feed(&["capture"], lines.as_bytes()).code, Some(0));
        for project in [PROJECT, OTHER_PROJECT] {
            prop_assert_eq!(home.run(&["consent", "grant", project]).code, Some(0));
        }
        let record = home.root().join("taken.jsonl");
        let script = Script::read(&format!("rules: [{}]", rules.join(", "))).expect("a script");
        let mut receiver = StubReceiver::new(script, Some(File::create(&record).expect("a file")));
        let mut drainer = Drainer::to(&home, TargetKind::Stub, "https://receiver.example");
        let store = home.store();
        let mut delivered = BTreeSet::new();
        // Each rule is used five times at most, and a pass that meets none of them delivers what is open.
        for _ in 0..=5 * rules.len() {
            drainer.pass(&mut receiver);
            let now: BTreeSet<String> =
                rows(&store, "SELECT seq FROM delivery_ledger WHERE status IN (1, 2)").into_iter().collect();
            prop_assert!(now.is_superset(&delivered), "a delivery was taken back: {:?}", rules);
            prop_assert_eq!(rows(&store, "SELECT count(*) FROM in_flight"), ["0"]);
            delivered = now;
        }
        let parked = "SELECT DISTINCT error_category FROM delivery_ledger WHERE status = 6";
        prop_assert!(rows(&store, parked).iter().all(|category| category == "oversized_event"), "{:?}", rules);
        let ended = rows(&store, "SELECT count(*) FROM delivery_ledger WHERE status IN (1, 2, 6)");
        prop_assert_eq!(ended, [COUNT.to_string()], "{:?}", rules);

        let taken = fs::read_to_string(&record).expect("a record");
        let taken: Vec<&str> = taken.lines().collect();
        let known: BTreeSet<&str> = taken.iter().copied().collect();
        prop_assert_eq!(known.len(), taken.len(), "nothing was stored twice");
        let sent: Vec<String> = rows(
            &store,
            "SELECT CAST(payload AS TEXT) FROM event_journal JOIN delivery_ledger USING (seq) WHERE status IN (1, 2)",
        );
        prop_assert!(sent.iter().all(|line| known.contains(line.as_str())), "what counts as delivered arrived, byte for byte");
        prop_assert!(lines.lines().eq(rows(&store, "SELECT CAST(payload AS TEXT) FROM event_journal ORDER BY seq")));
        let verified = home.run(&["doctor", "--verify"]);
        prop_assert!(["ok: counts", "ok: payloads"].iter().all(|line| verified.out.contains(line)), "{:?}", verified);
    }
}
