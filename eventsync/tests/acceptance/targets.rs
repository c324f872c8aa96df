//! Endpoints, scopes and what servers say about themselves enter; is a target the same one, and does its row tell?

use eventsync::delivery::targets::{
    Facts, Target, TargetIdentity, TargetsError, canonical_url, find, list, register, register_from_resolved,
    reset_signal, retire, unretire,
};
use eventsync::generated::{ResetSeverity, TargetKind};
use eventsync::store::{self, in_transaction};
use eventsync::target::credentials::{self, Credentials, Secret};
use eventsync::target::inspect_with;
use proptest::prelude::*;
use rusqlite::Connection;
use tempfile::TempDir;

const FIRST: &str = "2026-01-01T00:00:00.000000+00:00";
const LATER: &str = "2026-01-02T00:00:00.000000+00:00";

struct Registry {
    _root: TempDir,
    connection: Connection,
}

impl Registry {
    fn new() -> Self {
        let root = tempfile::tempdir().unwrap();
        let connection = store::create(root.path()).unwrap();
        Self { _root: root, connection }
    }

    fn see(&mut self, identity: &TargetIdentity, facts: &Facts, now: &str) -> Target {
        self.try_see(identity, facts, now).unwrap()
    }

    fn try_see(&mut self, identity: &TargetIdentity, facts: &Facts, now: &str) -> Result<Target, TargetsError> {
        in_transaction(&mut self.connection, |transaction| register(transaction, identity, facts, now))
    }

    fn rows(&self) -> i64 {
        self.connection.query_row("SELECT count(*) FROM delivery_targets", [], |row| row.get(0)).unwrap()
    }
}

fn external(url: &str, team: &str, user: &str) -> TargetIdentity {
    TargetIdentity::new(TargetKind::External, url, Some(team), Some(user)).unwrap()
}

fn facts(instance: &str, deployment: &str, environment: &str, sha: &str) -> Facts {
    let said = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    Facts {
        server_instance_id: said(instance),
        deployment_id: said(deployment),
        environment_name: said(environment),
        git_sha: said(sha),
    }
}

#[test]
fn spellings_that_differ_in_looks_alone_are_one_endpoint() {
    for variant in [
        "https://sync.example",
        "https://sync.example/",
        "https://sync.example//",
        "HTTPS://sync.example",
        "https://Sync.EXAMPLE",
        "https://sync.example:443",
        "https://sync.example:443/",
        " https://sync.example ",
        "https://sync.example?x=1",
        "https://sync.example/#top",
    ] {
        assert_eq!(canonical_url(variant).unwrap(), "https://sync.example", "{variant}");
    }
    assert_eq!(canonical_url("http://a:80/In/").unwrap(), "http://a/In");
}

#[test]
fn endpoints_that_differ_in_more_are_different() {
    let urls = [
        "https://sync.example",
        "http://sync.example",
        "https://sync.example:8443",
        "https://sync.example:80",
        "http://sync.example:443",
        "https://other.example",
        "https://sync.example/base",
        "https://sync.example/Base",
        "https://sync.example/base/more",
        "https://sync.example.",
        "https://b\u{fc}cher.example",
        "https://bucher.example",
        "http://[::1]:8000",
        "http://127.0.0.1:8000",
    ];
    let ids: std::collections::BTreeSet<String> = urls.iter().map(|url| external(url, "", "").target_id).collect();
    assert_eq!(ids.len(), urls.len());
}

#[test]
fn what_is_no_endpoint_is_refused_with_its_reason() {
    for bad in [
        "",
        " ",
        "/",
        "sync.example",
        "//sync.example",
        "https:",
        "https://",
        "https:///path",
        "https://:8000",
        "https://a:",
        "https://a:x",
        "https://a:65536",
        "https://a:-1",
        "https://a:80x",
        "ftp://a",
        "file:///etc",
        "https://ada@a",
        "https://ada:pw@a",
        "https://[::1",
        "https://a b",
        "https://a\\b",
        "https://a\u{0}",
        "https://a%zz",
        "https://a<b>",
        "https://\u{e9}<",
        "https://\u{e9}:x",
        "mailto:a@b",
    ] {
        let Err(error) = canonical_url(bad) else { panic!("{bad:?} is taken") };
        assert!(error.url == bad && !error.reason.is_empty());
        assert!(TargetIdentity::new(TargetKind::External, bad, None, None).is_err());
    }
}

