//! Changes of a project enter; its generated files follow, until somebody presses Ctrl-C.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use anyhow::Context;
use notify_debouncer_full::notify::{EventKind, RecommendedWatcher, RecursiveMode};
use notify_debouncer_full::{DebounceEventResult, Debouncer, RecommendedCache, new_debouncer};

use super::console::{self, Console};
use super::generate::Generate;
use super::session::Session;
use super::{Options, Outcome};
use crate::emit::fixtures;
use crate::load::CONFIG_FILE;

/// Editors save in several steps; what comes within this time is one change.
const QUIET: Duration = Duration::from_millis(150);

/// What ends a wait.
enum Wake {
    Changed(DebounceEventResult),
    Stop,
}

/// What is looked at: all that output is a function of.
struct Inputs {
    root: PathBuf,
    contracts: PathBuf,
    fixtures: PathBuf,
    /// Folders of the templates of custom targets.
    templates: Vec<PathBuf>,
}

pub(super) fn run(options: &Options, console: &Console) -> anyhow::Result<Outcome> {
    let (send, receive) = channel();
    let stop: Sender<Wake> = send.clone();
    // A run that writes is let to its end; nothing is heard any more if the program ends first.
    ctrlc::set_handler(move || _ = stop.send(Wake::Stop)).context("cannot listen to Ctrl-C")?;
    let hear = move |events| _ = send.send(Wake::Changed(events));
    let mut watcher = new_debouncer(QUIET, None, hear).context("cannot watch files here")?;
    let mut known = Vec::new();
    loop {
        let inputs = Inputs::of(options)?;
        inputs.watch(&mut watcher, &mut known)?;
        if let Err(error) = Generate::default().run(options, console) {
            console::failure(&error);
        }
        let folders: Vec<String> = inputs.folders().map(|folder| shown(folder, &inputs.root)).collect();
        console.message(format_args!("watching {} and {CONFIG_FILE}; Ctrl-C ends", folders.join(", ")));
        if !inputs.wait(&receive)? {
            return Ok(Outcome::Clean);
        }
    }
}

fn shown(path: &Path, root: &Path) -> String {
    path.strip_prefix(root).unwrap_or(path).display().to_string()
}

impl Inputs {
    fn of(options: &Options) -> anyhow::Result<Self> {
        let Session { project, .. } = Session::open(options)?;
        let contracts = project.root.join(&project.config.contracts);
        let fixtures = project.root.join(&project.config.fixtures.out);
        let custom = project.config.custom.iter().filter(|custom| custom.enabled);
        let templates = custom.map(|custom| project.root.join(&custom.templates.value)).collect();
        Ok(Self { root: project.root, contracts, fixtures, templates })
    }

    /// The folders whose files are read.
    fn folders(&self) -> impl Iterator<Item = &PathBuf> {
        [&self.contracts, &self.fixtures].into_iter().chain(&self.templates)
    }

    /// Watches what is there now. A folder that was made again is another one, so all are known anew.
    fn watch(
        &self,
        watcher: &mut Debouncer<RecommendedWatcher, RecommendedCache>,
        known: &mut Vec<PathBuf>,
    ) -> anyhow::Result<()> {
        for path in known.drain(..) {
            // What is gone is not known any more already.
            _ = watcher.unwatch(path);
        }
        let folders = self.folders().map(|folder| (folder, RecursiveMode::Recursive));
        let all = [(&self.root, RecursiveMode::NonRecursive)].into_iter().chain(folders);
        for (path, mode) in all.filter(|(path, _)| path.is_dir()) {
            watcher.watch(path, mode).with_context(|| format!("cannot watch `{}`", path.display()))?;
            known.push(path.clone());
        }
        Ok(())
    }

    /// Waits for a change that can matter; false where it is time to stop.
    fn wait(&self, wakes: &Receiver<Wake>) -> anyhow::Result<bool> {
        loop {
            match wakes.recv().context("nobody watches any more")? {
                Wake::Stop => return Ok(false),
                // Where the system lost count, everything may have changed.
                Wake::Changed(Err(_)) => return Ok(true),
                Wake::Changed(Ok(events)) => {
                    let changes = events.iter().filter(|event| !matches!(event.kind, EventKind::Access(_)));
                    if changes.flat_map(|event| &event.paths).any(|path| self.matters(path)) {
                        return Ok(true);
                    }
                }
            }
        }
    }

    fn matters(&self, path: &Path) -> bool {
        let is_own = path.starts_with(self.fixtures.join(fixtures::GENERATED));
        let is_input = self.folders().any(|folder| path.starts_with(folder));
        path == self.root.join(CONFIG_FILE) || (is_input && !is_own)
    }
}
