//! Servers and identities enter, in letters of many scripts; that their queues are known by the digests that Python, in which
//! older programs were written, makes of them leaves.

use std::fs;
use std::io::Write;
use std::process::{Command, Stdio};

use eventsync::{migrate, target};
use proptest::prelude::{Strategy, prop};
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

use super::queue::{self, envelope};
use crate::home::Home;

/// Both schemes as they are specified, in words of Python.
const ORACLE: &str = r#"
import hashlib, json, sys
def ascii(text): return "".join(c if ord(c) < 128 else "_u%04x_" % ord(c) for c in text)
def sha(text): return hashlib.sha256(text.encode()).hexdigest()
for line in sys.stdin:
    url, user, team = json.loads(line)
    short = "|".join([ascii(url).strip().lower().rstrip("/"), ascii(user).strip().lower(), ascii(team).strip().lower()])
    long = "\0".join(part.strip().lower() for part in (url, user, team))
    print(json.dumps([sha(short)[:16], sha(long)]))
"#;

/// What the oracle says of each server and identity.
fn expected(cases: &[[String; 3]]) -> Vec<[String; 2]> {
    let mut python = Command::new("python3");
    let spawned =
        python.args(["-c", ORACLE]).env("PYTHONIOENCODING", "utf-8").stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = spawned.spawn().expect("python3 is needed for this test");
    let mut stdin = child.stdin.take().expect("a pipe");
    let lines: String = cases.iter().map(|case| json!(case).to_string() + "\n").collect();
    let feeding = std::thread::spawn(move || stdin.write_all(lines.as_bytes()));
    let output = child.wait_with_output().expect("python3 ends");
    feeding.join().expect("the thread ends").expect("python3 reads");
    let said = String::from_utf8(output.stdout).expect("UTF-8");
    said.lines().map(|line| serde_json::from_str(line).expect("two digests")).collect()
}

/// A root with this server configured and this identity logged in.
fn home_of([url, user, team]: &[String; 3]) -> Home {
    let home = Home::new();
    let quoted = |text: &str| toml_edit::Value::from(text).to_string();
    fs::create_dir_all(home.root()).expect("a folder");
    fs::write(home.root().join("config.toml"), format!("[sync]\nserver_url = {}\n", quoted(url))).expect("a file");
    let credentials = format!(
        "[tokens]\naccess = 'a'\nrefresh = 'r'\n[user]\nusername = {}\nteam_slug = {}\n[server]\nurl = {}\n",
        quoted(user),
        quoted(team),
        quoted(url)
    );
    fs::write(home.root().join("credentials"), credentials).expect("a file");
    home
}

#[test]
fn both_digests_are_those_of_python_for_every_script() {
    let letters: Vec<char> =
        [' '..='~', 'À'..='ɏ', 'Ͱ'..='Ͽ', 'Ѐ'..='ӿ', '一'..='丠', '😀'..='😏', '\u{a0}'..='\u{a0}']
            .into_iter()
            .flatten()
            .filter(|letter| letter.is_alphanumeric() || letter.is_ascii() || letter.is_whitespace())
            .collect();
    let part = || prop::collection::vec(prop::sample::select(letters.clone()), 0..12).prop_map(String::from_iter);
    let plain = prop::collection::vec(prop::sample::select(vec!['A', 'z', '.', '@', '/', '-', ' ']), 0..9)
        .prop_map(String::from_iter);
    let strategy = (part(), prop::strategy::Union::new([part().boxed(), plain.boxed()]), part());
    let mut runner = TestRunner::deterministic();
    let mut cases: Vec<[String; 3]> = (0..300)
        .map(|_| strategy.new_tree(&mut runner).expect("a case").current())
        .map(|(host, user, team)| [format!(" HTTPS://{host}/"), user, team])
        .collect();
    cases.push(["https://example.org".to_owned(), "Zoë@Müller.de".to_owned(), "ÉQUIPE".to_owned()]);
    cases.push(["https://example.org".to_owned(), String::new(), String::new()]);
    for (case, [short, long]) in cases.iter().zip(expected(&cases)) {
        let home = home_of(case);
        let resolution = target::inspect_with(&home.root(), None);
        let known = migrate::known_digests(&resolution);
        assert_eq!((&known[0], &known[1]), (&short, &long), "{case:?}");
        assert!(known.iter().all(|digest| digest.bytes().all(|byte| byte.is_ascii_hexdigit())), "{case:?}");
    }
}

#[test]
fn a_queue_of_the_target_is_known_by_either_digest_and_a_foreign_one_is_not() {
    let as_configured = ["https://Sync.Example/".to_owned(), "Ann@Example.org".to_owned(), "Team-É".to_owned()];
    let without_slash = ["https://Sync.Example".to_owned(), as_configured[1].clone(), as_configured[2].clone()];
    let [digests, cut] = expected(&[as_configured.clone(), without_slash])[..].to_owned().try_into().expect("two");
    let home = home_of(&as_configured);
    let foreign = "0".repeat(64);
    for digest in [&digests[0], &digests[1], &cut[1], &foreign] {
        queue::put(&queue::scoped(&home.root(), digest), digest, &envelope(digest, ""), 5);
    }
    queue::put(&queue::legacy(&home.root()), "legacy", &envelope("legacy", ""), 5);
    let said = home.run(&["migrate", "--json"]);
    assert_eq!(said.code, Some(0), "{said:?}");
    let sources = said.json()["sources"].as_array().expect("sources").clone();
    let target_of = |digest: &str| {
        let source = sources.iter().find(|source| source["source_digest"] == digest).expect("the source");
        source["target_id"].clone()
    };
    for digest in [&digests[0], &digests[1], &cut[1]] {
        assert_eq!(target_of(digest), Value::from(format!("known:{digest}")));
    }
    assert_eq!(target_of(&foreign), Value::from(format!("unknown:{foreign}")));
    assert_eq!(target_of("legacy"), "unknown:legacy");
    let told = home.rows("SELECT DISTINCT target_id LIKE 'known:%' FROM migration_provenance ORDER BY 1");
    assert_eq!(told, ["0", "1"]);
    assert_eq!(home.number("SELECT count(*) FROM delivery_targets"), 0, "no target is invented");
}
