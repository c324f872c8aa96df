//! Lines of all kinds are captured; what is kept of them is what came, and the rest is told.

use std::io::{BufRead, BufReader, Write};
use std::process::Stdio;

use serde_json::{Value, json};

use crate::events::{PROJECT, event, events, id};
use crate::home::{Home, Said};
use crate::stub::Stub;

fn acks(said: &Said) -> Vec<Value> {
    said.out.lines().map(|line| serde_json::from_str(line).expect("an ack is JSON")).collect()
}

#[test]
fn the_same_event_is_kept_once_and_another_with_its_id_is_told() {
    let home = Home::new();
    let (first, other) = (event(1), event(1).replace("Work 1", "Work one"));
    let said = home.feed(&["capture", "--json"], format!("{first}\n{first}\n\n{other}\n{}", event(2)).as_bytes());
    assert_eq!(said.code, Some(1));
    let outcomes: Vec<Value> = acks(&said).iter().map(|ack| ack["outcome"].clone()).collect();
    assert_eq!(outcomes, ["inserted", "already_present", "divergent_duplicate", "inserted"]);
    assert_eq!(home.rows("SELECT payload FROM event_journal ORDER BY seq"), [first, event(2)]);
    assert_eq!(home.rows("SELECT event_id FROM capture_divergence"), [id(1)]);
}

#[test]
fn what_is_no_event_is_told_and_its_neighbours_are_kept() {
    let home = Home::new();
    let lines = format!("not json\n[1]\n{{\"event_type\":\"A\"}}\n{{\"event_id\":\"a\"}}\n{}\n", event(1));
    let said = home.feed(&["capture", "--json"], lines.as_bytes());
    assert_eq!(said.code, Some(1));
    let acks = acks(&said);
    assert!(acks[..4].iter().all(|ack| ack["outcome"].is_null() && ack["error"].is_string()), "{acks:?}");
    assert_eq!(acks[4], json!({"event_id": id(1), "outcome": "inserted"}));
    assert_eq!(home.number("SELECT count(*) FROM event_journal"), 1);
    assert_eq!(said.err.lines().count(), 4, "each is told on stderr too: {}", said.err);
}

#[test]
fn bytes_that_no_server_can_read_are_kept_and_parked_when_they_are_sent() {
    let home = Home::new();
    let strange = |number: usize, payload: &[u8]| {
        let head = format!(
            "{{\"event_id\":\"{}\",\"event_type\":\"X\",\"project_uuid\":\"{PROJECT}\",\"payload\":\"",
            id(number)
        );
        [head.as_bytes(), payload, b"\"}\n"].concat()
    };
    let lone = strange(1, br"\ud800");
    let broken = strange(2, b"\xff\xfe");
    let zero = strange(3, br"a\u0000b");
    let large = strange(4, &vec![b'x'; 10 * 1024 * 1024]);
    let said = home.feed(&["capture"], &[&lone[..], &broken, &zero, &large].concat());
    assert_eq!(said.code, Some(0), "{said:?}");
    let kept: Vec<Vec<u8>> = [lone, broken, zero, large].iter().map(|line| line[..line.len() - 1].to_vec()).collect();
    let stored = (1..=4).map(|seq| {
        home.store()
            .query_row("SELECT payload FROM event_journal WHERE seq = ?1", [seq], |row| row.get::<_, Vec<u8>>(0))
            .expect("a row")
    });
    assert!(stored.eq(kept.iter().cloned()), "byte for byte");
    assert_eq!(home.rows("SELECT seq, oversize FROM event_journal WHERE oversize = 1"), ["4|1"]);

    let stub = Stub::start();
    home.external(&stub.url);
    assert_eq!(home.run(&["consent", "grant"]).code, Some(0));
    assert_eq!(home.run(&["now"]).code, Some(1));
    let parked = "SELECT event_id, error_category FROM delivery_ledger_view WHERE status = 6 ORDER BY seq";
    let undecodable = |number| format!("{}|payload_undecodable", id(number));
    assert_eq!(home.rows(parked), [undecodable(1), undecodable(2)]);
    assert_eq!(stub.ids(), [id(3), id(4)]);
}

