//! JSON Lines of events enter; verdict and errors of each leave, as the generated packages would give them, or
//! findings for tools.

use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::PathBuf;

use anyhow::bail;

use super::console::{self, Console};
use super::session::Session;
use super::{Options, Outcome};
use crate::diagnostic::{Finding, Severity, did_you_mean, rules};
use crate::interpret::{LineForm, Stopped, Verdict, judge_lines};
use crate::load;
use crate::model::{RecordId, Workspace};

rules! {
    PAYLOAD_INVALID = "payload-invalid", Error;
}

#[derive(clap::Args)]
pub(super) struct Validate {
    /// A file of lines `{"id", "event_type", "payload"}`; `-` is stdin
    #[arg(default_value = "-")]
    file: PathBuf,
    /// Lines are whole events; the record that is their envelope has to be named where there are several
    #[arg(long, value_name = "RECORD", num_args = 0..=1, require_equals = true, default_missing_value = "")]
    envelope: Option<String>,
}

impl Validate {
    pub fn run(&self, options: &Options, console: &Console) -> anyhow::Result<Outcome> {
        let Session { project, mut sources, mut found } = Session::open(options)?;
        let workspace = crate::resolved(&project.root, &project.config, &mut sources, &mut found)?;
        let Some(workspace) = workspace else {
            bail!("the project has errors; `codegen check` shows them");
        };
        let form = self.form(&workspace)?;
        let input = load::input(&options.directory, &self.file)?;
        let mut invalid = Vec::new();
        let mut all_valid = true;
        let mut output = BufWriter::new(io::stdout().lock());
        let judged = judge_lines(&workspace, form, input.reader, |verdict| {
            all_valid &= verdict.faults.is_empty();
            if console.is_for_people() {
                return writeln!(output, "{}", verdict.answer());
            }
            invalid.extend((!verdict.faults.is_empty()).then_some(verdict));
            Ok(())
        });
        match output.flush().map_err(Stopped::from).and(judged) {
            // Whoever reads the verdicts has seen enough.
            Err(Stopped::Io(error)) if error.kind() == ErrorKind::BrokenPipe => return Ok(Outcome::Findings),
            Err(stop @ Stopped::Unanswered(_)) => return Ok(console::unanswered(&stop)),
            told => told?,
        }
        drop(output);
        if !console.is_for_people() {
            let path = self.file.to_string_lossy().replace('\\', "/");
            let path = if path == "-" { "stdin" } else { &path };
            let findings: Vec<_> = invalid.iter().flat_map(|verdict| findings(verdict, path)).collect();
            console.report(&findings, Severity::Error)?;
        }
        Ok(if all_valid { Outcome::Clean } else { Outcome::Findings })
    }

    fn form(&self, workspace: &Workspace) -> anyhow::Result<LineForm> {
        let Some(wanted) = &self.envelope else { return Ok(LineForm::Case) };
        let all =
            workspace.envelopes().map(|(record, id)| (workspace.records[record].meta.name.as_str(), (record, id)));
        let all: Vec<(&str, (RecordId, Option<usize>))> = all.collect();
        let names = || all.iter().map(|(name, _)| *name);
        let (envelope, id) = match (all.as_slice(), wanted.as_str()) {
            ([], _) => {
                bail!("no contract declares an envelope: a record with a text `event_type` and an object `payload`")
            }
            ([(_, only)], "") => *only,
            (_, "") => bail!("there are several envelopes; say which, as in `--envelope={}`", all[0].0),
            (_, wanted) => match all.iter().find(|(name, _)| *name == wanted) {
                Some((_, envelope)) => *envelope,
                None => match did_you_mean(wanted, names()) {
                    Some(near) => bail!("there is no envelope `{wanted}`; did you mean `{near}`?"),
                    None => {
                        bail!("there is no envelope `{wanted}`; there are {}", names().collect::<Vec<_>>().join(", "))
                    }
                },
            },
        };
        Ok(LineForm::Envelope(envelope, id))
    }
}

/// One finding a fault of a line.
fn findings<'a>(verdict: &'a Verdict, path: &'a str) -> impl Iterator<Item = Finding<'a>> {
    verdict.faults.iter().map(move |fault| {
        let message = format!("`{}` at `{}`", fault.code.as_str(), fault.pointer());
        Finding::of_line(&PAYLOAD_INVALID, message, path, verdict.line)
    })
}
