//! Files below a root enter; which of them are queues, and whose, leaves.

use std::fs;

use super::queue::{self, envelope};
use crate::home::{Home, files};

#[test]
fn nothing_found_is_an_honest_zero_and_makes_nothing() {
    let home = Home::new();
    let said = home.run(&["migrate"]);
    assert_eq!(said.code, Some(0));
    assert_eq!(said.out, "imported: 0\ndeduped: 0\nconflicts: 0\nsource_errors: 0\nexit_code: 0\n");
    fs::create_dir_all(home.root().join("queues")).expect("a folder");
    assert_eq!(home.run(&["migrate"]).code, Some(0));
    assert!(files(&home.root()).is_empty());
}

#[test]
fn the_queue_without_scope_comes_first_then_the_others_by_digest() {
    let home = Home::new();
    let long = "0f".repeat(32);
    for digest in ["b2", &long, "a"] {
        queue::put(&queue::scoped(&home.root(), digest), digest, &envelope(digest, ""), 5);
    }
    queue::put(&queue::legacy(&home.root()), "l", &envelope("l", ""), 9);
    let said = home.run(&["migrate", "--json"]);
    let order: Vec<String> =
        said.json()["sources"].as_array().expect("sources").iter().map(|s| s["target_id"].to_string()).collect();
    let expected = ["legacy", &long, "a", "b2"].map(|digest| format!("\"unknown:{digest}\""));
    assert_eq!(order, expected);
    assert_eq!(home.rows("SELECT event_id FROM event_journal ORDER BY seq"), ["l", &long, "a", "b2"]);
}

#[test]
fn other_names_are_told_and_left_alone() {
    let home = Home::new();
    queue::put(&queue::scoped(&home.root(), "a1"), "e", &envelope("e", ""), 5);
    let folder = home.root().join("queues");
    let others = ["queue-.db", "queue-XYZ.db", "queue-A1.db", "queue-ä.db", "notes.txt", "queue-a1.db.bak"];
    for name in others {
        fs::write(folder.join(name), "garbage").expect("a file");
    }
    fs::write(folder.join("queue-a1.db-wal"), "").expect("an empty log");
    fs::create_dir(folder.join("queue-dd.db")).expect("a folder");
    let said = home.run(&["migrate"]);
    assert_eq!(said.code, Some(0), "{said:?}");
    for name in others {
        assert!(said.err.contains(&format!("queues/{name}: it is not named as queues are")), "{name}: {said:?}");
    }
    assert!(said.err.contains("queues/queue-dd.db: it is no file"), "{said:?}");
    assert!(!said.err.contains("-wal"), "{said:?}");
    assert_eq!(home.number("SELECT count(*) FROM event_journal"), 1);
}

#[cfg(unix)]
#[test]
fn links_are_followed_within_the_root_only() {
    use std::os::unix::fs::symlink;
    let (home, other) = (Home::new(), Home::new());
    queue::put(&queue::legacy(&other.root()), "foreign", &envelope("foreign", ""), 5);
    queue::put(&queue::legacy(&home.root()), "own", &envelope("own", ""), 5);
    let folder = home.root().join("queues");
    fs::create_dir_all(&folder).expect("a folder");
    symlink(other.root().join("queue.db"), folder.join("queue-aa.db")).expect("a link");
    symlink(home.root().join("queue.db"), folder.join("queue-bb.db")).expect("a link");
    symlink(home.root().join("nowhere"), folder.join("queue-cc.db")).expect("a link");
    let said = home.run(&["migrate", "--json"]);
    assert_eq!(said.code, Some(0), "{said:?}");
    assert!(said.err.contains("queue-aa.db: it is a link that leads out of the root"), "{said:?}");
    assert!(said.err.contains("queue-cc.db: it is a link that leads nowhere"), "{said:?}");
    assert_eq!(home.rows("SELECT event_id FROM event_journal"), ["own"]);
    assert_eq!(said.json()["deduped"], 1, "the same file by another name");
}
