//! Lines of envelopes enter, from a file or stdin; an answer to each leaves as soon as it is durable.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, sync_channel};

use clap::Args;
use serde_json::json;

use super::context::Context;
use super::failure::Failure;
use super::line::in_one_line;
use super::{Outcome, print};
use crate::generated::{CaptureOutcome, DrainBlockedReason, ExitCode, Id, ModeDelivery, Text};
use crate::policy::capture::{Ack, Capture, Line, producer_scope};
use crate::policy::saas_is_enabled;
use crate::store::{self, STORE_FILE, files};

/// Lines that become durable together at most; the pages of more of usual size would not fit into SQLite's cache.
const GROUP: usize = 2000;
/// Lines that are read at once at most.
const LOT: usize = 100;
/// Lots that are read ahead: of so many producers each has a line in one of its own.
const AHEAD: usize = 64;
/// Bytes that are read at once.
const BUFFER: usize = 64 * 1024;

/// Keep events: one envelope in JSON a line, one answer a line
#[derive(Args)]
pub struct CaptureArguments {
    /// Where the lines are; stdin if nothing is said
    file: Option<PathBuf>,
    /// Answer each line in JSON
    #[arg(long)]
    json: bool,
}

impl CaptureArguments {
    pub fn run(self) -> Result<Outcome, Failure> {
        // Keeping an event concerns no server: two of them are no reason to lose it.
        let context = Context::inspect();
        let input: Box<dyn Read + Send> = match &self.file {
            None => Box::new(io::stdin()),
            Some(path) => {
                Box::new(File::open(path).map_err(|error| Failure::new(format!("{}: {error}", path.display())))?)
            }
        };
        let capture = Arc::new(of(&context));
        let mut connection = store::create(&context.root)?;
        let path = context.root.join(STORE_FILE);
        let written = files::identity(&path)?;
        let mut lines = Ahead { lots: read_ahead(input, Arc::clone(&capture)), failed: None };
        let (mut number, mut is_well) = (0, true);
        while let Some(group) = lines.next_group()? {
            let acks = capture.lines(&mut connection, group)?;
            // Who removed the store or put another in its place left this one to take commits that nobody will find.
            if files::identity(&path).ok() != Some(written) {
                return Err(Failure::new(format!(
                    "{} was removed or replaced: nothing of this was kept",
                    path.display()
                )));
            }
            let mut out = String::new();
            for ack in &acks {
                number += 1;
                is_well &= ack.is_well();
                out.push_str(&self.line(number, ack));
            }
            print(&out)?;
        }
        Ok(Outcome::of(if is_well { ExitCode::Done } else { ExitCode::Failed }))
    }

    /// What is printed of an event; what is wrong with it goes to stderr too.
    fn line(&self, number: usize, ack: &Ack) -> String {
        let id = in_one_line(ack.event_id.as_deref().unwrap_or("-"));
        for (kind, text) in [("warning", &ack.warning), ("error", &ack.error)] {
            if let Some(text) = text {
                eprintln!("{kind}: event {number} ({id}): {}", in_one_line(text));
            }
        }
        if ack.outcome == Some(CaptureOutcome::RefusedKept) {
            eprintln!("notice: event {number} ({id}) is kept though the mode keeps nothing: it is not to be discarded");
        }
        let outcome = ack.outcome.map(CaptureOutcome::as_str);
        if !self.json {
            return format!("{} {id}\n", outcome.unwrap_or("not_kept"));
        }
        let mut line = json!({"event_id": ack.event_id, "outcome": outcome});
        let told = [("into", &ack.into), ("warning", &ack.warning), ("error", &ack.error)];
        for (key, value) in told.into_iter().filter_map(|(key, value)| Some((key, value.as_ref()?))) {
            line[key] = json!(value);
        }
        format!("{line}\n")
    }
}

/// What holds for all lines.
fn of(context: &Context) -> Capture {
    let target = context.resolution.target();
    let (user, team) = (target.user_id().map(Id::as_str), target.team_slug().map(Text::as_str));
    let goes_to_teamspace = context.delivery() == ModeDelivery::Teamspace;
    let reasons = [
        (DrainBlockedReason::SaasDisabled, !saas_is_enabled()),
        (DrainBlockedReason::MissingAuth, user.is_none()),
        (DrainBlockedReason::MissingTeam, team.is_none()),
    ];
    let blocked = reasons.into_iter().find(|(_, holds)| *holds && goes_to_teamspace).map(|(reason, _)| reason);
    Capture {
        root: context.root.clone(),
        mode: context.mode.mode,
        discard_audit: context.mode.discard_audit,
        producer_scope: producer_scope(user, team),
        blocked,
    }
}

/// Lines that were there together.
type Lot = Vec<Line>;

/// Reads and judges lines while earlier ones are stored. A line is not kept waiting for others that are not there yet.
fn read_ahead(input: Box<dyn Read + Send>, capture: Arc<Capture>) -> Receiver<io::Result<Lot>> {
    let (sender, lots) = sync_channel(AHEAD);
    std::thread::spawn(move || {
        let mut reader = BufReader::with_capacity(BUFFER, input);
        // Nobody listens any more once a write failed.
        while let Some(read) = next_lot(&mut reader, &capture) {
            let is_last = read.is_err();
            if sender.send(read).is_err() || is_last {
                return;
            }
        }
    });
    lots
}

/// The next line, and those behind it that are in the buffer already; none at the end. Empty lines are passed over.
fn next_lot(reader: &mut BufReader<impl Read>, capture: &Capture) -> Option<io::Result<Lot>> {
    let (mut lot, mut line) = (Vec::new(), Vec::new());
    loop {
        line.clear();
        match reader.read_until(b'\n', &mut line) {
            Ok(0) => return (!lot.is_empty()).then_some(Ok(lot)),
            Ok(_) if line.iter().all(u8::is_ascii_whitespace) => {}
            Ok(_) => lot.push(capture.read(line.strip_suffix(b"\n").unwrap_or(&line))),
            // What came before is kept; the next look meets the same error.
            Err(_) if !lot.is_empty() => return Some(Ok(lot)),
            Err(error) => return Some(Err(error)),
        }
        if !lot.is_empty() && (lot.len() >= LOT || !reader.buffer().contains(&b'\n')) {
            return Some(Ok(lot));
        }
    }
}

/// Lines that were read and are not stored yet.
struct Ahead {
    lots: Receiver<io::Result<Lot>>,
    /// Why reading ended, once the lines before that are stored.
    failed: Option<io::Error>,
}

impl Ahead {
    /// The lines that are there now, at least one; none at the end.
    fn next_group(&mut self) -> Result<Option<Lot>, Failure> {
        if let Some(error) = self.failed.take() {
            return Err(error.into());
        }
        let Ok(lot) = self.lots.recv() else { return Ok(None) };
        let mut group = lot?;
        // What came while others were stored becomes durable together: a commit takes as long for one.
        while group.len() + LOT <= GROUP
            && self.failed.is_none()
            && let Ok(lot) = self.lots.try_recv()
        {
            match lot {
                Ok(mut lines) => group.append(&mut lines),
                Err(error) => self.failed = Some(error),
            }
        }
        Ok(Some(group))
    }
}
