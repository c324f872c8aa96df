//! A command enters; it runs under strace, and what it did to the files below a folder, and printed, leaves in order.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{fs, io};

/// The calls that change files or make changes durable, and those that print.
const CALLS: &str = "trace=openat,open,creat,pwrite64,write,ftruncate,truncate,fsync,fdatasync,unlink,unlinkat,rename,\
                     renameat,renameat2,mkdir,mkdirat,pwritev,pwritev2,writev,fallocate,copy_file_range,sendfile";

/// What a program did.
#[derive(Debug, PartialEq, Eq)]
pub enum Deed {
    /// A file was opened that is made where it is missing; emptied where that was asked for.
    Open { path: PathBuf, is_emptied: bool },
    /// Bytes were written; at the end where no place is given.
    Write { path: PathBuf, at: Option<usize>, bytes: Vec<u8> },
    /// A file was cut or lengthened.
    Resize { path: PathBuf, length: usize },
    /// A name was removed.
    Remove { path: PathBuf },
    /// A file got another name.
    Rename { from: PathBuf, to: PathBuf },
    /// Everything about a file, or the names in a folder, that was done before this number of deeds became durable.
    Sync { path: PathBuf, before: usize },
    /// The program said this on stdout.
    Say { bytes: Vec<u8> },
}

/// Why nothing can be recorded here.
pub const NO_STRACE: &str = "strace is not here: `cargo xtask test` installs it, or `apt-get install strace`";

/// Runs a command under strace, which gets each line of its input when it has answered the one before; what it did below
/// `folder` leaves.
pub fn record(command: &Command, folder: &Path, input: &[String]) -> Vec<Deed> {
    let log = folder.with_extension("strace");
    let mut strace = Command::new("strace");
    strace.args(["-f", "-qq", "-y", "-xx", "-s", "1048576", "--seccomp-bpf", "-e", "signal=none", "-e", CALLS, "-o"]);
    strace.arg(&log).arg("--").arg(command.get_program()).args(command.get_args()).env_clear();
    strace.env("PATH", std::env::var_os("PATH").unwrap_or_default());
    strace.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let spawned = strace.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let mut child = match spawned {
        Err(error) if error.kind() == io::ErrorKind::NotFound => panic!("{NO_STRACE}"),
        other => other.expect("strace runs"),
    };
    let (mut stdin, stdout) = (child.stdin.take().expect("a pipe"), child.stdout.take().expect("a pipe"));
    let mut answers = BufReader::new(stdout).lines();
    for line in input {
        stdin.write_all(line.as_bytes()).expect("the command reads its input");
        answers.next().expect("an answer").expect("UTF-8 is printed");
    }
    drop(stdin);
    // What it says beside answers is recorded as well; here it only has to be taken, so that the command can end.
    assert!(answers.all(|line| line.is_ok()), "UTF-8 is printed");
    let output = child.wait_with_output().expect("strace ends");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let deeds = read(&fs::read(&log).expect("what strace wrote"), folder);
    assert!(deeds.iter().any(|deed| matches!(deed, Deed::Sync { .. })), "strace saw no fsync at all");
    deeds
}

/// Reads what strace wrote. A call that this does not know how to read is a fault of the test, not one to pass over.
fn read(log: &[u8], folder: &Path) -> Vec<Deed> {
    let mut deeds = Vec::new();
    // Begun calls by thread, with the number of deeds that were done before.
    let mut begun: HashMap<String, (String, usize)> = HashMap::new();
    for line in String::from_utf8_lossy(log).lines() {
        let (thread, call) = line.split_once(' ').expect("a thread");
        let call = call.trim_start();
        if let Some(call) = call.strip_suffix(" <unfinished ...>") {
            begun.insert(thread.to_owned(), (call.to_owned(), deeds.len()));
        } else if call.starts_with("<... ") {
            let (_, rest) = call.split_once(" resumed>").expect("the rest of a call");
            let (start, before) = begun.remove(thread).expect("its beginning");
            deeds.extend(deed(&(start + rest), before, folder));
        } else {
            let before = deeds.len();
            deeds.extend(deed(call, before, folder));
        }
    }
    deeds
}

