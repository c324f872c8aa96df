//! A piece of work enters; its result leaves after no other run wrote to the same project meanwhile.

use std::fs::{File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use super::disk::{Error, Trying, make_folder, write_new};

/// Our own folder below the root, which keeps itself out of version control.
const FOLDER: &str = ".codegen";

/// A file of our own folder.
pub(super) fn own(root: &Path, name: &str) -> PathBuf {
    root.join(FOLDER).join(name)
}

/// Works while no other writer does; `on_wait` is called where one is at work.
pub fn exclusively<T>(root: &Path, on_wait: impl FnOnce(), work: impl FnOnce() -> T) -> Result<T, Error> {
    make_own_folder(root)?;
    let path = own(root, "lock");
    let lock = File::options().create(true).append(true).open(&path).trying("open", &path)?;
    match lock.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            on_wait();
            lock.lock().trying("lock", &path)?;
        }
        Err(TryLockError::Error(error)) => return Err(error).trying("lock", &path),
    }
    Ok(work())
}

/// Works while no writer does, and leaves no trace: without a lock file nobody ever wrote here.
pub fn beside_writers<T>(root: &Path, work: impl FnOnce() -> T) -> T {
    let lock = File::open(own(root, "lock"));
    // A system that cannot share the lock lets us read beside a writer; the worst is a report of a state in between.
    let _shared = lock.and_then(|lock| lock.lock_shared().map(|()| lock));
    work()
}

fn make_own_folder(root: &Path) -> Result<(), Error> {
    let folder = root.join(FOLDER);
    if folder.is_symlink() {
        return Err(io::Error::other("it is a symbolic link, and none is followed")).trying("write", &folder);
    }
    make_folder(root, &folder)?;
    let ignore = own(root, ".gitignore");
    match write_new(&ignore, b"*\n") {
        Err(_) if ignore.is_file() => Ok(()),
        written => written,
    }
}