#[test]
fn hosts_of_other_scripts_are_encoded_and_those_that_cannot_be_get_a_spelling_of_their_own() {
    assert_eq!(canonical_url("https://B\u{dc}CHER.example/").unwrap(), "https://xn--bcher-kva.example");
    assert_eq!(
        canonical_url("https://b\u{fc}cher.example").unwrap(),
        canonical_url("https://xn--bcher-kva.example").unwrap()
    );
    let unencodable = canonical_url("https://a\u{fffd}b.example:8443/In").unwrap();
    assert_eq!(unencodable, "https://a_ufffd_b.example:8443/In");
    assert_ne!(unencodable, canonical_url("https://a\u{fdd0}b.example:8443/In").unwrap());
    assert_eq!(canonical_url("https://a/\u{e9}").unwrap(), "https://a/%C3%A9");
}

#[test]
fn an_id_is_made_of_url_and_scope_alone_and_is_safe_as_the_name_of_a_file() {
    let id = |team: &str, user: &str| external("https://a", team, user).target_id;
    // printf '%s\0%s\0%s' $(printf 'https://a' | sha256sum | cut -c1-64) acme ada | sha256sum
    assert_eq!(id("acme", "ada"), "tgt_acme_01e3549982173a6e5e00f108b676bebc");
    assert!(id("", "").starts_with("tgt_anon_"));
    assert!(id("a-b c/..", "").starts_with("tgt_a_b_c____"));
    assert!(id("\u{e9}\u{65e5}", "").starts_with("tgt_anon_"));
    assert_ne!(id("a-b", ""), id("a_b", ""), "what is cut from the name stands in the digest");
    assert_ne!(id("a", "b"), id("b", "a"));
    let absent = TargetIdentity::new(TargetKind::External, "https://a", None, None).unwrap();
    assert_eq!(absent, external("https://a", "", ""), "no scope and an empty one are one");
    assert!(id(&"x".repeat(500), "").len() < 100);
}

#[test]
fn two_urls_or_two_scopes_are_two_rows_and_one_seen_again_is_one() {
    let mut registry = Registry::new();
    let first = registry.see(&external("https://a", "", ""), &Facts::default(), FIRST);
    assert_eq!((first.first_seen_at.as_str(), first.last_seen_at.as_str()), (FIRST, FIRST));
    assert_eq!((first.redrain_epoch, first.retired_at.clone()), (0, None));
    let again = registry.see(&external("HTTPS://A:443/", "", ""), &Facts::default(), LATER);
    assert_eq!((again.first_seen_at.as_str(), again.last_seen_at.as_str()), (FIRST, LATER));
    assert_eq!(again.target_pk, first.target_pk);
    let back = registry.see(&external("https://a", "", ""), &Facts::default(), FIRST);
    assert_eq!(back.last_seen_at, LATER, "a clock that is set back takes nothing back");
    for other in [external("https://b", "", ""), external("https://a", "acme", ""), external("https://a", "", "ada")] {
        registry.see(&other, &Facts::default(), FIRST);
    }
    assert_eq!(registry.rows(), 4);
    let listed: Vec<String> = list(&registry.connection).unwrap().into_iter().map(|one| one.canonical_url).collect();
    assert_eq!(listed, ["https://a", "https://b", "https://a", "https://a"]);
}

