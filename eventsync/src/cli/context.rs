//! The environment enters; what every command has to know leaves: the root, the server, the mode.

use std::path::PathBuf;

use crate::delivery::MigrationView;
use crate::delivery::ledger::Account;
use crate::delivery::targets::{self, TargetIdentity};
use crate::generated::{ModeDelivery, TargetKind, mode_presets};
use crate::migrate::Migrated;
use crate::policy::modes::{self, ModeSetting};
use crate::store;
use crate::target::{self, Resolution};

use super::failure::Failure;

/// What every command has to know.
pub struct Context {
    /// The folder of everything.
    pub root: PathBuf,
    /// The server of this run.
    pub resolution: Resolution,
    /// What is kept and where it goes.
    pub mode: ModeSetting,
}

impl Context {
    /// Reads the environment, and stops where it names two servers.
    pub fn read() -> Result<Self, Failure> {
        let context = Context::inspect();
        context.resolution.guard()?;
        Ok(context)
    }

    /// Reads the environment, for what speaks to no server; what is odd about it is told on stderr.
    pub fn inspect() -> Self {
        let root = store::root();
        let resolution = target::inspect(&root);
        let mode = modes::read(&root);
        for diagnostic in resolution.diagnostics() {
            eprintln!("warning: {diagnostic}");
        }
        if let Some(diagnostic) = &mode.diagnostic {
            eprintln!("warning: {diagnostic}");
        }
        Context { root, resolution, mode }
    }

    /// Where the mode delivers to.
    pub fn delivery(&self) -> ModeDelivery {
        mode_presets::delivery(self.mode.mode)
    }

    /// The target of now; none where the mode delivers nowhere, or no endpoint is set.
    pub fn identity(&self) -> Result<Option<TargetIdentity>, Failure> {
        Ok(match self.delivery() {
            ModeDelivery::None => None,
            ModeDelivery::Teamspace => Some(TargetIdentity::from_resolved(self.resolution.target())?),
            ModeDelivery::ExternalReceiver => {
                let endpoint = self.mode.external_endpoint.as_deref();
                endpoint.map(|url| TargetIdentity::new(TargetKind::External, url, None, None)).transpose()?
            }
        })
    }

    /// Tells of queues of older programs that hold events which nobody took over: they are not sent.
    pub fn tell_of_older_queues(&self, connection: Option<&rusqlite::Connection>) -> Result<(), Failure> {
        let migrated = Migrated { root: self.root.clone() };
        for queue in migrated.queues(connection)?.iter().filter(|queue| queue.unmigrated > 0) {
            let (events, path) = (queue.unmigrated, queue.path.display());
            eprintln!("notice: events in {path} of an older program: {events}; `eventsync migrate` takes them over");
        }
        Ok(())
    }

    /// The account of the target of now, as far as the store knows it.
    pub fn account(&self, connection: &rusqlite::Connection) -> Result<Option<Account>, Failure> {
        let Some(identity) = self.identity()? else { return Ok(None) };
        let found = targets::find(connection, &identity.target_id)?;
        Ok(found.map(|target| Account { target_pk: target.target_pk, epoch: target.redrain_epoch }))
    }
}