/// One finished call, where it failed or is about files elsewhere none.
fn deed(call: &str, before: usize, folder: &Path) -> Option<Deed> {
    let (name, rest) = call.split_once('(')?;
    let (arguments, result) = rest.rsplit_once(") = ")?;
    if result.starts_with('-') || result.starts_with('?') {
        return None;
    }
    let arguments: Vec<&str> = arguments.split(", ").collect();
    let named = |at: usize| folder.join(decoded(arguments[at].trim_matches('"')));
    let opened =
        || PathBuf::from(decoded(arguments[0].split_once('<').map_or("", |(_, path)| path.trim_end_matches('>'))));
    let number = |at: usize| arguments[at].parse::<usize>().expect("a number");
    // What the system took, where that is less than what was offered.
    let taken = |bytes: &str| {
        let taken: usize = result.split(' ').next().and_then(|taken| taken.parse().ok()).expect("a count");
        bytes_of(bytes)[..taken].to_vec()
    };
    let deed = match name {
        "openat" if call.contains("O_CREAT") => Deed::Open { path: named(1), is_emptied: call.contains("O_TRUNC") },
        "open" if call.contains("O_CREAT") => Deed::Open { path: named(0), is_emptied: call.contains("O_TRUNC") },
        "open" | "openat" | "mkdir" | "mkdirat" => return None,
        "write" if arguments[0].starts_with("1<") => return Some(Deed::Say { bytes: taken(arguments[1]) }),
        "write" => Deed::Write { path: opened(), at: None, bytes: taken(arguments[1]) },
        "pwrite64" => Deed::Write { path: opened(), at: Some(number(3)), bytes: taken(arguments[1]) },
        "ftruncate" => Deed::Resize { path: opened(), length: number(1) },
        "fsync" | "fdatasync" => Deed::Sync { path: opened(), before },
        "unlink" => Deed::Remove { path: named(0) },
        "unlinkat" => Deed::Remove { path: named(1) },
        "rename" => Deed::Rename { from: named(0), to: named(1) },
        "renameat" | "renameat2" => Deed::Rename { from: named(1), to: named(3) },
        // Whoever begins to use one of these has to say here what it does to a file.
        _ if opened().starts_with(folder) => panic!("no reader for {call:.80}"),
        _ => return None,
    };
    let (Deed::Open { path, .. }
    | Deed::Write { path, .. }
    | Deed::Resize { path, .. }
    | Deed::Remove { path }
    | Deed::Rename { to: path, .. }
    | Deed::Sync { path, .. }) = &deed
    else {
        return Some(deed);
    };
    let is_inside = path.starts_with(folder);
    is_inside.then_some(deed)
}

/// `\x61\x62` as text.
fn decoded(escaped: &str) -> String {
    String::from_utf8(bytes_of(escaped)).expect("names in UTF-8")
}

fn bytes_of(escaped: &str) -> Vec<u8> {
    let escaped = escaped.trim_matches('"');
    let digits = escaped.split("\\x").skip(1);
    digits
        .map(|digits| u8::from_str_radix(digits, 16).expect("strace writes each byte as \\x and two digits"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Deed, read};
    use std::path::Path;

    #[test]
    fn calls_of_several_threads_are_put_together() {
        let log = b"1 pwrite64(4<\\x2f\\x72\\x2f\\x61>, \"\\x01\\x02\", 2, 8) = 2\n\
                    1 fdatasync(4<\\x2f\\x72\\x2f\\x61> <unfinished ...>\n\
                    2 pwrite64(4<\\x2f\\x72\\x2f\\x61>, \"\\x03\", 1, 0) = 1\n\
                    2 openat(AT_FDCWD<\\x2f>, \"\\x2f\\x71\", O_RDONLY) = -1 ENOENT (No such file or directory)\n\
                    1 <... fdatasync resumed>) = 0\n\
                    2 write(1<\\x70>, \"\\x68\\x69\\x0a\", 3) = 3\n";
        let path = Path::new("/r/a").to_owned();
        let expected = [
            Deed::Write { path: path.clone(), at: Some(8), bytes: vec![1, 2] },
            Deed::Write { path: path.clone(), at: Some(0), bytes: vec![3] },
            Deed::Sync { path, before: 1 },
            Deed::Say { bytes: b"hi\n".to_vec() },
        ];
        assert_eq!(read(log, Path::new("/r")), expected);
    }
}
