//! Lines of the test runners enter; how many tests passed and failed leaves, or that a runner never said.

use std::fmt;

/// What the runners said together.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Tally {
    passed: u64,
    failed: u64,
    /// Runners that ended badly, whatever they counted.
    broken: Vec<&'static str>,
    /// Runners in whose output no count was found.
    silent: Vec<&'static str>,
}

/// Which words a runner counts with.
#[derive(Debug, Clone, Copy)]
pub enum Runner {
    /// `test result: ok. 3 passed; 0 failed; ...`, a line for each test binary.
    Cargo,
    /// `== 2 failed, 3 passed in 0.1s ==`, or without the bars when quiet.
    Pytest,
    /// `# pass 3` and `# fail 0`, a line each.
    Node,
}

impl Runner {
    fn name(self) -> &'static str {
        match self {
            Self::Cargo => "cargo test",
            Self::Pytest => "pytest",
            Self::Node => "node --test",
        }
    }

    /// Passed and failed, where the line is one that counts.
    fn count(self, line: &str) -> Option<(u64, u64)> {
        match self {
            Self::Cargo => {
                let counts = line.strip_prefix("test result: ")?;
                Some((before(counts, "passed").unwrap_or(0), before(counts, "failed").unwrap_or(0)))
            }
            Self::Pytest => {
                let counts = line.trim_matches(['=', ' ']);
                let (counts, seconds) = counts.rsplit_once(" in ")?;
                seconds.starts_with(|first: char| first.is_ascii_digit()).then_some(())?;
                let broken = before(counts, "error").or(before(counts, "errors")).unwrap_or(0);
                let (passed, failed) = (before(counts, "passed"), before(counts, "failed"));
                (passed.is_some() || failed.is_some() || broken > 0)
                    .then(|| (passed.unwrap_or(0), failed.unwrap_or(0) + broken))
            }
            Self::Node => {
                let counts = line.trim_start_matches(['#', 'ℹ', ' ']);
                (counts != line).then_some(())?;
                match counts.split_once(' ')? {
                    ("pass", count) => Some((count.parse().ok()?, 0)),
                    ("fail", count) => Some((0, count.parse().ok()?)),
                    _ => None,
                }
            }
        }
    }
}

/// The number in front of a word.
fn before(text: &str, word: &str) -> Option<u64> {
    let words: Vec<&str> = text.split([' ', ',', ';']).filter(|word| !word.is_empty()).collect();
    words.windows(2).find(|pair| pair[1] == word).and_then(|pair| pair[0].parse().ok())
}

impl Tally {
    /// Adds a runner: `run` gets a function that wants every line, and says whether the runner ended well.
    pub fn add<E>(
        &mut self,
        runner: Runner,
        run: impl FnOnce(&mut dyn FnMut(&str)) -> Result<bool, E>,
    ) -> Result<(), E> {
        let mut seen = None;
        let ended_well = run(&mut |line| {
            if let Some((passed, failed)) = runner.count(line) {
                let (passed_before, failed_before) = seen.unwrap_or((0, 0));
                seen = Some((passed_before + passed, failed_before + failed));
            }
        })?;
        match seen {
            Some((passed, failed)) => {
                self.passed += passed;
                self.failed += failed;
            }
            None => self.silent.push(runner.name()),
        }
        if !ended_well {
            self.broken.push(runner.name());
        }
        Ok(())
    }

    /// Whether every runner ended well.
    pub fn is_clean(&self) -> bool {
        self.broken.is_empty()
    }

    /// The runners that did not.
    pub fn broken(&self) -> String {
        self.broken.join(", ")
    }
}

/// `N passed, N failed`, or nothing where a runner did not say.
impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.silent.is_empty() { write!(f, "{} passed, {} failed", self.passed, self.failed) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::{Runner, Tally};

    fn told(lines: &[(Runner, bool, &[&str])]) -> Tally {
        let mut tally = Tally::default();
        for (runner, ended_well, said) in lines {
            let run = |see: &mut dyn FnMut(&str)| -> Result<bool, ()> {
                said.iter().for_each(|line| see(line));
                Ok(*ended_well)
            };
            tally.add(*runner, run).expect("nothing fails here");
        }
        tally
    }

    #[test]
    fn the_words_of_each_runner_are_counted() {
        let cargo =
            ["running 3 tests", "test result: ok. 2 passed; 0 failed; 1 ignored; 0 measured; finished in 0.00s"];
        let cargo = [cargo[0], cargo[1], "test result: FAILED. 1 passed; 4 failed; 0 ignored"];
        let pytest = ["test_a.py ..F  [100%]", "===== 1 failed, 20 passed, 1 warning in 0.52s ====="];
        let node = ["# tests 3", "# pass 300", "# fail 5", "ok 1 - # pass 7"];
        let tally =
            told(&[(Runner::Cargo, false, &cargo), (Runner::Pytest, false, &pytest), (Runner::Node, true, &node)]);
        assert_eq!(tally.to_string(), "323 passed, 10 failed");
        assert_eq!(tally.broken(), "cargo test, pytest");
        assert!(!tally.is_clean());
    }

    #[test]
    fn a_quiet_pytest_and_the_spec_reporter_of_node_are_understood() {
        let tally = told(&[
            (Runner::Pytest, true, &["20 passed in 0.52s"]),
            (Runner::Pytest, false, &["1 error in 0.10s"]),
            (Runner::Node, true, &["ℹ pass 3", "ℹ fail 0"]),
        ]);
        assert_eq!(tally.to_string(), "23 passed, 1 failed");
    }

    #[test]
    fn nothing_is_claimed_for_a_runner_that_said_nothing() {
        let tally = told(&[(Runner::Node, true, &["# pass 3"]), (Runner::Cargo, false, &["error: could not compile"])]);
        assert_eq!(tally.to_string(), "");
        assert!(!tally.is_clean());
    }
}
