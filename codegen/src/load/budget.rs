//! What one run may read and how much it may complain: limits enter, counted findings leave.

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::load::rules;

/// Bytes of one file.
pub(super) const FILE_BYTES: usize = 1 << 20;
/// Bytes of all files together.
pub(super) const ALL_BYTES: usize = 16 << 20;
/// Files of one run.
pub(super) const FILES: usize = 256;
/// Collections inside each other.
pub(super) const DEPTH: usize = 32;
/// Keys and values of one file.
pub(super) const NODES: usize = 50_000;
/// Keys and values of all files together: some thousand event types.
pub(super) const ALL_NODES: usize = 250_000;
/// Bytes of one scalar, as written and as meant.
pub(super) const SCALAR_BYTES: usize = 64 << 10;
/// Findings about the YAML of one file; more would only hide the first ones.
const FINDINGS: usize = 100;

/// Reading this file ends here; why has been recorded.
#[derive(Debug)]
pub(super) struct Halt;

/// The findings about one file.
pub(super) struct Findings<'a> {
    out: &'a mut Diagnostics,
    made: usize,
}

impl<'a> Findings<'a> {
    pub fn new(out: &'a mut Diagnostics) -> Self {
        Self { out, made: 0 }
    }

    /// Records a finding, unless the file has had its share.
    pub fn push(&mut self, finding: Diagnostic) -> Result<(), Halt> {
        self.made += 1;
        if self.made <= FINDINGS {
            self.out.push(finding);
            return Ok(());
        }
        let place = finding.primary.expect("a finding about a file has a place").span;
        self.out.push(
            Diagnostic::new(
                &rules::YAML_PROBLEMS,
                place,
                format!("more than {FINDINGS} problems; stopped reading here"),
            )
            .help("put the problems above right and run again"),
        );
        Err(Halt)
    }

    /// Records a finding behind which nothing can be read.
    pub fn halt(&mut self, finding: Diagnostic) -> Halt {
        self.push(finding).err().unwrap_or(Halt)
    }
}
