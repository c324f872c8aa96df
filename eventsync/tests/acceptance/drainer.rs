//! A root and a receiver enter; a pass within this process leaves, for what no script of the command's own receiver can show.

use eventsync::delivery::dispatcher::{Scope, Sleep, Summary, dispatch};
use eventsync::delivery::ledger::Account;
use eventsync::delivery::receivers::Receiver;
use eventsync::delivery::targets::{Facts, TargetIdentity, register};
use eventsync::generated::TargetKind;
use eventsync::store::{self, clock, in_transaction};
use rusqlite::Connection;

use crate::home::Home;

/// The store of a root, and the target that it delivers to.
pub struct Drainer {
    connection: Connection,
    account: Account,
}

impl Drainer {
    /// Registers a receiver of the operator's own at this URL.
    pub fn on(home: &Home, url: &str) -> Self {
        Drainer::to(home, TargetKind::External, url)
    }

    /// Registers a target.
    pub fn to(home: &Home, kind: TargetKind, url: &str) -> Self {
        let mut connection = store::create(&home.root()).expect("a store");
        let identity = TargetIdentity::new(kind, url, None, None).expect("an endpoint");
        let target = in_transaction(&mut connection, |transaction| {
            register(transaction, &identity, &Facts::default(), &clock::now())
        });
        let target = target.expect("a target");
        let account = Account { target_pk: target.target_pk, epoch: target.redrain_epoch };
        Drainer { connection, account }
    }

    /// What the ledger is written with.
    pub fn parts(&mut self) -> (Account, &mut Connection) {
        (self.account, &mut self.connection)
    }

    /// One pass. Nothing keeps another one from draining the same target meanwhile: the lock is the command's.
    pub fn pass(&mut self, receiver: &mut dyn Receiver) -> Summary {
        let scope = Scope::default();
        dispatch(&mut self.connection, self.account, receiver, &scope, None, &Sleep).expect("a pass")
    }
}