#[test]
fn a_line_is_answered_while_the_input_stays_open() {
    let home = Home::new();
    let mut command = home.command(&["capture", "--json"]);
    let mut process = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("it starts");
    let mut stdin = process.stdin.take().expect("a pipe");
    let mut answers = BufReader::new(process.stdout.take().expect("a pipe"));
    for number in 0..3 {
        writeln!(stdin, "{}", event(number)).expect("it listens");
        let mut answer = String::new();
        answers.read_line(&mut answer).expect("it answers");
        assert_eq!(answer, format!("{}\n", json!({"event_id": id(number), "outcome": "inserted"})));
        let seen = home.number("SELECT count(*) FROM event_journal");
        assert_eq!(usize::try_from(seen), Ok(number + 1), "what is answered is there");
    }
    drop(stdin);
    assert!(process.wait().expect("it ends").success());
}

#[cfg(unix)]
#[test]
fn an_event_is_not_acknowledged_that_went_into_a_store_which_is_gone() {
    for is_replaced in [false, true] {
        let home = Home::new();
        let mut command = home.command(&["capture"]);
        let piped = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut process = piped.spawn().expect("it starts");
        let mut stdin = process.stdin.take().expect("a pipe");
        let mut answers = BufReader::new(process.stdout.take().expect("a pipe"));
        writeln!(stdin, "{}", event(0)).expect("it listens");
        let mut answer = String::new();
        answers.read_line(&mut answer).expect("it answers");
        assert_eq!(answer, format!("inserted {}\n", id(0)));
        std::fs::remove_dir_all(home.root()).expect("somebody cleans up");
        if is_replaced {
            assert_eq!(home.feed(&["capture"], event(7).as_bytes()).code, Some(0));
        }
        writeln!(stdin, "{}", event(1)).expect("it listens");
        drop(stdin);
        let said = process.wait_with_output().expect("it ends");
        answer.clear();
        answers.read_line(&mut answer).expect("the end");
        assert_eq!((said.status.code(), answer.as_str()), (Some(1), ""));
        assert!(String::from_utf8_lossy(&said.stderr).contains("removed or replaced"), "{said:?}");
    }
}

#[test]
fn many_programs_capture_at_once_and_none_loses_anything() {
    let home = Home::new();
    assert_eq!(home.feed(&["capture"], b"").code, Some(0));
    let said: Vec<Said> = std::thread::scope(|scope| {
        let home = &home;
        let running: Vec<_> = (0..16)
            .map(|at| scope.spawn(move || home.feed(&["capture"], events(at * 1000..(at + 1) * 1000).as_bytes())))
            .collect();
        running.into_iter().map(|one| one.join().expect("it ends")).collect()
    });
    assert!(said.iter().all(|said| said.code == Some(0)), "{said:?}");
    assert_eq!(
        home.rows("SELECT count(*), count(DISTINCT seq), count(DISTINCT event_id) FROM event_journal"),
        ["16000|16000|16000"]
    );
}

#[test]
fn a_clock_that_was_set_back_reorders_nothing() {
    let home = Home::new();
    assert_eq!(home.feed(&["capture"], event(1).as_bytes()).code, Some(0));
    let future = "2999-01-01T00:00:00.000000+00:00";
    home.store().execute("UPDATE event_journal SET created_at = ?1", [future]).expect("a row");
    assert_eq!(home.feed(&["capture"], event(2).as_bytes()).code, Some(0));
    let times = home.rows("SELECT event_id, created_at >= '2999' FROM event_journal ORDER BY seq");
    assert_eq!(times, [format!("{}|1", id(1)), format!("{}|1", id(2))]);
}

