//! A script of faults enters; a receiver that shows them leaves: within the program, or behind an address of this machine.

mod answers;
mod exchange;
mod receiver;
mod script;

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, Write};
use std::net::{TcpListener, TcpStream};

pub use receiver::StubReceiver;
pub use script::{Script, ScriptError};

/// What the receiver knows, shared by its connections.
pub(super) struct Known {
    script: Script,
    /// Ids of events that it has.
    seen: BTreeSet<String>,
    record: Option<File>,
}

/// A receiver that is bound and does not answer yet.
pub struct Stub {
    listener: TcpListener,
    receiver: StubReceiver,
}

impl Stub {
    /// Binds an address of this machine.
    pub fn bind(address: &str, receiver: StubReceiver) -> io::Result<Self> {
        Ok(Stub { listener: TcpListener::bind(address)?, receiver })
    }

    /// Where it listens.
    pub fn url(&self) -> io::Result<String> {
        Ok(format!("http://{}", self.listener.local_addr()?))
    }

    /// Answers until the program is ended.
    pub fn serve(self) -> io::Result<()> {
        for connection in self.listener.incoming() {
            let (connection, receiver) = (connection?, self.receiver.clone());
            std::thread::spawn(move || answer_all(&connection, &receiver));
        }
        Ok(())
    }
}

/// Answers the requests of one connection, one after the other.
fn answer_all(connection: &TcpStream, receiver: &StubReceiver) {
    let mut reader = io::BufReader::new(connection);
    // A client that goes away in the middle of a request is none of this receiver's troubles.
    while let Ok(Some(request)) = exchange::read(&mut reader) {
        let answer = receiver.answer(&request);
        // Told to hold, it keeps the client waiting until that gives up; others are answered meanwhile.
        if answer.is_held {
            std::thread::park();
        }
        if answer.is_dropped || exchange::write(&mut &*connection, &answer).is_err() {
            return;
        }
    }
}

impl Known {
    /// Takes an event; false where it was there before.
    fn take(&mut self, event_id: &str, event: &[u8]) -> bool {
        let is_new = self.seen.insert(event_id.to_owned());
        if let Some(record) = self.record.as_mut().filter(|_| is_new) {
            // One write a line, so that who reads the file never sees half of one.
            let written = record.write_all(&[event, b"\n"].concat());
            written.expect("the file of `--record` can be written");
        }
        is_new
    }
}
