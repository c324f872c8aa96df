//! An open queue enters; its events leave as the journal takes them, made ready on a thread of their own, the oldest first.

use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread;

use super::import::ImportError;
use super::legacy::{Queue, QueuedEvent, SourceError};
use crate::journal::envelope::Head;
use crate::journal::{NewEvent, fingerprint};
use crate::policy::capture;
use crate::store::clock;

/// Events that are handed over at once at most, and bytes after which no other joins them.
const LOT: usize = 100;
const LOT_BYTES: usize = 64 * 1024;
/// Lots that are made ready ahead.
const AHEAD: usize = 16;

/// Who produced an event of a queue: that was not kept.
const NOBODY: &str = "local";

/// A row of a queue.
pub(super) struct Ready {
    /// Its number there.
    pub id: i64,
    /// The event; none where its id or type is no text.
    pub event: Option<ReadyEvent>,
}

/// An event with what the migration has to know of it.
pub(super) struct ReadyEvent {
    /// As the journal takes it.
    pub event: NewEvent,
    /// What its payload says, hashed.
    pub fingerprint: [u8; 32],
    /// Under which only the newest was kept.
    pub coalesce_key: Option<String>,
}

/// Gives every row to `each`, while later ones are read and judged; `now` is the time of those that have none.
pub(super) fn each_row(
    queue: Queue,
    now: &str,
    mut each: impl FnMut(Ready) -> Result<(), ImportError>,
) -> Result<(), ImportError> {
    let (sender, lots) = sync_channel(AHEAD);
    thread::scope(|scope| {
        let reading = scope.spawn(move || read(&queue, now, &sender));
        // Left by an error, this takes the receiver along, and nobody reads on.
        for ready in lots.into_iter().flatten() {
            each(ready)?;
        }
        Ok(reading.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))?)
    })
}

fn read(queue: &Queue, now: &str, lots: &SyncSender<Vec<Ready>>) -> Result<(), SourceError> {
    let (mut lot, mut bytes) = (Vec::new(), 0);
    queue.events(|queued| {
        bytes += queued.data.len();
        lot.push(ready(queued, now));
        if lot.len() < LOT && bytes < LOT_BYTES {
            return true;
        }
        bytes = 0;
        lots.send(std::mem::take(&mut lot)).is_ok()
    })?;
    // Who does not want the last ones any more has an error of his own.
    let _ = lots.send(lot);
    Ok(())
}

fn ready(queued: QueuedEvent, now: &str) -> Ready {
    let QueuedEvent { id, event_id, event_type, data, queued_at, coalesce_key } = queued;
    let event = event_id.zip(event_type).map(|(event_id, event_type)| {
        // What cannot be read as an envelope belongs to no project, and is kept as it is.
        let head = Head::read(&data).unwrap_or_default();
        let fingerprint = fingerprint(&data);
        let occurred_at = queued_at.map_or_else(|| now.to_owned(), clock::text);
        let event = NewEvent { occurred_at, ..capture::described(&head, event_id, event_type, data, NOBODY) };
        ReadyEvent { event, fingerprint, coalesce_key }
    });
    Ready { id, event }
}
