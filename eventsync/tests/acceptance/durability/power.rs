//! Recorded writers enter; power fails a thousand times, each time with another part of what was not flushed on the disk;
//! that every event that was acknowledged before is still there leaves.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use rusqlite::Connection;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::disk::{Dice, Disk};
use super::trace::{Deed, record};
use super::writer;
use crate::events::event;
use crate::home::Home;

/// How often power fails under `capture`.
const IMAGES: usize = 1000;

/// How often it fails under the writers that are there to show that this test can see.
const FEWER: usize = 250;

/// Events that are captured, one after the other.
const EVENTS: usize = 150;

#[test]
fn no_event_that_capture_acknowledged_is_lost_when_power_fails() {
    let home = Home::in_memory();
    // Of many sizes, so that rows end everywhere in a page; the log is taken over into the file on the way, and at the end.
    let padded = |number: usize| event(number).replace("Work ", &"Work ".repeat(1 + number * 7 % 900)) + "\n";
    let input: Vec<String> = (0..EVENTS).map(padded).collect();
    let deeds = record(&home.command(&["capture", "--json"]), &home.root(), &input);
    let is_store = |deed: &Deed| matches!(deed, Deed::Write { path, .. } if path.ends_with("sync.db"));
    let last_word = deeds.iter().rposition(|deed| matches!(deed, Deed::Say { .. })).expect("answers");
    assert!(deeds[..last_word].iter().filter(|deed| is_store(deed)).count() > 20, "the log was taken over on the way");
    let lost =
        replay(&deeds, IMAGES, |line| Some(serde_json::from_str::<Value>(line).ok()?["event_id"].as_str()?.to_owned()));
    assert_eq!(lost.damaged, Vec::<String>::new());
    assert_eq!(lost.events, 0, "of {} acknowledged ones, in {} of {IMAGES} images", lost.acknowledged, lost.images);
    assert!(lost.acknowledged > IMAGES * EVENTS / 4, "most images have events to lose: {}", lost.acknowledged);
}

#[test]
fn a_writer_that_flushes_its_log_loses_nothing() {
    let home = Home::in_memory();
    let lost = replay(&record(&writer::command(&home.root(), "FULL"), &home.root(), &[]), FEWER, writer::acknowledged);
    assert_eq!(lost.damaged, Vec::<String>::new());
    assert_eq!(lost.events, 0, "of {} acknowledged ones, in {} of {FEWER} images", lost.acknowledged, lost.images);
}

#[test]
fn the_same_writer_is_seen_to_lose_events_when_it_does_not_flush_its_log() {
    let home = Home::in_memory();
    let lost =
        replay(&record(&writer::command(&home.root(), "NORMAL"), &home.root(), &[]), FEWER, writer::acknowledged);
    assert_eq!(lost.damaged, Vec::<String>::new(), "it loses the end, and nothing else");
    assert!(lost.images > FEWER / 10, "{} of {FEWER} images lost {} events", lost.images, lost.events);
}

/// What was gone after power failed.
#[derive(Default)]
struct Lost {
    /// Acknowledged events that were not there, over all images.
    events: usize,
    /// Images in which one was not there.
    images: usize,
    /// Acknowledged events, over all images.
    acknowledged: usize,
    /// Images that are no sound store.
    damaged: Vec<String>,
}

/// Lets power fail: every other time as soon as something was acknowledged, else anywhere. `read` takes the id out of a line
/// that acknowledges an event.
fn replay(deeds: &[Deed], images: usize, read: impl Fn(&str) -> Option<String>) -> Lost {
    let mut dice = Dice::new(1);
    let says: Vec<usize> = (0..deeds.len()).filter(|at| matches!(deeds[*at], Deed::Say { .. })).collect();
    let mut cuts: Vec<usize> = (0..images)
        .map(|cut| if cut % 2 == 0 { says[dice.below(says.len())] + 1 } else { dice.below(deeds.len() + 1) })
        .collect();
    cuts.sort_unstable();
    let (mut disk, mut done, mut lost) = (Disk::default(), 0, Lost::default());
    let mut acknowledged = BTreeSet::new();
    let mut said: Vec<u8> = Vec::new();
    let after = Home::in_memory();
    for cut in cuts {
        for deed in &deeds[done..cut] {
            disk.take(deed);
            if let Deed::Say { bytes } = deed {
                said.extend_from_slice(bytes);
                // A line counts when all of it is out.
                while let Some(end) = said.iter().position(|byte| *byte == b'\n') {
                    let line: Vec<u8> = said.drain(..=end).collect();
                    acknowledged.extend(read(std::str::from_utf8(&line[..end]).expect("UTF-8 is printed")));
                }
            }
        }
        done = cut;
        let found = write_and_read(&after.root(), &disk, &mut dice);
        match found {
            Ok(found) => {
                let missing = acknowledged.difference(&found).count();
                lost.events += missing;
                lost.images += usize::from(missing > 0);
                lost.acknowledged += acknowledged.len();
            }
            Err(reason) => lost.damaged.push(format!("after {cut} deeds: {reason}")),
        }
    }
    lost
}

/// Puts an image where a store is expected, and reads it as any program would after the power is back.
fn write_and_read(root: &Path, disk: &Disk, dice: &mut Dice) -> Result<BTreeSet<String>, String> {
    let _ = fs::remove_dir_all(root);
    fs::create_dir_all(root).expect("a folder");
    for (path, bytes) in disk.image(dice) {
        let name = path.file_name().expect("a name");
        // The index of the log is memory that programs share; nothing of it outlives them.
        if !name.to_string_lossy().ends_with("-shm") {
            fs::write(root.join(name), bytes).expect("a file");
        }
    }
    read(&root.join("sync.db")).map_err(|error| error.to_string())
}

/// The ids of all events whose bytes are what their hash says.
fn read(store: &Path) -> rusqlite::Result<BTreeSet<String>> {
    let store = Connection::open(store)?;
    store.pragma_update(None, "synchronous", "OFF")?;
    let verdict: String = store.pragma_query_value(None, "integrity_check", |row| row.get(0))?;
    assert_eq!(verdict, "ok", "a damaged store");
    // Power failed before there was a journal.
    if !store.table_exists(None, "event_journal")? {
        return Ok(BTreeSet::new());
    }
    let mut statement = store.prepare("SELECT event_id, payload, payload_sha256 FROM event_journal")?;
    let rows = statement.query_map([], |row| {
        let (id, payload, sha): (String, Vec<u8>, [u8; 32]) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let actual: [u8; 32] = Sha256::digest(payload).into();
        assert_eq!(actual, sha, "the bytes of {id}");
        Ok(id)
    })?;
    rows.collect()
}
