//! The name of an input enters, `-` for stdin; a reader of its bytes leaves, and how many there are where that is known.

use std::fs::{File, Metadata};
use std::io::{self, BufRead, BufReader};
use std::path::Path;

use super::Error;

/// What a command reads.
pub struct Input {
    /// Its bytes.
    pub reader: Box<dyn BufRead>,
    /// How many they are; none for what only shows when it ends.
    pub size: Option<u64>,
}

/// Opens a file below `directory`, or stdin.
pub fn input(directory: &Path, name: &Path) -> Result<Input, Error> {
    if name.as_os_str() == "-" {
        return Ok(Input { reader: Box::new(io::stdin().lock()), size: None });
    }
    // Joined to `.`, a name would be told otherwise than it was given.
    let path = if directory == Path::new(".") { name.to_owned() } else { directory.join(name) };
    let file = File::open(&path).map_err(Error::at(&path))?;
    let size = file.metadata().ok().filter(Metadata::is_file).map(|about| about.len());
    Ok(Input { reader: Box::new(BufReader::new(file)), size })
}
