//! Names and configurations enter; does the mode follow that was meant, and does nothing leave where it is not known?

use std::fs;
use std::path::Path;

use eventsync::generated::{DiscardDecisionKind, FamilyClassification, Mode};
use eventsync::policy::discard::{classify, decide};
use eventsync::policy::modes::{HeaderSource, ModeError, ModeSetting, parse, read, set};
use tempfile::TempDir;

const ENDPOINT: &str = "https://receiver.example/in";

fn root() -> TempDir {
    tempfile::tempdir().unwrap()
}

fn written(root: &Path) -> String {
    fs::read_to_string(root.join("config.toml")).unwrap()
}

fn setting(text: &str) -> ModeSetting {
    let root = root();
    fs::write(root.path().join("config.toml"), text).unwrap();
    read(root.path())
}

#[test]
fn names_are_read_in_any_case_and_others_are_refused_with_the_list() {
    for (name, mode) in [
        ("TEAMSPACE", Mode::Teamspace),
        ("teamspace", Mode::Teamspace),
        ("external-receiver", Mode::ExternalReceiver),
        ("External_Receiver", Mode::ExternalReceiver),
        (" local_retention ", Mode::LocalRetention),
        ("opt-out", Mode::OptOut),
        ("trash", Mode::OptOut),
        ("TRASH", Mode::OptOut),
    ] {
        assert_eq!(parse(name).unwrap(), mode, "{name}");
    }
    for name in ["", "team space", "external", "OPTOUT", "\u{130}"] {
        let told = parse(name).unwrap_err().to_string();
        let names = ["TEAMSPACE", "EXTERNAL_RECEIVER", "LOCAL_RETENTION", "OPT_OUT"];
        assert!(names.iter().all(|one| told.contains(one)), "{told}");
    }
}

#[test]
fn without_a_setting_the_mode_is_that_of_the_hosted_service() {
    for text in ["", "[sync]\nserver_url = \"https://a\"", "[event_sync]"] {
        let found = setting(text);
        assert_eq!((found.mode, found.diagnostic), (Mode::Teamspace, None));
        assert_eq!((found.discard_audit, found.min_data_tier, found.external_endpoint), (false, 0, None));
    }
    assert_eq!(read(root().path()).mode, Mode::Teamspace);
}

#[test]
fn a_mode_is_kept_in_small_letters_with_its_endpoint_and_all_else_stays() {
    let root = root();
    let before = "# mine\n[sync]\nserver_url = \"https://a\" # kept\n\n[event_sync]\nmin_data_tier = 2\n";
    fs::write(root.path().join("config.toml"), before).unwrap();
    set(root.path(), Mode::ExternalReceiver, Some(" https://receiver.example/in ")).unwrap();
    let text = written(root.path());
    let kept = ["# mine", "# kept", "min_data_tier = 2", "mode = \"external_receiver\""];
    assert!(kept.iter().all(|part| text.contains(part)), "{text}");
    let found = read(root.path());
    assert_eq!((found.mode, found.external_endpoint.as_deref()), (Mode::ExternalReceiver, Some(ENDPOINT)));
    assert_eq!((found.min_data_tier, found.diagnostic), (2, None));
    for (mode, name) in
        [(Mode::OptOut, "opt_out"), (Mode::LocalRetention, "local_retention"), (Mode::Teamspace, "teamspace")]
    {
        set(root.path(), mode, None).unwrap();
        let text = written(root.path());
        assert!(text.contains(&format!("mode = {name:?}")) && !text.contains("external_endpoint"), "{text}");
        assert!(text.contains("server_url = \"https://a\" # kept"), "the server is no part of a mode");
        assert_eq!(read(root.path()).mode, mode);
    }
}

#[test]
fn an_endpoint_is_needed_where_there_is_one_and_refused_where_there_is_none() {
    let root = root();
    assert!(matches!(set(root.path(), Mode::ExternalReceiver, None), Err(ModeError::MissingExternalEndpoint)));
    for mode in [Mode::Teamspace, Mode::LocalRetention, Mode::OptOut] {
        assert!(matches!(set(root.path(), mode, Some(ENDPOINT)), Err(ModeError::UnusedEndpoint { .. })));
    }
    for bad in ["", "receiver.example", "http://receiver.example", "https://ada:pw@a", "ftp://a"] {
        let error = set(root.path(), Mode::ExternalReceiver, Some(bad)).unwrap_err();
        assert!(matches!(error, ModeError::InvalidTargetUrl(_)), "{bad}: {error}");
    }
    assert!(!root.path().join("config.toml").exists(), "nothing was written");
    for good in ["http://127.0.0.1:8000/in?key=1", "http://localhost:9", "http://[::1]:9"] {
        set(root.path(), Mode::ExternalReceiver, Some(good)).unwrap();
        assert_eq!(read(root.path()).external_endpoint.as_deref(), Some(good), "verbatim");
    }
}

