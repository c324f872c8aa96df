//! Sorted lines that are too many for memory enter; temporary files hold them, and the lines leave again.

use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Seek, Write};

use crate::interpret::Runs;

/// Runs in temporary files, which vanish with the process.
#[derive(Debug, Default)]
pub struct TemporaryRuns {
    files: Vec<File>,
}

impl Runs for TemporaryRuns {
    fn keep(&mut self, lines: &mut dyn Iterator<Item = &[u8]>) -> io::Result<()> {
        let mut writer = BufWriter::new(tempfile::tempfile()?);
        for line in lines {
            writer.write_all(line)?;
            writer.write_all(b"\n")?;
        }
        let mut file = writer.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.rewind()?;
        self.files.push(file);
        Ok(())
    }

    fn read(&mut self) -> io::Result<Vec<Box<dyn BufRead + '_>>> {
        Ok(self.files.iter_mut().map(|file| Box::new(BufReader::new(file)) as Box<dyn BufRead + '_>).collect())
    }
}
