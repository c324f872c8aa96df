//! Lines of envelopes enter, from a file or stdin; an answer to each leaves as soon as it is durable.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, sync_channel};

use clap::Args;
use serde_json::json;

use super::context::Context;
use super::failure::Failure;
use super::{Outcome, print};
use crate::generated::{CaptureOutcome, DrainBlockedReason, ExitCode, Id, ModeDelivery, Text};
use crate::policy::capture::{Ack, Capture, producer_scope};
use crate::policy::saas_is_enabled;
use crate::store;

/// Lines that become durable together at most.
const GROUP: usize = 1000;

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
        let capture = of(&context);
        let mut connection = store::create(&context.root)?;
        let lines = read_ahead(input);
        let (mut number, mut is_well) = (0, true);
        while let Some(group) = next_group(&lines)? {
            let acks = capture.lines(&mut connection, &group)?;
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
        let id = ack.event_id.as_deref().unwrap_or("-");
        for (kind, text) in [("warning", &ack.warning), ("error", &ack.error)] {
            if let Some(text) = text {
                eprintln!("{kind}: event {number} ({id}): {text}");
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

/// Reads lines while earlier ones are stored.
fn read_ahead(input: Box<dyn Read + Send>) -> Receiver<io::Result<Vec<u8>>> {
    let (sender, lines) = sync_channel(2 * GROUP);
    std::thread::spawn(move || {
        let mut reader = BufReader::new(input);
        loop {
            let mut line = Vec::new();
            let read = reader.read_until(b'\n', &mut line);
            let is_last = !matches!(read, Ok(1..));
            let line = read.map(|_| line.strip_suffix(b"\n").map(<[u8]>::to_vec).unwrap_or(line));
            // Nobody listens any more once a write failed.
            if line.as_ref().is_ok_and(|line| is_last && line.is_empty()) || sender.send(line).is_err() || is_last {
                return;
            }
        }
    });
    lines
}

/// The lines that are there now, at least one; none at the end. Empty lines are passed over.
fn next_group(lines: &Receiver<io::Result<Vec<u8>>>) -> Result<Option<Vec<Vec<u8>>>, Failure> {
    let mut group = Vec::new();
    while group.is_empty() {
        let Ok(first) = lines.recv() else { return Ok(None) };
        group.push(first?);
        while group.len() < GROUP
            && let Ok(line) = lines.try_recv()
        {
            group.push(line?);
        }
        group.retain(|line| !line.iter().all(u8::is_ascii_whitespace));
    }
    Ok(Some(group))
}
