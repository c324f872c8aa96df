//! The hosted service, played by a receiver on this machine: gates, tokens, and a change of servers.

use eventsync::generated::DeliveryTarget;
use serde_json::json;

use crate::events::{events, id};
use crate::home::Home;
use crate::stub::Stub;

/// A text that must never be seen outside the file of credentials.
const CANARY: &str = "canary-7f3a91";

/// Writes credentials as an older program left them.
fn credentials(home: &Home, access: &str, team: &str) {
    let text = format!(
        "[tokens]\naccess = \"{access}\"\nrefresh = \"{CANARY}-refresh\"\n[user]\nusername = \"ada@example.org\"\nteam_slug = \"{team}\"\n"
    );
    std::fs::create_dir_all(home.root()).expect("a root");
    std::fs::write(home.root().join("credentials"), text).expect("credentials");
}

fn script(token: &str) -> String {
    format!(
        "{{token: {token}, login: {{username: ada, password: '{CANARY}-password', refresh: {CANARY}-refresh, access: {token}, team_slug: blue}}}}"
    )
}

#[test]
fn a_thousand_events_go_to_one_server_and_then_to_another() {
    let token = format!("{CANARY}-access");
    let (home, a, b) =
        (Home::holding(&events(0..1000)), Stub::with_script(&script(&token)), Stub::with_script(&script(&token)));
    credentials(&home, &token, "blue");
    for (server, delivered, before) in [(&a, 1000, 0), (&b, 1000, 1000)] {
        assert_eq!(home.run(&["server", &server.url]).code, Some(0));
        let pass = home.run(&["now"]);
        assert_eq!(pass.code, Some(0), "{pass:?}");
        let ledger = home.run(&["status", "--json"]).json()["delivery_ledger"].clone();
        assert_eq!(
            (&ledger["delivered_current_target"], &ledger["delivered_previous_target"]),
            (&json!(delivered), &json!(before))
        );
        assert_eq!(server.ids(), (0..1000).map(id).collect::<Vec<_>>());
    }
    assert_eq!(home.run(&["server", &a.url]).code, Some(0));
    assert_eq!(home.run(&["now", "--json"]).json()["selected"], 0, "back at the first server there is nothing to do");
    assert_eq!(home.run(&["redrain"]).out, "reopened: 1000\n");
    let redrained = home.run(&["now", "--json"]).json();
    assert_eq!((&redrained["duplicate"], &redrained["delivered"]), (&json!(1000), &json!(0)));
}

#[test]
fn an_old_token_is_renewed_once_and_the_pass_goes_on() {
    let fresh = format!("{CANARY}-fresh");
    let (home, stub) = (Home::holding(&events(0..10)), Stub::with_script(&script(&fresh)));
    credentials(&home, &format!("{CANARY}-old"), "blue");
    home.run(&["server", &stub.url]);
    let pass = home.run(&["now", "--json"]);
    assert_eq!((pass.code, &pass.json()["delivered"]), (Some(0), &json!(10)), "{pass:?}");
    let kept = std::fs::read_to_string(home.root().join("credentials")).expect("credentials");
    assert!(kept.contains(&fresh), "the new token is kept");
}

#[test]
fn a_token_that_nobody_renews_ends_the_pass_and_rejects_nothing() {
    let (home, stub) = (Home::holding(&events(0..1500)), Stub::with_script(&format!("{{token: {CANARY}-other}}")));
    credentials(&home, &format!("{CANARY}-old"), "blue");
    home.run(&["server", &stub.url]);
    let pass = home.run(&["now"]);
    assert_eq!(pass.code, Some(1), "{pass:?}");
    assert!(pass.err.contains("eventsync login"), "{pass:?}");
    assert_eq!(home.number("SELECT count(*) FROM delivery_attempts"), 1);
    assert_eq!(home.number("SELECT sum(rejection_count) FROM delivery_ledger"), 0);
}

