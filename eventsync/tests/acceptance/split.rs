//! Two servers enter, one configured and one in the environment; nobody is spoken to before it is clear which one it is.

use std::fs;
use std::io::ErrorKind;
use std::net::TcpListener;

use crate::events::events;
use crate::home::Home;
use crate::stub::Stub;

fn listener() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    (listener, url)
}

fn was_called(listener: &TcpListener) -> bool {
    match listener.accept() {
        Ok(_) => true,
        Err(error) if error.kind() == ErrorKind::WouldBlock => false,
        Err(error) => panic!("{error}"),
    }
}

fn log_in(home: &Home) {
    let credentials = "[tokens]\naccess = \"a\"\nrefresh = \"r\"\n\n[user]\nusername = \"ada\"\nteam_slug = \"acme\"\n";
    fs::write(home.root().join("credentials"), credentials).unwrap();
}

fn configure(home: &Home, url: &str, policy: &str) {
    let config = format!("[sync]\nserver_url = \"{url}\"\nenv_override = \"{policy}\"\n");
    fs::write(home.root().join("config.toml"), config).unwrap();
}

#[test]
fn two_servers_open_no_socket_and_leave_everything_as_it_was() {
    let (configured, in_environment) = (listener(), listener());
    let home = Home::holding(&events(0..3));
    log_in(&home);
    configure(&home, &configured.1, "setup_only");
    for arguments in [&["now"][..], &["now", "--no-strict"], &["login", "--username", "ada", "--password-stdin"]] {
        let output = home.command(arguments).env("SPEC_KITTY_SAAS_URL", &in_environment.1).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{output:?}");
        let told = String::from_utf8(output.stderr).unwrap();
        assert!(told.contains(&configured.1) && told.contains(&in_environment.1), "{told}");
    }
    assert!(!was_called(&configured.0) && !was_called(&in_environment.0));
    assert_eq!(home.number("SELECT count(*) FROM delivery_targets"), 0);
    assert_eq!(home.number("SELECT count(*) FROM event_journal"), 3);
}

#[test]
fn an_environment_for_the_whole_run_is_spoken_to_alone_and_its_scope_is_its_own() {
    let (configured, other) = (listener(), Stub::start());
    let home = Home::holding(&events(0..3));
    log_in(&home);
    configure(&home, &configured.1, "process");
    fs::write(home.root().join("active_queue_scope"), format!("{}|eve|evil", configured.1)).unwrap();
    let run = |arguments: &[&str]| {
        let output = home.command(arguments).env("SPEC_KITTY_SAAS_URL", &other.url).output().unwrap();
        (output.status.code(), String::from_utf8(output.stdout).unwrap())
    };
    assert_eq!(run(&["now"]).0, Some(0));
    assert!(!was_called(&configured.0));
    assert_eq!(other.ids().len(), 3);
    let (_, printed) = run(&["status", "--json"]);
    let printed: serde_json::Value = serde_json::from_str(&printed).unwrap();
    let authority = &printed["target_authority"];
    assert_eq!(authority["resolved_server_url"], other.url);
    assert_eq!(authority["derived_queue_scope"], format!("{}|ada|acme", other.url));
    assert_eq!(authority["active_queue_scope_status"], "stale_non_authoritative");
    assert_eq!(printed["foreground"]["server_url"], other.url);
    assert_eq!(printed["foreground"]["queue_db_path"], authority["queue_db_path"]);
    assert_eq!(
        home.rows("SELECT canonical_url, team_slug, user_email, kind FROM delivery_targets"),
        [format!("{}|acme|ada|teamspace", other.url)]
    );
}

#[test]
fn doctor_names_every_address_and_they_are_of_one_server() {
    let home = Home::new();
    let env = |url: &str| home.command(&["doctor", "--json"]).env("SPEC_KITTY_SAAS_URL", url).output().unwrap();
    let output = env("https://other.example");
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let printed: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let addresses = printed["addresses"].as_object().unwrap();
    assert_eq!(addresses.len(), 10);
    assert_eq!(addresses["ws_url"], "wss://other.example");
    assert_eq!(addresses["health_url"], "https://other.example/api/v1/sync/health/");
    let named = addresses.values().filter_map(|value| value.as_str()).filter(|value| value.contains("://"));
    assert_eq!(named.filter(|value| value.contains("//other.example")).count(), 8);
    assert!(!home.root().exists(), "it looks and makes nothing");

    fs::create_dir_all(home.root()).unwrap();
    configure(&home, "https://mine.example", "setup_only");
    let output = env("https://other.example");
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let told = String::from_utf8(output.stdout).unwrap();
    assert!(told.contains("two servers") && told.contains("eventsync server https://other.example"), "{told}");
}