#[test]
fn facts_that_are_given_replace_known_ones_and_never_make_another_target() {
    let mut registry = Registry::new();
    let identity = external("https://a", "", "");
    assert_eq!(registry.see(&identity, &Facts::default(), FIRST).facts, Facts::default());
    let full = facts("i1", "d1", "prod", "abc");
    assert_eq!(registry.see(&identity, &full, FIRST).facts, full);
    assert_eq!(registry.see(&identity, &Facts::default(), LATER).facts, full, "silence takes nothing back");
    assert_eq!(registry.see(&identity, &facts("", "d2", "", ""), LATER).facts, facts("i1", "d2", "prod", "abc"));
    assert_eq!(registry.see(&identity, &facts("i2", "", "", "def"), LATER).facts, facts("i2", "d2", "prod", "def"));
    assert_eq!(registry.rows(), 1);
}

#[test]
fn a_changed_stable_fact_is_a_sign_that_a_server_was_set_up_anew_and_nothing_else_is() {
    let known = facts("i1", "d1", "prod", "abc");
    let id = external("https://a", "", "").target_id;
    let changed = |now: &Facts| {
        let fields = |one: eventsync::generated::ResetSignal| {
            (one.changed_fields.iter().map(|field| field.as_str()).collect::<Vec<_>>().join(" "), one.severity)
        };
        reset_signal(&id, &known, now).map(fields)
    };
    let sign = |fields: &str, severity| Some((fields.to_owned(), severity));
    assert_eq!(changed(&facts("i2", "d1", "prod", "abc")), sign("server_instance_id", ResetSeverity::Warning));
    assert_eq!(changed(&facts("i1", "d1", "stage", "abc")), sign("environment_name", ResetSeverity::Hint));
    assert_eq!(changed(&facts("", "", "", "def")), sign("git_sha", ResetSeverity::Hint));
    let all = "server_instance_id environment_name git_sha";
    assert_eq!(changed(&facts("i2", "d2", "stage", "def")), sign(all, ResetSeverity::Warning));
    assert_eq!(changed(&facts("i1", "d2", "prod", "abc")), None, "a deployment alone means nothing");
    assert_eq!(changed(&known), None);
    assert_eq!(changed(&Facts::default()), None);
    assert_eq!(reset_signal(&id, &Facts::default(), &known), None, "the first sight is no change");
    let empty = Facts { git_sha: Some(String::new()), ..Facts::default() };
    assert_eq!(changed(&empty), None);
}

#[test]
fn a_reset_signal_is_kept_beside_the_target_and_changes_nothing_else() {
    let mut registry = Registry::new();
    let identity = external("https://a", "", "");
    registry.see(&identity, &facts("i1", "", "", ""), FIRST);
    let found = registry.see(&identity, &facts("i2", "", "", ""), LATER);
    let signal = found.reset_signal.clone().unwrap();
    assert_eq!(signal.previous.server_instance_id.unwrap().as_str(), "i1");
    assert_eq!(signal.current.server_instance_id.unwrap().as_str(), "i2");
    let advice = format!("eventsync redrain --target {}", identity.target_id);
    assert!(signal.recommendation.as_str().contains(&advice));
    assert_eq!((found.redrain_epoch, registry.rows()), (0, 1));
    let later = registry.see(&identity, &facts("i2", "", "", ""), LATER);
    assert_eq!(later.reset_signal, found.reset_signal, "it stays until something else changes");
}

#[test]
fn the_hosted_service_is_registered_by_what_was_resolved_also_for_nobody() {
    let mut registry = Registry::new();
    let root = tempfile::tempdir().unwrap();
    let mut seen = Vec::new();
    for login in [None, Some(("ada@example.org", "acme"))] {
        if let Some((user, team)) = login {
            let credentials = Credentials {
                access: Secret::new("a"),
                refresh: Secret::new("r"),
                access_expires_at: None,
                refresh_expires_at: None,
                username: user.to_owned(),
                team_slug: team.to_owned(),
                server_url: None,
            };
            credentials::write(root.path(), &credentials).unwrap();
        }
        let resolved = inspect_with(root.path(), Some("https://Sync.example/"));
        let target = in_transaction(&mut registry.connection, |transaction| {
            register_from_resolved(transaction, resolved.target(), &Facts::default(), FIRST)
        })
        .unwrap();
        assert_eq!(target.canonical_url, "https://sync.example");
        assert_eq!(target.kind, TargetKind::Teamspace);
        seen.push((target.team_slug, target.user_email, target.target_id));
    }
    assert_eq!((seen[0].0.as_str(), seen[0].1.as_str()), ("", ""));
    assert!(seen[0].2.starts_with("tgt_anon_") && seen[1].2.starts_with("tgt_acme_"));
    assert_eq!((seen[1].0.as_str(), seen[1].1.as_str()), ("acme", "ada@example.org"));
    let resolved = inspect_with(root.path(), Some("no url"));
    assert!(TargetIdentity::from_resolved(resolved.target()).is_err());
}

