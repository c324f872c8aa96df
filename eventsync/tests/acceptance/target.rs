//! Configurations, environments and identities enter; is the server that follows one, and is it the right one?

use std::fs;
use std::path::Path;

use eventsync::generated::{ActiveQueueScopeStatus, OverrideMode, ResolvedSyncTarget};
use eventsync::target::credentials::{self, Credentials, Secret};
use eventsync::target::{DEFAULT_SERVER_URL, Resolution, Surfaces, TargetError, inspect_with, server};
use proptest::prelude::*;
use tempfile::TempDir;

const MINE: &str = "https://mine.example";
const OTHER: &str = "https://other.example";

fn root() -> TempDir {
    tempfile::tempdir().unwrap()
}

fn configured(text: &str) -> TempDir {
    let root = root();
    fs::write(root.path().join("config.toml"), text).unwrap();
    root
}

fn configured_url(url: &str, more: &str) -> TempDir {
    configured(&format!("[sync]\nserver_url = {url:?}\n{more}"))
}

fn log_in(root: &Path, user: &str, team: &str) {
    let credentials = Credentials {
        access: Secret::new("canary-access"),
        refresh: Secret::new("canary-refresh"),
        access_expires_at: None,
        refresh_expires_at: None,
        username: user.to_owned(),
        team_slug: team.to_owned(),
        server_url: None,
    };
    credentials::write(root, &credentials).unwrap();
}

fn url(found: &Resolution) -> &str {
    found.target().resolved_server_url().as_str()
}

fn codes(found: &Resolution) -> Vec<&str> {
    found.diagnostics().iter().map(|one| one.code).collect()
}

fn scope(target: &ResolvedSyncTarget) -> &str {
    target.derived_queue_scope().as_str()
}

#[test]
fn all_nine_fields_are_there_where_everything_agrees() {
    let root = configured_url(MINE, "");
    log_in(root.path(), "Ada@Example.org", "Acme");
    let found = inspect_with(root.path(), Some("https://mine.example/"));
    let target = found.guard().unwrap();
    assert_eq!(target.configured_server_url().unwrap().as_str(), MINE);
    assert_eq!(target.env_server_url().unwrap().as_str(), "https://mine.example/");
    assert_eq!(target.override_mode(), OverrideMode::None);
    assert_eq!(target.resolved_server_url().as_str(), MINE);
    assert_eq!(target.user_id().unwrap().as_str(), "Ada@Example.org");
    assert_eq!(target.team_slug().unwrap().as_str(), "Acme");
    assert_eq!(scope(target), "https://mine.example|ada@example.org|acme");
    let queue = root.path().join("queues").join(format!("queue-{}.db", found.digests().short));
    assert_eq!(target.queue_db_path().as_str(), queue.to_str().unwrap());
    assert_eq!(target.active_queue_scope_status(), ActiveQueueScopeStatus::Absent);
}

#[test]
fn the_printed_target_has_all_keys_and_null_where_nothing_is_known() {
    let root = root();
    let printed: serde_json::Value = serde_json::from_str(&inspect_with(root.path(), None).target().to_json()).unwrap();
    let keys: Vec<&String> = printed.as_object().unwrap().keys().collect();
    assert_eq!(keys.len(), 9);
    for absent in ["configured_server_url", "env_server_url", "user_id", "team_slug"] {
        assert!(printed[absent].is_null(), "{absent}");
    }
    assert_eq!(printed["override_mode"], "none");
    assert_eq!(printed["active_queue_scope_status"], "absent");
}

#[test]
fn without_configuration_and_environment_the_default_server_is_used_and_is_not_called_configured() {
    for env in [None, Some(""), Some(" \t"), Some(DEFAULT_SERVER_URL)] {
        let found = inspect_with(root().path(), env);
        assert_eq!(url(&found), DEFAULT_SERVER_URL);
        assert_eq!(found.target().override_mode(), OverrideMode::None, "{env:?}");
        assert!(found.target().configured_server_url().is_none());
        assert_eq!(found.target().env_server_url().is_some(), env == Some(DEFAULT_SERVER_URL));
    }
}