#[test]
fn contracts_warn_and_keep_nothing_out() {
    let home = Home::new();
    let wrong = event(1).replace("WPCreated", "WPStatusChanged");
    let said = home.feed(&["capture", "--json"], format!("{wrong}\n").as_bytes());
    assert_eq!(said.code, Some(0));
    let ack = &acks(&said)[0];
    assert!(
        ack["outcome"] == "inserted" && ack["warning"].as_str().is_some_and(|text| text.starts_with("payload: ")),
        "{ack}"
    );
    assert_eq!(home.number("SELECT count(*) FROM event_journal WHERE validation_error IS NOT NULL"), 1);
}

#[test]
fn files_and_folders_are_the_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    let home = Home::new();
    let mut shell = std::process::Command::new("sh");
    let script = "umask 000; echo \"$LINE\" | \"$EVENTSYNC\" capture";
    shell
        .args(["-c", script])
        .env("SPEC_KITTY_HOME", home.root())
        .env("LINE", event(1))
        .env("EVENTSYNC", env!("CARGO_BIN_EXE_eventsync"));
    assert!(shell.stdout(Stdio::null()).status().expect("sh runs").success());
    let open = home.store();
    home.external("http://127.0.0.1:9");
    let mode = |path: &std::path::Path| path.metadata().expect("it is there").permissions().mode() & 0o777;
    assert_eq!(mode(&home.root()), 0o700);
    for entry in std::fs::read_dir(home.root()).expect("the root").map(|entry| entry.expect("an entry").path()) {
        assert_eq!(mode(&entry), 0o600, "{}", entry.display());
    }
    drop(open);
}

#[test]
fn only_the_newest_of_a_key_is_kept_until_somebody_has_one() {
    let (home, a) = (Home::new(), Stub::start());
    home.external(&a.url);
    let artifact = |number: usize, text: &str| {
        json!({"event_id": id(number), "event_type": "MissionDossierArtifactIndexed", "project_uuid": PROJECT,
            "payload": {"namespace": {"project_uuid": PROJECT, "mission_slug": "m"}, "artifact_id": {"path": "a.md"}, "text": text}})
        .to_string() + "\n"
    };
    let said = home.feed(&["capture", "--json"], (artifact(1, "v1") + &artifact(2, "v2")).as_bytes());
    assert_eq!(acks(&said)[1]["outcome"], "collapsed");
    assert_eq!(acks(&said)[1]["into"], id(1));
    let stored: Value = serde_json::from_str(&home.rows("SELECT payload FROM event_journal")[0]).expect("JSON");
    assert_eq!((&stored["event_id"], &stored["payload"]["text"]), (&json!(id(1)), &json!("v2")));
    let again = home.feed(&["capture", "--json"], artifact(2, "v2").as_bytes());
    assert_eq!(acks(&again)[0]["outcome"], "already_present");

    assert_eq!(home.run(&["consent", "grant"]).code, Some(0));
    assert_eq!(home.run(&["now"]).code, Some(0));
    let sent = home.rows("SELECT payload FROM event_journal");
    let said = home.feed(&["capture", "--json"], (artifact(3, "v3") + &artifact(4, "v4")).as_bytes());
    assert_eq!((&acks(&said)[0]["outcome"], &acks(&said)[1]["into"]), (&json!("inserted"), &json!(id(3))));
    assert_eq!(
        home.rows("SELECT payload FROM event_journal WHERE seq = 1"),
        sent,
        "what was delivered stays as it was"
    );
    let markers = home.rows("SELECT superseded_event_id, superseded_by_event_id FROM coalesce_superseded");
    assert_eq!(markers, [format!("{}|{}", id(1), id(3))]);
    let refused = home.store().execute("UPDATE event_journal SET payload = x'00' WHERE seq = 1", []);
    assert!(refused.expect_err("the database itself refuses").to_string().contains("never changed"));
}

#[test]
fn a_list_is_no_envelope() {
    let home = Home::new();
    let said = home.feed(
        &["capture"],
        b"[\"X1\", \"WPCreated\", \"2026-01-31T12:00:00Z\"]\n {\"event_id\": \"a\", \"event_type\": \"X\"}\n",
    );
    assert_eq!((said.code, said.out.as_str()), (Some(1), "not_kept -\ninserted a\n"), "{said:?}");
}