#[test]
fn a_closed_gate_sends_nothing_and_names_what_opens_it() {
    let (home, stub) = (Home::holding(&events(0..3)), Stub::start());
    home.run(&["server", &stub.url]);
    let out = home.run(&["now"]);
    assert_eq!(out.code, Some(4), "nobody is logged in");
    assert!(out.err.contains("auth_present") && out.err.contains("eventsync login"), "{out:?}");
    credentials(&home, "a", "local");
    let out = home.run(&["now"]);
    assert_eq!(out.code, Some(1), "no team");
    assert!(out.err.contains("private_teamspace"), "{out:?}");
    let blocked = &home.run(&["status", "--json"]).json()["event_journal"]["blocked"];
    assert_eq!(blocked, &json!({"private_teamspace_gate": 3}), "why they wait");
    credentials(&home, "a", "blue");
    let off = home.command(&["now"]).env("SPEC_KITTY_ENABLE_SAAS_SYNC", "0").output().expect("it runs");
    assert_eq!(off.status.code(), Some(0), "switched off by the operator");
    assert_eq!(stub.ids().len(), 0);
    let blocked = &home.run(&["status", "--json"]).json()["event_journal"]["blocked"];
    assert_eq!(blocked, &json!({"saas_disabled": 3}), "why they wait now");
    assert_eq!(home.run(&["now"]).code, Some(0));
    assert_eq!(home.run(&["status", "--json"]).json()["event_journal"]["blocked"], json!({}));
}

#[test]
fn logging_in_keeps_credentials_and_logging_out_removes_them() {
    let token = format!("{CANARY}-given");
    let (home, stub) = (Home::holding(&events(0..3)), Stub::with_script(&script(&token)));
    home.run(&["server", &stub.url]);
    let login = ["login", "--username", "ada", "--password-stdin"];
    let wrong = home.feed(&login, b"wrong\n");
    assert_eq!(wrong.code, Some(1));
    assert!(!home.root().join("credentials").exists());
    let said = home.feed(&login, format!("{CANARY}-password\n").as_bytes());
    assert_eq!((said.code, said.out), (Some(0), format!("logged in at {} as ada (blue)\n", stub.url)));
    assert_eq!(home.run(&["now"]).code, Some(0));
    assert_eq!(stub.ids().len(), 3);
    assert_eq!(home.run(&["logout"]).code, Some(0));
    assert!(!home.root().join("credentials").exists());
}

#[test]
fn no_token_is_seen_outside_the_file_of_credentials() {
    let token = format!("{CANARY}-access");
    let (home, stub) =
        (Home::holding(&events(0..3)), Stub::with_script("{rules: [{times: 1, answer: {status: 500}}], token: other}"));
    credentials(&home, &token, "blue");
    home.run(&["server", &stub.url]);
    let mut seen = String::new();
    for arguments in [
        &["now"][..],
        &["now", "--json"],
        &["status"],
        &["status", "--json"],
        &["targets", "list"],
        &["server"],
        &["mode"],
    ] {
        let said = home.run(arguments);
        seen += &(said.out + &said.err);
    }
    let given = home.command(&["now"]).env("EVENTSYNC_TOKEN", format!("{CANARY}-env")).output().expect("it runs");
    seen += &String::from_utf8_lossy(&[given.stdout, given.stderr].concat());
    assert!(!seen.contains(CANARY), "{seen}");
    for (path, bytes) in crate::home::files(&home.root()) {
        let is_told = bytes.windows(CANARY.len()).any(|window| window == CANARY.as_bytes());
        assert_eq!(is_told, path.ends_with("credentials"), "{}", path.display());
    }
}

#[test]
fn a_server_that_was_set_up_anew_is_told_and_nothing_is_done() {
    let (home, access) = (Home::holding(&events(0..2)), format!("{CANARY}-access"));
    credentials(&home, &access, "blue");
    let server = |instance: &str| format!("{{health: {{server_instance_id: {instance}, deployment_id: {instance}}}}}");
    let mut first = Stub::with_script(&server("one"));
    home.run(&["server", &first.url]);
    let said = home.run(&["now"]);
    assert!(said.code == Some(0) && !said.err.contains("set up anew"), "{said:?}");
    first.stop();
    let address = first.url.trim_start_matches("http://").to_owned();
    let second = Stub::at(&address, &server("two"));
    assert_eq!(home.feed(&["capture"], events(2..3).as_bytes()).code, Some(0));
    let said = home.run(&["now"]);
    assert_eq!(said.code, Some(0), "{said:?}");
    assert!(said.err.contains("set up anew"), "{said:?}");
    assert_eq!(second.ids(), [id(2)], "a sign of that sends nothing again");
    assert_eq!(home.number("SELECT count(*) FROM delivery_targets"), 1, "it is the same target");
    let listed = home.run(&["targets", "list", "--json"]).json()["targets"][0].to_string();
    let target = DeliveryTarget::from_json(listed.as_bytes()).expect("a target as its contract says");
    let signal = target.reset_signal.expect("the sign is kept");
    assert_eq!(signal.previous.server_instance_id.expect("an instance").as_str(), "one");
    assert_eq!(target.provenance.server_instance_id.expect("an instance").as_str(), "two");
    assert_eq!(home.run(&["redrain"]).out, "reopened: 3\n");
    assert_eq!(home.run(&["now"]).code, Some(0));
    assert_eq!(second.ids(), [id(2), id(0), id(1)]);
    let history = home.rows("SELECT attempt_count, status_text FROM delivery_ledger_view ORDER BY seq");
    assert_eq!(history, ["2|duplicate", "2|duplicate", "2|duplicate"]);
}