#[test]
fn a_setting_that_cannot_be_read_lets_nothing_out_and_says_so() {
    for text in ["[event_sync]\nmode = \"everything\"", "[event_sync]\nmode = 5", "event_sync = 5", "[event_sync"] {
        let found = setting(text);
        assert_eq!(found.mode, Mode::LocalRetention, "{text}");
        let told = found.diagnostic.unwrap();
        assert!(told.starts_with("mode_unreadable") && told.contains("eventsync mode"), "{told}");
    }
    let found = setting("[event_sync]\nmode = \"external_receiver\"\nexternal_endpoint = \"http://a\"");
    assert_eq!((found.mode, found.external_endpoint), (Mode::ExternalReceiver, None));
    assert!(found.diagnostic.unwrap().contains("in the clear"));
    let found = setting("[event_sync]\nmin_data_tier = 9\ndiscard_audit = \"yes\"");
    assert_eq!((found.min_data_tier, found.discard_audit), (4, false));
    assert_eq!(found.diagnostic.unwrap().matches("unreadable").count(), 2);
}

#[test]
fn a_damaged_file_is_not_written_over() {
    for (text, is_table) in [("[event_sync", true), ("event_sync = 5", false)] {
        let root = root();
        fs::write(root.path().join("config.toml"), text).unwrap();
        let error = set(root.path(), Mode::OptOut, None).unwrap_err();
        let is_right =
            if is_table { matches!(error, ModeError::Config(_)) } else { matches!(error, ModeError::NoTable { .. }) };
        assert!(is_right, "{error}");
        assert_eq!(written(root.path()), text);
    }
}

/// The file says where a value is; a value itself is neither used nor repeated.
#[test]
fn headers_name_where_their_values_are() {
    let found = setting(
        "[event_sync.external_headers]\nX-Key = \"env:SYNC_KEY\"\nAuthorization = \"file:/run/token\"\n\
         X-Plain = \"canary-secret\"\nX-Empty = \"env:\"\n\"X Bad\" = \"env:A\"\nX-Number = 5",
    );
    let expected = [
        ("X-Key".to_owned(), HeaderSource::Env("SYNC_KEY".to_owned())),
        ("Authorization".to_owned(), HeaderSource::File("/run/token".to_owned())),
    ];
    assert_eq!(found.external_headers, expected);
    let told = found.diagnostic.unwrap();
    assert!(["X-Plain", "X-Empty", "X Bad", "X-Number"].iter().all(|name| told.contains(name)), "{told}");
    assert!(!told.contains("canary"));
    let none = setting("[event_sync]\nexternal_headers = 5");
    assert!(none.external_headers.is_empty() && none.diagnostic.is_some());
}

#[test]
fn events_of_this_machine_may_go_and_all_others_leave_evidence_or_stay() {
    use DiscardDecisionKind::{AuditRecorded, DiscardAllowed, Refused};
    for (class, without, with) in [
        (FamilyClassification::LocalOnly, DiscardAllowed, DiscardAllowed),
        (FamilyClassification::ExplicitlyDiscardable, DiscardAllowed, DiscardAllowed),
        (FamilyClassification::TeamspaceBound, Refused, AuditRecorded),
        (FamilyClassification::Unknown, Refused, AuditRecorded),
    ] {
        assert_eq!(decide(class, false).kind, without);
        assert_eq!(decide(class, true).kind, with);
    }
    assert!(decide(FamilyClassification::Unknown, false).reason.contains("discard_audit"));
}

#[test]
fn a_type_that_nobody_registered_is_unknown_however_it_looks() {
    assert_eq!(classify("local.metric"), FamilyClassification::LocalOnly);
    assert_eq!(classify("ephemeral.cache"), FamilyClassification::ExplicitlyDiscardable);
    assert_eq!(classify("WPStatusChanged"), FamilyClassification::TeamspaceBound);
    for unknown in ["", "local.metric2", "LOCAL.METRIC", " local.metric", "ConnectorRevoked", "\u{0}"] {
        assert_eq!(classify(unknown), FamilyClassification::Unknown, "{unknown:?}");
    }
}
