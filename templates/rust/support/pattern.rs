//! A text and a compiled pattern enter; whether the whole text matches leaves, in linear time.

/// A pattern of the contract language, compiled.
#[derive(Debug)]
pub struct Pattern {
    /// The pattern as in the contract.
    pub source: &'static str,
    /// How it is matched.
    pub matcher: Matcher,
}

/// The two forms a pattern is compiled to.
#[derive(Debug)]
pub enum Matcher {
    /// A row of sets with counts. No set overlaps what may follow it, so each run takes all it can.
    Runs(&'static [Run]),
    /// A table of states.
    Table(Table),
}

/// Characters of a set, so many in a row.
#[derive(Debug)]
pub struct Run {
    /// The set.
    pub set: Set,
    /// Fewest.
    pub min: u32,
    /// Most.
    pub max: u32,
}

/// A set of characters.
#[derive(Debug)]
pub struct Set {
    /// Bit `n` says that U+00`n` is in it.
    pub ascii: u128,
    /// Whether U+2028 and U+2029 are in it.
    pub separators: bool,
    /// Whether all other characters beyond ASCII are in it.
    pub others: bool,
}

/// A deterministic automaton over characters; state 0 is the start. Characters that it treats alike share a symbol.
#[derive(Debug)]
pub struct Table {
    /// The symbol of each ASCII character.
    pub ascii: &'static [u8; 128],
    /// The symbol of U+2028 and U+2029.
    pub separators: u8,
    /// The symbol of all other characters.
    pub others: u8,
    /// Number of symbols.
    pub symbols: usize,
    /// By state, then symbol: two bytes, low one first; the number of the next state plus one, or 0 for none.
    pub next: &'static [u8],
    /// A byte a state: whether the text may end there.
    pub accepts: &'static [u8],
}

impl Pattern {
    /// Whether the whole text matches.
    pub fn accepts(&self, text: &str) -> bool {
        match &self.matcher {
            Matcher::Runs(runs) => runs_accept(runs, text),
            Matcher::Table(table) => table.accepts(text),
        }
    }
}

fn runs_accept(runs: &[Run], text: &str) -> bool {
    let mut chars = text.chars().peekable();
    for run in runs {
        let mut count = 0;
        while count < run.max && chars.next_if(|&char| run.set.contains(char)).is_some() {
            count += 1;
        }
        if count < run.min {
            return false;
        }
    }
    chars.next().is_none()
}

impl Set {
    #[inline]
    fn contains(&self, char: char) -> bool {
        match char {
            '\0'..='\x7f' => self.ascii >> (char as u32) & 1 == 1,
            '\u{2028}' | '\u{2029}' => self.separators,
            _ => self.others,
        }
    }
}

impl Table {
    fn accepts(&self, text: &str) -> bool {
        let mut state = 0;
        for char in text.chars() {
            let symbol = match char {
                '\0'..='\x7f' => self.ascii[char as usize],
                '\u{2028}' | '\u{2029}' => self.separators,
                _ => self.others,
            };
            let cell = (state * self.symbols + usize::from(symbol)) * 2;
            match u16::from_le_bytes([self.next[cell], self.next[cell + 1]]) {
                0 => return false,
                next => state = usize::from(next) - 1,
            }
        }
        self.accepts[state] == 1
    }
}
