//! What is to be measured enters; what `generate` and `check`, decoding, replaying and `eventsync` cost leaves, as ratios
//! against a named baseline of the same run.

mod corpus;
mod eventsync;
mod logs;
mod measure;
mod replay;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::run::{cargo, root, succeeds};
use measure::{cpu, peak, run};

/// How many event types are measured when nobody says.
const SIZES: [usize; 3] = [10, 100, 1000];

pub use eventsync::eventsync;
pub use replay::replay;

/// Measures `generate` and `check` for each number of event types.
pub fn generate(sizes: &[usize]) -> Result<()> {
    ensure!(succeeds(&mut cargo(&["build", "--release", "--package", "codegen"]))?, "the release build failed");
    let codegen = root().join("target/release/codegen");
    let folder = root().join("target/bench");
    start_up(&codegen)?;
    println!(
        "\nCPU time. `generate`: all four targets into an empty folder, against writing the same bytes with std::fs;\n\
         `again`: nothing changed, against `generate`; `check`: against reading the same bytes with std::fs.\n"
    );
    println!("| types | files | MiB | write ms | generate ms | x | again ms | x | read ms | check ms | x | peak MiB |");
    println!("|---|---|---|---|---|---|---|---|---|---|---|---|");
    let mut generated = Vec::new();
    for &size in if sizes.is_empty() { &SIZES } else { sizes } {
        let measured = measure(&codegen, &folder.join(size.to_string()), size)?;
        println!("{}", measured.row());
        generated.push(measured);
    }
    for pair in generated.windows(2) {
        let types = ratio(pair[1].types, pair[0].types);
        println!("{types:.0}x types: generate {:.1}x", pair[1].generate / pair[0].generate);
    }
    Ok(())
}

/// Measures decoding with the generated crate of this project.
pub fn decode() -> Result<()> {
    println!("\nDecoding with the generated crate of this project.\n");
    ensure!(succeeds(&mut cargo(&["run", "--release", "--quiet", "--package", "bench"]))?, "the decode bench failed");
    Ok(())
}

fn start_up(codegen: &Path) -> Result<()> {
    let nothing = cpu(|| Ok(()), || run(&mut Command::new("true")))?;
    let version = cpu(|| Ok(()), || run(Command::new(codegen).arg("--version")))?;
    println!("start-up: `codegen --version` {version:.2} ms, {:.1}x of `true`", version / nothing);
    Ok(())
}

struct Measured {
    types: usize,
    files: usize,
    bytes: usize,
    write: f64,
    read: f64,
    generate: f64,
    again: f64,
    check: f64,
    peak: f64,
}

fn measure(codegen: &Path, folder: &Path, types: usize) -> Result<Measured> {
    let (project, copy) = (folder.join("project"), folder.join("copy"));
    let empty = || {
        fs::remove_dir_all(&project).ok();
        corpus::write(&project, types)
    };
    let generate = || run(Command::new(codegen).current_dir(&project).arg("generate"));
    let cold = cpu(empty, generate)?;
    let again = cpu(|| Ok(()), generate)?;
    let check = cpu(|| Ok(()), || run(Command::new(codegen).current_dir(&project).arg("check")))?;
    let mut files = Vec::new();
    for output in ["generated", "schemas"].map(|output| project.join(output)).iter().filter(|output| output.is_dir()) {
        collect(output, &mut files)?;
    }
    ensure!(!files.is_empty(), "nothing was generated in {}", project.display());
    let mut read_bytes = 0;
    let read = cpu(
        || Ok(()),
        || {
            read_bytes = files.iter().map(|(path, _)| fs::read(path).map_or(0, |bytes| bytes.len())).sum();
            Ok(())
        },
    )?;
    let clear = || {
        fs::remove_dir_all(&copy).ok();
        Ok(())
    };
    let write = cpu(clear, || write_all(&copy, &project, &files))?;
    empty()?;
    let peak = peak(Command::new(codegen).current_dir(&project).arg("generate"))?;
    Ok(Measured { types, files: files.len(), bytes: read_bytes, write, read, generate: cold, again, check, peak })
}

impl Measured {
    fn row(&self) -> String {
        format!(
            "| {} | {} | {:.1} | {:.1} | {:.1} | {:.2} | {:.1} | {:.2} | {:.1} | {:.1} | {:.2} | {:.0} |",
            self.types,
            self.files,
            ratio(self.bytes, 1 << 20),
            self.write,
            self.generate,
            self.generate / self.write,
            self.again,
            self.again / self.generate,
            self.read,
            self.check,
            self.check / self.read,
            self.peak,
        )
    }
}

fn ratio(part: usize, whole: usize) -> f64 {
    let small = |number| f64::from(u32::try_from(number).expect("a bench is smaller than 4 GiB"));
    small(part) / small(whole)
}

/// Every file below a folder with its bytes.
fn collect(folder: &Path, found: &mut Vec<(PathBuf, Vec<u8>)>) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, found)?;
        } else {
            let bytes = fs::read(&path)?;
            found.push((path, bytes));
        }
    }
    Ok(())
}

fn write_all(copy: &Path, project: &Path, files: &[(PathBuf, Vec<u8>)]) -> Result<()> {
    for (path, bytes) in files {
        let place = copy.join(path.strip_prefix(project).expect("generated files lie in the project"));
        fs::create_dir_all(place.parent().expect("a file has a folder"))?;
        fs::write(place, bytes)?;
    }
    Ok(())
}
