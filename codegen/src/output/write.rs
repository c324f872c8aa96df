//! A plan without refusals enters; the disk holds it afterwards. Killed at any step, the next run gets there.
//!
//! All new contents are staged before the first file changes, so that a full disk or a folder without permission
//! leaves the old tree.

use std::collections::BTreeSet;
use std::path::PathBuf;

use super::disk::{Error, make_folder, remove, remove_empty_folders, rename, sync_files, sync_folder, write_new};
use super::journal::{announce, forget, recover, staged, write_manifest};
use super::manifest::MANIFEST;
use super::plan::Plan;

/// One step of writing a plan, in the order in which they stand here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step<'a> {
    /// Writes down what will be true.
    Announce,
    /// Writes new content beside its place.
    Stage(&'a str),
    /// Waits until all of that is on the disk.
    Sync,
    /// Moves it into its place.
    Replace(&'a str),
    /// Removes an orphan.
    Remove(&'a str),
    /// Makes the moves outlast a loss of power.
    Settle,
    /// Replaces the manifest.
    Manifest,
    /// Removes what was announced: it is true.
    Forget,
}

/// What a run did to the disk.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// Files made or replaced.
    pub written: usize,
    /// Orphans removed.
    pub removed: usize,
    /// Files that held the right bytes already.
    pub unchanged: usize,
}

impl Plan {
    /// Carries the plan out; `observe` hears of each step before it is done. Run it under the lock.
    ///
    /// # Panics
    /// If [`Plan::refused`] was not empty for this `overwrite`.
    pub fn write(&self, overwrite: bool, observe: &mut dyn FnMut(Step)) -> Result<Written, Error> {
        assert!(self.refused(overwrite).is_empty(), "a plan with refusals is never written");
        let steps = self.steps();
        for step in &steps {
            observe(*step);
            if let Err(error) = self.take(*step) {
                // The same repair that the next run would begin with; if the disk refuses that too, it still will.
                let _ = recover(&self.root);
                return Err(error);
            }
        }
        let count = |wanted: fn(&Step) -> bool| steps.iter().filter(|step| wanted(step)).count();
        Ok(Written {
            written: count(|step| matches!(step, Step::Replace(_))),
            removed: count(|step| matches!(step, Step::Remove(_))),
            unchanged: self.unchanged(),
        })
    }

    fn steps(&self) -> Vec<Step<'_>> {
        if self.is_current() {
            return Vec::new();
        }
        let files = || self.differences.iter().filter(|difference| difference.path != MANIFEST);
        let made: Vec<&str> = files().map(|file| &*file.path).filter(|path| self.planned(path).is_some()).collect();
        let gone = files().map(|file| &*file.path).filter(|path| self.planned(path).is_none());
        let mut steps = vec![Step::Announce];
        steps.extend(made.iter().copied().map(Step::Stage));
        steps.push(Step::Sync);
        steps.extend(made.iter().copied().map(Step::Replace));
        steps.extend(gone.map(Step::Remove));
        steps.extend([Step::Settle, Step::Manifest, Step::Forget]);
        steps
    }

    fn take(&self, step: Step) -> Result<(), Error> {
        match step {
            Step::Announce => announce(&self.root, &self.manifest),
            Step::Stage(path) => {
                make_folder(&self.root, &self.folder(path))?;
                let content = self.planned(path).expect("only planned files are staged");
                write_new(&staged(&self.root, path), content)
            }
            Step::Sync => {
                let made = self.differences.iter().filter(|file| self.planned(&file.path).is_some());
                sync_files(&made.map(|file| staged(&self.root, &file.path)).collect::<Vec<_>>())
            }
            Step::Replace(path) => rename(&staged(&self.root, path), &self.root.join(path)),
            Step::Remove(path) => {
                remove(&self.root.join(path))?;
                remove_empty_folders(&self.root, &self.folder(path));
                Ok(())
            }
            Step::Settle => {
                let folders: BTreeSet<PathBuf> = self.differences.iter().map(|file| self.folder(&file.path)).collect();
                folders.iter().try_for_each(|folder| sync_folder(folder))
            }
            Step::Manifest => write_manifest(&self.root, &self.manifest),
            Step::Forget => forget(&self.root),
        }
    }

    fn folder(&self, path: &str) -> PathBuf {
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        self.root.join(folder)
    }
}