#[test]
fn a_configuration_that_cannot_be_read_is_none_and_is_told() {
    for text in ["[sync", "sync = 5", "sync = \"https://a\"", "[sync]\nserver_url = 5"] {
        let found = inspect_with(configured(text).path(), None);
        assert_eq!(codes(&found), ["config_unreadable"], "{text}");
        assert!(found.target().configured_server_url().is_none());
        assert_eq!(url(&found), DEFAULT_SERVER_URL);
    }
    let root = root();
    fs::write(root.path().join("config.toml"), b"[sync]\nserver_url = \"\xff\"").unwrap();
    assert_eq!(codes(&inspect_with(root.path(), None)), ["config_unreadable"]);
}

#[test]
fn the_environment_overrides_for_the_whole_run_unless_told_otherwise() {
    for more in ["", "env_override = \"process\""] {
        let root = configured_url(MINE, more);
        let found = inspect_with(root.path(), Some(" https://other.example// "));
        let target = found.guard().unwrap();
        assert_eq!(target.override_mode(), OverrideMode::ProcessOverride);
        assert_eq!(target.resolved_server_url().as_str(), OTHER);
        assert!(scope(target).starts_with("https://other.example|"));
        assert_eq!(target.configured_server_url().unwrap().as_str(), MINE);
    }
}

#[test]
fn an_environment_for_the_setup_alone_fails_closed_and_names_both_servers_and_the_way_out() {
    for more in ["env_override = \"setup_only\"", "env_override = \"whatever\"", "env_override = 1"] {
        let root = configured_url(MINE, more);
        let found = inspect_with(root.path(), Some(OTHER));
        assert_eq!(found.target().override_mode(), OverrideMode::SetupOnly);
        assert_eq!(url(&found), MINE);
        let error = found.guard().unwrap_err();
        assert!(matches!(error, TargetError::SyncTargetSplitBrain { .. }));
        let told = error.to_string();
        assert!(told.contains(MINE) && told.contains(OTHER) && told.contains("eventsync server"), "{told}");
        // The way out that it names is one.
        server::set(root.path(), OTHER).unwrap();
        assert_eq!(inspect_with(root.path(), Some(OTHER)).guard().unwrap().resolved_server_url().as_str(), OTHER);
    }
}

#[test]
fn without_a_configured_server_there_is_nothing_to_split_from() {
    let root = configured("[sync]\nenv_override = \"setup_only\"");
    let found = inspect_with(root.path(), Some(OTHER));
    assert_eq!(found.guard().unwrap().override_mode(), OverrideMode::ProcessOverride);
    assert_eq!(url(&found), OTHER);
}

#[test]
fn equal_inputs_give_equal_targets_and_another_server_or_identity_another_scope_and_path() {
    let root = configured_url(MINE, "");
    let target = |env: Option<&str>| inspect_with(root.path(), env).target().clone();
    let anonymous = target(None);
    assert_eq!(anonymous, target(None));
    assert_eq!(scope(&anonymous), "https://mine.example||");
    let mut seen = vec![anonymous, target(Some(OTHER))];
    for (user, team) in [("ada", "acme"), ("bob", "acme"), ("ada", "zeta"), ("", "acme")] {
        log_in(root.path(), user, team);
        seen.push(target(None));
    }
    for (at, one) in seen.iter().enumerate() {
        for other in &seen[..at] {
            assert_ne!(scope(one), scope(other));
            assert_ne!(one.queue_db_path(), other.queue_db_path());
        }
    }
}

