//! Deeds enter; what a disk may hold leaves, if power fails after them: all that was made durable, and anything of the rest.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::trace::Deed;

/// How much a disk writes at once; less is never half written.
const SECTOR: usize = 512;

/// A die that falls alike in each run.
pub struct Dice(u64);

impl Dice {
    /// One that falls as this number says.
    pub fn new(seed: u64) -> Self {
        Dice(seed)
    }

    /// A number below `bound`.
    pub fn below(&mut self, bound: usize) -> usize {
        // SplitMix64.
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) >> 1).expect("63 bits") % bound
    }
}

/// The files of one folder, as far as they are durable, and what was done since.
#[derive(Default)]
pub struct Disk {
    deeds: usize,
    files: Vec<File>,
    /// What each name means for programs that run.
    names: BTreeMap<PathBuf, usize>,
    /// What it means after a power cut, if nothing of `unsettled` reached the disk.
    durable_names: BTreeMap<PathBuf, usize>,
    unsettled: Vec<(usize, Naming)>,
}

#[derive(Default)]
struct File {
    durable: Vec<u8>,
    length: usize,
    unsettled: Vec<(usize, Change)>,
}

#[derive(Clone)]
enum Change {
    Write { at: usize, bytes: Vec<u8> },
    Resize { length: usize },
}

/// What was done to names.
#[derive(Clone)]
enum Naming {
    Made(PathBuf, usize),
    Gone(PathBuf),
    Renamed(PathBuf, PathBuf, usize),
}

impl Naming {
    fn folder(&self) -> Option<&Path> {
        let (Naming::Made(path, _) | Naming::Gone(path) | Naming::Renamed(_, path, _)) = self;
        path.parent()
    }

    fn apply(&self, names: &mut BTreeMap<PathBuf, usize>) {
        match self {
            Naming::Made(path, file) => drop(names.insert(path.clone(), *file)),
            Naming::Gone(path) => drop(names.remove(path)),
            Naming::Renamed(from, to, file) => {
                names.remove(from);
                names.insert(to.clone(), *file);
            }
        }
    }
}

impl Disk {
    /// Takes a deed in.
    pub fn take(&mut self, deed: &Deed) {
        match deed {
            Deed::Open { path, is_emptied } => {
                let file = self.open(path);
                if *is_emptied {
                    self.change(file, Change::Resize { length: 0 });
                }
            }
            Deed::Write { path, at, bytes } => {
                // A file that has no name any more is nobody's after a power cut.
                if let Some(&file) = self.names.get(path) {
                    let at = at.unwrap_or(self.files[file].length);
                    self.change(file, Change::Write { at, bytes: bytes.clone() });
                }
            }
            Deed::Resize { path, length } => {
                if let Some(&file) = self.names.get(path) {
                    self.change(file, Change::Resize { length: *length });
                }
            }
            Deed::Remove { path } => self.name(Naming::Gone(path.clone())),
            Deed::Rename { from, to } => {
                if let Some(&file) = self.names.get(from) {
                    self.name(Naming::Renamed(from.clone(), to.clone(), file));
                }
            }
            Deed::Sync { path, before } => self.sync(path, *before),
            Deed::Say { .. } => {}
        }
        self.deeds += 1;
    }

    fn open(&mut self, path: &Path) -> usize {
        if let Some(&file) = self.names.get(path) {
            return file;
        }
        self.files.push(File::default());
        let file = self.files.len() - 1;
        self.name(Naming::Made(path.to_owned(), file));
        file
    }

    fn name(&mut self, naming: Naming) {
        naming.apply(&mut self.names);
        self.unsettled.push((self.deeds, naming));
    }

    fn change(&mut self, file: usize, change: Change) {
        let file = &mut self.files[file];
        file.length = match &change {
            Change::Write { at, bytes } => file.length.max(at + bytes.len()),
            Change::Resize { length } => *length,
        };
        file.unsettled.push((self.deeds, change));
    }

    /// A file that is flushed keeps its bytes; only a flushed folder keeps its names.
    fn sync(&mut self, path: &Path, before: usize) {
        if let Some(&file) = self.names.get(path) {
            let File { durable, unsettled, .. } = &mut self.files[file];
            unsettled.retain(|(deed, change)| {
                let is_covered = *deed < before;
                if is_covered {
                    apply(durable, change, |_| true);
                }
                !is_covered
            });
            return;
        }
        let durable = &mut self.durable_names;
        self.unsettled.retain(|(deed, naming)| {
            let is_covered = *deed < before && naming.folder() == Some(path);
            if is_covered {
                naming.apply(durable);
            }
            !is_covered
        });
    }

    /// What may be found after a power cut now: of what was not made durable some is there, in any order, torn.
    pub fn image(&self, dice: &mut Dice) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut names = self.durable_names.clone();
        // File systems keep names in a log of their own: what is there of them is the beginning.
        let settled = dice.below(self.unsettled.len() + 1);
        for (_, naming) in &self.unsettled[..settled] {
            naming.apply(&mut names);
        }
        names.into_iter().map(|(path, file)| (path, self.files[file].found(dice))).collect()
    }
}

impl File {
    fn found(&self, dice: &mut Dice) -> Vec<u8> {
        let mut bytes = self.durable.clone();
        let all = self.unsettled.len();
        let (first, chance) = match dice.below(5) {
            0 => (0, 0),
            1 => (all, 0),
            // The beginning, and nothing after.
            2 => (dice.below(all + 1), 0),
            // Most, with holes.
            3 => (0, 90),
            _ => (0, 50),
        };
        for (at, (_, change)) in self.unsettled.iter().enumerate() {
            if at < first {
                apply(&mut bytes, change, |_| true);
            } else if dice.below(100) < chance {
                let is_torn = dice.below(4) == 0;
                apply(&mut bytes, change, |_| !is_torn || dice.below(2) == 0);
            }
        }
        bytes
    }
}

/// Carries out a change of a file, as far as its sectors reach the disk.
fn apply(file: &mut Vec<u8>, change: &Change, mut reaches: impl FnMut(usize) -> bool) {
    match change {
        Change::Resize { length } => file.resize(*length, 0),
        Change::Write { at, bytes } => {
            let mut done = 0;
            while done < bytes.len() {
                let start = at + done;
                let step = (SECTOR - start % SECTOR).min(bytes.len() - done);
                if reaches(start / SECTOR) {
                    if file.len() < start + step {
                        file.resize(start + step, 0);
                    }
                    file[start..start + step].copy_from_slice(&bytes[done..done + step]);
                }
                done += step;
            }
        }
    }
}