/// No source but the registry's own makes an identity of the hosted service of a URL.
#[test]
fn only_a_resolved_server_becomes_the_hosted_service() {
    let mut folders = vec![std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap().split_whitespace().collect::<String>();
            let makes = text.contains("::new(TargetKind::Teamspace");
            assert!(!makes || path.ends_with("targets/identity.rs"), "{}", path.display());
        }
    }
}

#[test]
fn one_endpoint_is_never_two_kinds_of_target() {
    let mut registry = Registry::new();
    registry.see(&external("https://a", "", ""), &Facts::default(), FIRST);
    let stub = TargetIdentity::new(TargetKind::Stub, "https://a/", None, None).unwrap();
    let error = registry.try_see(&stub, &Facts::default(), LATER).unwrap_err();
    assert!(matches!(error, TargetsError::OtherKind { .. }), "{error}");
    assert_eq!(registry.rows(), 1);
}

#[test]
fn a_retired_target_keeps_its_row_and_the_moment_when_it_went() {
    let mut registry = Registry::new();
    let id = registry.see(&external("https://a", "", ""), &Facts::default(), FIRST).target_id;
    let mut change = |retires: Option<&str>| {
        in_transaction(&mut registry.connection, |transaction| match retires {
            Some(now) => retire(transaction, &id, now),
            None => unretire(transaction, &id),
        })
        .unwrap();
        find(&registry.connection, &id).unwrap().unwrap().retired_at
    };
    assert_eq!(change(Some(FIRST)).as_deref(), Some(FIRST));
    assert_eq!(change(Some(LATER)).as_deref(), Some(FIRST));
    assert_eq!(change(None), None);
    let gone = in_transaction(&mut registry.connection, |transaction| retire(transaction, "tgt_x", FIRST)).unwrap_err();
    assert!(matches!(gone, TargetsError::Unknown { .. }) && gone.to_string().contains("targets list"));
    assert_eq!(find(&registry.connection, "tgt_x").unwrap(), None);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    /// No text makes it panic; what is canonical is ASCII, has no other spelling, and names the same target.
    #[test]
    fn a_canonical_url_is_its_own(
        host in "[a-zA-Z0-9\u{e9}\u{65e5}\u{fffd}.%:@\\[\\]<-]{0,16}", path in "(/[a-zA-Z\u{e9}.%]{0,4}){0,3}",
        scheme in "(https|HTTP|ftp)", team in any::<String>(), user in any::<String>(),
    ) {
        let url = format!("{scheme}://{host}{path}");
        if let Ok(canonical) = canonical_url(&url) {
            prop_assert!(canonical.is_ascii(), "{}", canonical);
            prop_assert_eq!(canonical_url(&canonical).unwrap(), canonical.clone());
            let of = |url: &str| TargetIdentity::new(TargetKind::External, url, Some(&team), Some(&user)).unwrap();
            let identity = of(&url);
            prop_assert_eq!(&identity, &of(&canonical));
            let is_safe = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
            prop_assert!(identity.target_id.bytes().all(is_safe) && identity.target_id.starts_with("tgt_"));
        }
    }

    #[test]
    fn no_text_at_all_makes_it_panic(url in any::<String>()) {
        let _ = canonical_url(&url);
    }
}
