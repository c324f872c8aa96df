//! A folder of a git repository and the name of a commit enter; files as they were in it leave. The work tree is not
//! touched, and neither are locks: everything is read by the command `git`.

use std::io::{self, ErrorKind, Read, Write};
use std::path::Path;
use std::process::{Command, Output, Stdio};

use super::files::Contents;

/// Bytes of all files of one commit that are read.
const ALL_BYTES: u64 = 64 << 20;

/// Why a commit cannot be read; each is one line.
#[derive(Debug, thiserror::Error)]
pub enum GitError {
    /// The command is not installed.
    #[error("`{reference}` is no folder or file here, and the command `git` is not installed to read it as a commit")]
    NoGit {
        /// What was asked for.
        reference: String,
    },
    /// No repository holds the folder.
    #[error("`{reference}` is no folder or file here, and `{}` lies in no git repository", .folder.display())]
    NoRepository {
        /// What was asked for.
        reference: String,
        /// The root of the project.
        folder: std::path::PathBuf,
    },
    /// The repository does not know the name.
    #[error(
        "`{0}` names no commit of this repository, and no folder or file; `git branch -a` and `git tag` list names"
    )]
    NoCommit(String),
    /// It may know the name, but was cloned without its history.
    #[error("`{0}` is not in this shallow clone; run `git fetch --unshallow --tags` first (`fetch-depth: 0` in CI)")]
    Shallow(String),
    /// There are too many bytes.
    #[error("the folder `{folder}` of `{reference}` is larger than {ALL_BYTES} bytes")]
    TooLarge {
        /// What was asked for.
        reference: String,
        /// The folder.
        folder: String,
    },
    /// Anything else that git says.
    #[error("git cannot read `{reference}`: {said}")]
    Other {
        /// What was asked for.
        reference: String,
        /// The first line of its complaint.
        said: String,
    },
}

/// A commit of the repository around a folder.
pub(super) struct Commit<'a> {
    root: &'a Path,
    reference: &'a str,
    /// Its full id.
    id: String,
    /// The way from the top of the repository to the folder: empty, or with `/` at its end.
    prefix: String,
}

impl<'a> Commit<'a> {
    /// Looks for the commit that `reference` names.
    pub fn find(root: &'a Path, reference: &'a str) -> Result<Self, GitError> {
        let named = || reference.to_owned();
        let mut commit = Self { root, reference, id: String::new(), prefix: String::new() };
        let inside = commit.run(&["rev-parse", "--show-prefix"])?;
        if !inside.status.success() {
            let said = first_line(&inside.stderr);
            return Err(if said.contains("not a git repository") {
                GitError::NoRepository { reference: named(), folder: root.to_path_buf() }
            } else {
                GitError::Other { reference: named(), said }
            });
        }
        commit.prefix = first_line(&inside.stdout);
        let peeled = format!("{reference}^{{commit}}");
        let found = commit.run(&["rev-parse", "--verify", "--quiet", "--end-of-options", &peeled])?;
        if found.status.success() {
            commit.id = first_line(&found.stdout);
            return Ok(commit);
        }
        let shallow = commit.run(&["rev-parse", "--is-shallow-repository"])?;
        Err(if first_line(&shallow.stdout) == "true" {
            GitError::Shallow(named())
        } else {
            GitError::NoCommit(named())
        })
    }

    /// The text of one file; none where the commit has no such file.
    pub fn file(&self, path: &str) -> Result<Option<String>, GitError> {
        let shown = self.run(&["cat-file", "blob", &self.object(path)])?;
        Ok(shown.status.success().then(|| String::from_utf8_lossy(&shown.stdout).into_owned()))
    }

