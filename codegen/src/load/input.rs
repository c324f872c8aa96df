//! The name of an input enters, `-` for stdin; a reader of its bytes leaves.

use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::Path;

use super::Error;

/// Opens a file below `directory`, or stdin.
pub fn input(directory: &Path, name: &Path) -> Result<Box<dyn BufRead>, Error> {
    if name.as_os_str() == "-" {
        return Ok(Box::new(io::stdin().lock()));
    }
    let path = directory.join(name);
    let file = File::open(&path).map_err(Error::at(&path))?;
    Ok(Box::new(BufReader::new(file)))
}