#[test]
fn identity_comes_from_the_credentials_alone() {
    let root = root();
    fs::create_dir(root.path().join("auth")).unwrap();
    let session = r#"{"server_url": "https://mine.example", "user_id": "eve", "team_slug": "evil"}"#;
    fs::write(root.path().join("auth/session.json"), session).unwrap();
    fs::write(root.path().join("active_queue_scope"), "https://mine.example|eve|evil").unwrap();
    let found = inspect_with(root.path(), Some(MINE));
    assert!(found.target().user_id().is_none() && found.target().team_slug().is_none());
    fs::write(root.path().join("credentials"), "[tokens\naccess = canary").unwrap();
    let found = inspect_with(root.path(), Some(MINE));
    assert_eq!(codes(&found), ["credentials_unreadable"]);
    assert!(!format!("{found:?}").contains("canary"));
    assert!(found.target().user_id().is_none());
}

/// What is not ASCII is written by its code point, before letters are made small.
#[test]
fn scopes_are_ascii() {
    let root = root();
    for (user, written) in [("Zoé", "zo_u00e9_"), ("É", "_u00c9_"), ("𝒜", "_u1d49c_"), (" ada ", "ada")] {
        log_in(root.path(), user, "Équipe");
        let target = inspect_with(root.path(), Some("https://bücher.example")).target().clone();
        assert_eq!(scope(&target), format!("https://b_u00fc_cher.example|{written}|_u00c9_quipe"));
    }
}

#[test]
fn both_digest_schemes_of_older_programs_are_those_that_were_used() {
    let root = root();
    log_in(root.path(), " Ada ", "ACME");
    let digests = inspect_with(root.path(), Some("https://Mine.example/")).digests();
    // printf 'https://mine.example|ada|acme' | sha256sum, and 'https://mine.example/\0ada\0acme'.
    assert_eq!(digests.short, "eec6960a908cf362");
    assert_eq!(digests.long, "3b978c6f64035c68275bedae3992d8ca6f3917dee3a7bd62206d6b0d1d895312");
}

#[test]
fn the_remembered_scope_is_compared_and_never_used() {
    let root = configured_url(MINE, "");
    let status = || inspect_with(root.path(), None).target().active_queue_scope_status();
    let plain = inspect_with(root.path(), None).target().clone();
    let marker = root.path().join("active_queue_scope");
    for (content, expected) in [
        (b"https://mine.example||\n".as_slice(), ActiveQueueScopeStatus::Matches),
        (b"https://stale.example|eve|evil", ActiveQueueScopeStatus::StaleNonAuthoritative),
        (b"\xff\xfe||", ActiveQueueScopeStatus::Absent),
        (b"no scope", ActiveQueueScopeStatus::Absent),
        (b"", ActiveQueueScopeStatus::Absent),
    ] {
        fs::write(&marker, content).unwrap();
        assert_eq!(status(), expected, "{content:?}");
        let target = inspect_with(root.path(), None).target().clone();
        assert_eq!(target.derived_queue_scope(), plain.derived_queue_scope());
        assert_eq!(target.queue_db_path(), plain.queue_db_path());
    }
    fs::remove_file(&marker).unwrap();
    fs::create_dir(root.path().join("auth")).unwrap();
    fs::write(root.path().join("auth/session.json"), r#"{"server_url": "https://mine.example/"}"#).unwrap();
    assert_eq!(status(), ActiveQueueScopeStatus::Matches);
    let mut stale = Credentials {
        access: Secret::new("a"),
        refresh: Secret::new("r"),
        access_expires_at: None,
        refresh_expires_at: None,
        username: "ada".to_owned(),
        team_slug: "acme".to_owned(),
        server_url: Some(OTHER.to_owned()),
    };
    credentials::write(root.path(), &stale).unwrap();
    assert_eq!(status(), ActiveQueueScopeStatus::StaleNonAuthoritative, "credentials come before the session");
    stale.server_url = Some(MINE.to_owned());
    credentials::write(root.path(), &stale).unwrap();
    assert_eq!(status(), ActiveQueueScopeStatus::Matches);
}

#[test]
fn every_surface_is_of_the_resolved_server() {
    let root = configured_url(MINE, "");
    log_in(root.path(), "ada", "acme");
    for (env, server, ws) in [
        (None, MINE, "wss://mine.example"),
        (Some("HTTPS://Other.example/base/"), "HTTPS://Other.example/base", "wss://Other.example/base"),
        (Some("http://127.0.0.1:8000"), "http://127.0.0.1:8000", "ws://127.0.0.1:8000"),
    ] {
        let found = inspect_with(root.path(), env);
        let target = found.guard().unwrap();
        let surfaces = Surfaces::from(target);
        assert_eq!(surfaces.batch_url, format!("{server}/api/v1/events/batch/"));
        assert_eq!(surfaces.health_url, format!("{server}/api/v1/sync/health/"));
        assert_eq!(surfaces.tracker_url, format!("{server}/api/v1/connectors/trackers/snapshots/"));
        assert_eq!(surfaces.token_url, format!("{server}/api/v1/token/"));
        assert_eq!(surfaces.token_refresh_url, format!("{server}/api/v1/token/refresh/"));
        assert_eq!(surfaces.ws_url, ws);
        assert_eq!(surfaces.owner_server_url, server);
        assert_eq!(surfaces.owner_team_or_user.as_deref(), Some("acme"));
        assert_eq!(surfaces.preflight_scope, scope(target));
        assert_eq!(surfaces.owner_queue_db_path, target.queue_db_path().as_str());
    }
}

#[test]
fn only_one_module_reads_the_servers_variable_and_none_takes_a_scope() {
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut folders = vec![sources];
    let mut naming = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = fs::read_to_string(&path).unwrap();
            let shown = path.strip_prefix(env!("CARGO_MANIFEST_DIR")).unwrap().to_str().unwrap().replace('\\', "/");
            if text.contains("\"SPEC_KITTY_SAAS_URL\"") || text.contains("var_os(ENV_SERVER_URL)") {
                naming.push(shown.clone());
            }
            for line in text.lines().filter(|line| line.trim_start().starts_with("pub fn ")) {
                let takes = ["queue_scope:", "queue_db_path:", " scope: &str"].iter().any(|name| line.contains(name));
                assert!(!takes, "{shown}: {line}");
            }
            assert!(!text.contains("ResolvedSyncTarget::new") || shown == "src/target/mod.rs", "{shown}");
        }
    }
    assert_eq!(naming, ["src/target/mod.rs"]);
}

