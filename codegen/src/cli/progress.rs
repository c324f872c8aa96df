//! How far a long input was read enters; a bar on a terminal's stderr leaves, and goes when the work is done.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// What is shorter needs no bar.
const LONG: u64 = 4 << 20;

/// The bar moves once in so many bytes.
const STEP: u64 = 1 << 16;

/// The reading of one input.
pub(super) struct Progress {
    total: Option<u64>,
    read: u64,
    told: u64,
    bar: Option<ProgressBar>,
    is_wanted: bool,
}

impl Progress {
    /// An input of `total` bytes, where that is known.
    pub fn new(total: Option<u64>, is_wanted: bool) -> Self {
        Self { total, read: 0, told: 0, bar: None, is_wanted }
    }

    /// So many bytes more were read.
    pub fn advance(&mut self, bytes: u64) {
        self.read += bytes;
        if !self.is_wanted || self.read < self.told + STEP {
            return;
        }
        self.told = self.read;
        if self.bar.is_none() && self.read >= LONG {
            self.bar = Some(bar(self.total));
        }
        if let Some(bar) = &self.bar {
            bar.set_position(self.read);
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

/// A bar for people: nothing where stderr is no terminal.
fn bar(total: Option<u64>) -> ProgressBar {
    let layout = match total {
        Some(_) => "{bytes} of {total_bytes} [{bar:30}] {binary_bytes_per_sec}, {eta} left",
        None => "{bytes}, {binary_bytes_per_sec}",
    };
    let style = ProgressStyle::with_template(layout).expect("the layout is one that indicatif knows");
    ProgressBar::with_draw_target(total, ProgressDrawTarget::stderr()).with_style(style.progress_chars("=> "))
}