    /// Every file below a folder that a contract can be or name, by its path from the folder of the project; none where
    /// the commit has no such folder. What is no plain file has no bytes.
    pub fn files(&self, folder: &str) -> Result<Option<Contents>, GitError> {
        let listed = self.run(&["ls-tree", "-r", "-z", "-l", "--full-tree", &self.object(folder)])?;
        if !listed.status.success() {
            return Ok(None);
        }
        let listed = String::from_utf8_lossy(&listed.stdout).into_owned();
        let entries: Vec<Entry<'_>> =
            listed.split('\0').filter_map(Entry::read).filter(Entry::is_of_contracts).collect();
        if entries.iter().map(|entry| entry.bytes).sum::<u64>() > ALL_BYTES {
            return Err(GitError::TooLarge { reference: self.reference.to_owned(), folder: folder.to_owned() });
        }
        let plain: Vec<&Entry<'_>> = entries.iter().filter(|entry| entry.is_plain).collect();
        let mut contents = self.contents(&plain)?.into_iter();
        let path = |entry: &Entry<'_>| format!("{folder}/{}", entry.path);
        let content = |entry: &Entry<'_>| if entry.is_plain { contents.next() } else { None };
        Ok(Some(entries.iter().map(path).zip(entries.iter().map(content)).collect()))
    }

    /// The bytes of each file, by one run of git.
    fn contents(&self, entries: &[&Entry<'_>]) -> Result<Vec<Vec<u8>>, GitError> {
        let mut child = self
            .command(&["cat-file", "--batch"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| self.failed(&error))?;
        let mut ids = child.stdin.take().expect("it was asked for");
        let mut answers = io::BufReader::new(child.stdout.take().expect("it was asked for"));
        let asked: Vec<String> = entries.iter().map(|entry| format!("{}\n", entry.id)).collect();
        let read = std::thread::scope(|scope| {
            // Both ends of a pipe in one thread would wait for each other.
            scope.spawn(move || asked.iter().try_for_each(|id| ids.write_all(id.as_bytes())));
            entries.iter().map(|entry| answer(&mut answers, entry.bytes)).collect::<io::Result<Vec<_>>>()
        });
        let ended = child.wait();
        read.and_then(|contents| ended.map(|_| contents)).map_err(|error| self.failed(&error))
    }

    fn object(&self, path: &str) -> String {
        format!("{}:{}{path}", self.id, self.prefix)
    }

    fn run(&self, arguments: &[&str]) -> Result<Output, GitError> {
        self.command(arguments).stdin(Stdio::null()).output().map_err(|error| self.failed(&error))
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("git");
        command.arg("-C").arg(self.root).args(arguments);
        // Its words are told apart, so they have to be those of one language.
        // A hook that runs us says where its repository is as seen from another folder.
        for variable in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"] {
            command.env_remove(variable);
        }
        command.env("LC_ALL", "C").env("GIT_OPTIONAL_LOCKS", "0").env("GIT_TERMINAL_PROMPT", "0");
        command
    }

    fn failed(&self, error: &io::Error) -> GitError {
        let reference = self.reference.to_owned();
        match error.kind() {
            ErrorKind::NotFound => GitError::NoGit { reference },
            _ => GitError::Other { reference, said: error.to_string() },
        }
    }
}

/// A line of `git ls-tree -l`.
struct Entry<'a> {
    id: &'a str,
    bytes: u64,
    path: &'a str,
    /// Neither a link nor another repository.
    is_plain: bool,
}

impl<'a> Entry<'a> {
    fn read(line: &'a str) -> Option<Self> {
        let (facts, path) = line.split_once('\t')?;
        let mut facts = facts.split_ascii_whitespace();
        let (mode, _, id, bytes) = (facts.next()?, facts.next()?, facts.next()?, facts.next()?);
        Some(Self { id, bytes: bytes.parse().unwrap_or(0), path, is_plain: mode.starts_with("100") })
    }

    fn is_of_contracts(&self) -> bool {
        let ending = Path::new(self.path).extension().and_then(std::ffi::OsStr::to_str);
        ending.is_some_and(|ending| ["yaml", "yml", "json"].contains(&ending))
    }
}

/// One answer of `git cat-file --batch`: a line about the object, its bytes, a line end.
fn answer(from: &mut impl io::BufRead, bytes: u64) -> io::Result<Vec<u8>> {
    let mut line = String::new();
    from.read_line(&mut line)?;
    if line.split_ascii_whitespace().nth(1) != Some("blob") {
        return Err(io::Error::other(line.trim_end().to_owned()));
    }
    let mut content = Vec::new();
    from.take(bytes).read_to_end(&mut content)?;
    from.read_exact(&mut [0])?;
    Ok(content)
}

fn first_line(text: &[u8]) -> String {
    String::from_utf8_lossy(text).lines().next().unwrap_or_default().to_owned()
}