#[test]
fn the_server_command_writes_the_configuration_alone_and_keeps_the_rest_of_it() {
    let root = configured("# mine\n[other]\nkey = 1 # kept\n\n[sync]\nmax_queue_size = 5\n");
    assert!(!server::show(root.path()).unwrap().is_configured);
    assert!(server::set(root.path(), " https://mine.example/ ").unwrap());
    let text = fs::read_to_string(root.path().join("config.toml")).unwrap();
    let kept = ["# mine", "key = 1 # kept", "max_queue_size = 5", "server_url = \"https://mine.example\""];
    assert!(kept.iter().all(|part| text.contains(part)), "{text}");
    let files: Vec<_> = fs::read_dir(root.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(files, ["config.toml"]);
    assert!(!server::set(root.path(), "https://mine.example//").unwrap(), "the same server is no change");
    assert_eq!(fs::read_to_string(root.path().join("config.toml")).unwrap(), text);
    let shown = server::show(root.path()).unwrap();
    assert_eq!((shown.url.as_str(), shown.is_configured), (MINE, true));
}

#[test]
fn servers_that_tokens_must_not_go_to_are_refused_and_nothing_is_written() {
    let root = root();
    for good in ["http://localhost:8000", "http://127.0.0.1", "http://[::1]:9/base", "https://a"] {
        server::set(root.path(), good).unwrap_or_else(|error| panic!("{good}: {error}"));
    }
    let before = fs::read(root.path().join("config.toml")).unwrap();
    for bad in [
        "",
        " ",
        "/",
        "mine.example",
        "http://mine.example",
        "ftp://mine.example",
        "https://",
        "https:///x",
        "https://ada:pw@mine.example",
        "https://ada@mine.example",
        "https://mine.example?x=1",
        "https://mine.example#x",
        "https://mine.example:99999",
        "https://mi ne.example",
        "https://mine.example/\u{0}",
        "http://127.0.0.1.evil.example",
        "http://localhost.evil.example",
        "javascript:alert(1)",
        "https:mine.example",
        "https:\\\\mine.example",
        "https://mine.example\\@evil.example",
        "https://mine.example:",
        "https://[::1",
        "https://a b",
    ] {
        let Err(error) = server::set(root.path(), bad) else { panic!("{bad} is taken") };
        assert!(matches!(error, TargetError::InvalidTargetUrl { .. }), "{bad}: {error}");
    }
    assert_eq!(fs::read(root.path().join("config.toml")).unwrap(), before);
    fs::write(root.path().join("config.toml"), "[sync").unwrap();
    assert!(matches!(server::set(root.path(), MINE), Err(TargetError::Config(_))));
    assert_eq!(fs::read(root.path().join("config.toml")).unwrap(), b"[sync");
    fs::write(root.path().join("config.toml"), "sync = 1").unwrap();
    assert!(matches!(server::set(root.path(), MINE), Err(TargetError::NoTable { .. })));
}

#[test]
fn credentials_come_back_as_they_were_and_are_shown_by_nothing() {
    let root = root();
    assert_eq!(credentials::read(root.path()).unwrap(), None);
    log_in(root.path(), "ada \"quoted\" \n é", "acme");
    let read = credentials::read(root.path()).unwrap().unwrap();
    assert_eq!(read.username, "ada \"quoted\" \n é");
    assert_eq!(read.access.reveal(), "canary-access");
    assert!(!format!("{read:?} {}", read.refresh).contains("canary"));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = fs::metadata(credentials::path(root.path())).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    assert!(credentials::clear(root.path()).unwrap());
    assert!(!credentials::clear(root.path()).unwrap());
    for (text, reason) in [
        ("access = canary", "no TOML"),
        ("[user]\nusername = \"canary\"", "log in again"),
        ("[tokens]\naccess = \"\"\nrefresh = \"canary\"", "log in again"),
    ] {
        fs::write(credentials::path(root.path()), text).unwrap();
        let told = credentials::read(root.path()).unwrap_err().to_string();
        assert!(told.contains(reason) && !told.contains("canary"), "{told}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever the texts are: nothing fails, scope and path are ASCII and small, and follow from url and identity alone.
    #[test]
    fn any_unicode_text_gives_one_ascii_scope(url in "\\PC{0,30}", user in any::<String>(), team in any::<String>()) {
        let root = root();
        log_in(root.path(), &user, &team);
        let first = inspect_with(root.path(), Some(&url));
        prop_assert_eq!(&first, &inspect_with(root.path(), Some(&url)));
        let target = first.guard().unwrap();
        prop_assert!(scope(target).is_ascii() && !scope(target).bytes().any(|byte| byte.is_ascii_uppercase()));
        prop_assert!(scope(target).matches('|').count() >= 2);
        let path = target.queue_db_path().as_str().strip_prefix(root.path().to_str().unwrap()).unwrap();
        prop_assert!(path.is_ascii() && path.len() == "/queues/queue-0123456789abcdef.db".len());
        let surfaces = Surfaces::from(target);
        prop_assert!(surfaces.batch_url.starts_with(target.resolved_server_url().as_str()));
    }

    /// Two identities that differ in more than case, space around them and code points written out share no scope.
    #[test]
    fn other_identities_have_other_scopes(one in "[a-zé日]{1,8}", other in "[a-zé日]{1,8}", team in "[a-z0-9-]{0,8}") {
        prop_assume!(one != other);
        let root = root();
        let resolved = |user: &str| {
            log_in(root.path(), user, &team);
            inspect_with(root.path(), None).target().clone()
        };
        let (one, other) = (resolved(&one), resolved(&other));
        prop_assert_ne!(scope(&one), scope(&other));
        prop_assert_ne!(one.queue_db_path(), other.queue_db_path());
    }
}