#[test]
fn a_server_that_would_get_tokens_in_the_clear_gets_nothing() {
    let home = Home::holding(&events(0..1));
    credentials(&home, "a", "blue");
    let server = "http://192.0.2.1:9";
    for arguments in [&["now"][..], &["login", "--username", "ada", "--password-stdin"]] {
        let out = home.command(arguments).env("SPEC_KITTY_SAAS_URL", server).output().expect("it runs");
        let said = String::from_utf8_lossy(&out.stderr).into_owned();
        assert!(out.status.code() == Some(1) && said.contains("in the clear"), "{arguments:?}: {said}");
    }
    assert_eq!(home.number("SELECT count(*) FROM delivery_attempts"), 0);
}

#[test]
fn a_server_says_how_many_events_it_takes_and_how_long_it_is_waited_for() {
    let limits = "{max_events_per_batch: 4, retry_after_max_seconds: 0}";
    let busy = "{times: 1, answer: {status: 429, headers: {Retry-After: '3600'}}}";
    let script = format!("{{health: {{sync_ingress: {{limits: {limits}}}}}, rules: [{busy}]}}");
    let (home, stub) = (Home::holding(&events(0..10)), Stub::with_script(&script));
    credentials(&home, "a", "blue");
    home.run(&["server", &stub.url]);
    let pass = home.run(&["now", "--json"]).json();
    assert_eq!((&pass["delivered"], &pass["transient"]), (&json!(6), &json!(4)), "an hour was not waited for: {pass}");
    assert_eq!(home.number("SELECT count(*) FROM delivery_attempts"), 3);
}

#[test]
fn batches_keep_within_the_bytes_that_the_server_takes() {
    let limits = "{health: {sync_ingress: {limits: {max_decompressed_bytes_per_batch: 4000}}}}";
    let (home, stub) = (Home::holding(&events(0..30)), Stub::with_script(limits));
    credentials(&home, "a", "blue");
    home.run(&["server", &stub.url]);
    assert_eq!(home.run(&["now"]).code, Some(0));
    let most = home.number("SELECT max(request_bytes) FROM delivery_attempts");
    assert!((1..=3600 + 20).contains(&most), "{most} bytes, and a tenth is kept free");
    assert_eq!(stub.ids().len(), 30);
}

/// Types a password into a terminal of its own once it is asked for, and shows what that terminal showed.
const TYPIST: &str = r#"
import os, pty, sys
pid, terminal = pty.fork()
if pid == 0:
    os.execv(sys.argv[1], sys.argv[1:])
seen = b""
while not seen.endswith(b"Password: "):
    seen += os.read(terminal, 1)
os.write(terminal, os.environ["TYPED"].encode() + b"\n")
try:
    while part := os.read(terminal, 1024):
        seen += part
except OSError:
    pass
sys.stdout.write(seen.decode())
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
"#;

#[test]
fn a_terminal_is_asked_for_the_password_and_does_not_show_it() {
    let token = format!("{CANARY}-given");
    let (home, stub) = (Home::new(), Stub::with_script(&script(&token)));
    home.run(&["server", &stub.url]);
    let piped = home.feed(&["login", "--username", "ada"], b"x\n");
    assert!(piped.code == Some(1) && piped.err.contains("--password-stdin"), "{piped:?}");
    let mut python = std::process::Command::new("python3");
    python.args(["-c", TYPIST, env!("CARGO_BIN_EXE_eventsync"), "login", "--username", "ada"]);
    python.env("TYPED", format!("{CANARY}-password")).env("SPEC_KITTY_HOME", home.root());
    let typed = python.output().expect("python3 is there");
    let shown = String::from_utf8_lossy(&typed.stdout).replace('\r', "");
    assert_eq!(shown, format!("Password: \nlogged in at {} as ada (blue)\n", stub.url), "{typed:?}");
    assert!(typed.status.success());
}
