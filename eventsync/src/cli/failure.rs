//! An error of any module enters; what is printed of it and the exit code leave.

use std::fmt::Display;

use crate::generated::{ExitCode, exit_codes};
use crate::target::TargetError;

/// Why a command ends without having done what it should.
#[derive(Debug)]
pub struct Failure {
    /// What an operator reads.
    pub text: String,
    /// What the command ends with.
    pub code: ExitCode,
}

impl Failure {
    /// A failure with this text.
    pub fn new(text: impl Into<String>) -> Self {
        Failure { text: text.into(), code: ExitCode::Failed }
    }
}

/// The number that a program ends with.
pub fn number(code: ExitCode) -> u8 {
    u8::try_from(exit_codes::code(code)).expect("exit codes are small")
}

/// Errors after which a command ends with 1.
trait Ordinary: Display {}

impl Ordinary for crate::store::StoreError {}
impl Ordinary for crate::store::config::ConfigError {}
impl Ordinary for crate::journal::JournalError {}
impl Ordinary for crate::delivery::ledger::LedgerError {}
impl Ordinary for crate::delivery::dispatcher::DispatchError {}
impl Ordinary for crate::delivery::receivers::LoginError {}
impl Ordinary for crate::delivery::retention::RetentionError {}
impl Ordinary for crate::delivery::status::StatusError {}
impl Ordinary for crate::delivery::targets::InvalidTargetUrl {}
impl Ordinary for crate::delivery::targets::TargetsError {}
impl Ordinary for crate::migrate::MigrateError {}
impl Ordinary for crate::policy::consent::ConsentError {}
impl Ordinary for crate::policy::modes::ModeError {}
impl Ordinary for crate::policy::modes::UnknownMode {}
impl Ordinary for std::io::Error {}

impl<E: Ordinary> From<E> for Failure {
    fn from(error: E) -> Self {
        Failure::new(error.to_string())
    }
}

impl From<TargetError> for Failure {
    fn from(error: TargetError) -> Self {
        let is_split = matches!(error, TargetError::SyncTargetSplitBrain { .. });
        Failure { text: error.to_string(), code: if is_split { ExitCode::Refused } else { ExitCode::Failed } }
    }
}
