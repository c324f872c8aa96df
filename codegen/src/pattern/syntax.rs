//! The source of a pattern enters; its tree leaves, or the first thing that is no part of the language.

use super::class::Class;
use super::node::{self, Node};
use super::refusal::{Reason, Refusal};

const MAX_LENGTH: usize = 256;
const MAX_NESTING: usize = 8;
const MAX_COUNT: u32 = 1_000;
pub(super) const MAX_POSITIONS: usize = 4_000;

pub(super) fn parse(source: &str) -> Result<Node, Refusal> {
    if let Some((offset, _)) = source.char_indices().find(|(_, character)| !matches!(character, ' '..='~')) {
        return Err(Refusal::new(Reason::NotPrintableAscii, offset));
    }
    if source.len() > MAX_LENGTH {
        return Err(Refusal::new(Reason::TooLong, MAX_LENGTH));
    }
    let mut parser = Parser { bytes: source.as_bytes(), at: 0, depth: 0 };
    let anchored = parser.eat(b'^');
    if parser.peek().is_none() && !anchored {
        return Err(parser.refuse(Reason::EmptyPattern));
    }
    let node = parser.body(anchored)?;
    if node.positions() > MAX_POSITIONS {
        return Err(Refusal::new(Reason::CountTooBig, 0));
    }
    Ok(node)
}

struct Parser<'a> {
    bytes: &'a [u8],
    at: usize,
    depth: usize,
}

impl Parser<'_> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn eat(&mut self, wanted: u8) -> bool {
        let there = self.peek() == Some(wanted);
        self.at += usize::from(there);
        there
    }

    fn eat_all(&mut self, wanted: &[u8]) -> bool {
        let there = self.bytes[self.at..].starts_with(wanted);
        self.at += if there { wanted.len() } else { 0 };
        there
    }

    fn refuse(&self, reason: Reason) -> Refusal {
        Refusal::new(reason, self.at)
    }

    /// Everything between the anchors, and the closing one.
    fn body(&mut self, anchored: bool) -> Result<Node, Refusal> {
        if anchored && self.bytes.len() == 2 && self.bytes[1] == b'$' {
            return Err(self.refuse(Reason::EmptyPattern));
        }
        let (mut alternatives, mut bar) = (Vec::new(), None);
        loop {
            alternatives.push(self.sequence()?);
            match self.peek() {
                Some(b'|') => bar = bar.or(Some(self.at)),
                Some(b'$') if self.at + 1 < self.bytes.len() => return Err(self.refuse(Reason::InnerAnchor)),
                Some(b')') => return Err(self.refuse(Reason::Unbalanced)),
                _ => break,
            }
            self.at += 1;
        }
        let closed = self.eat(b'$');
        match (bar, anchored || closed) {
            (Some(offset), true) => Err(Refusal::new(Reason::AnchorWithAlternation, offset)),
            _ if anchored != closed => {
                Err(Refusal::new(Reason::OneSidedAnchor, if anchored { 0 } else { self.at - 1 }))
            }
            _ => Ok(Node::choice(alternatives)),
        }
    }

    /// A group behind its opening bracket.
    fn group(&mut self) -> Result<Node, Refusal> {
        let open = self.at - 1;
        self.group_opening()?;
        self.depth += 1;
        if self.depth > MAX_NESTING {
            return Err(Refusal::new(Reason::TooNested, open));
        }
        let mut alternatives = Vec::new();
        loop {
            alternatives.push(self.sequence()?);
            match self.peek() {
                Some(b'|') => self.at += 1,
                Some(b')') => break,
                Some(_) => return Err(self.refuse(Reason::InnerAnchor)),
                None => return Err(Refusal::new(Reason::Unbalanced, open)),
            }
        }
        self.at += 1;
        self.depth -= 1;
        Ok(Node::choice(alternatives))
    }

    fn group_opening(&mut self) -> Result<(), Refusal> {
        const REFUSED: [(&[u8], Reason); 8] = [
            (b"?=", Reason::Lookaround),
            (b"?!", Reason::Lookaround),
            (b"?<=", Reason::Lookaround),
            (b"?<!", Reason::Lookaround),
            (b"?<", Reason::NamedGroup),
            (b"?P<", Reason::NamedGroup),
            (b"?P=", Reason::Backreference),
            (b"?>", Reason::AtomicGroup),
        ];
        if self.eat_all(b"?:") || self.peek() != Some(b'?') {
            return Ok(());
        }
        let rest = &self.bytes[self.at..];
        let known = REFUSED.iter().find(|(opening, _)| rest.starts_with(opening));
        Err(self.refuse(known.map_or(Reason::InlineFlag, |&(_, reason)| reason)))
    }

    /// Parts up to `|`, `)`, `$` or the end; at least one.
    fn sequence(&mut self) -> Result<Vec<Node>, Refusal> {
        let start = self.at;
        let mut items = Vec::new();
        while let Some(byte) = self.peek() {
            let item = match byte {
                b'|' | b')' | b'$' => break,
                b'^' => return Err(self.refuse(Reason::InnerAnchor)),
                b'*' | b'+' | b'?' => return Err(self.refuse(Reason::NothingToRepeat)),
                b'{' | b'}' | b']' => return Err(self.refuse(Reason::StrayMetachar)),
                _ => self.atom(byte)?,
            };
            let item = self.quantified(item)?;
            node::push(&mut items, item);
        }
        let is_anchor_alone = self.peek() == Some(b'$') && self.depth == 0;
        if self.at == start && !is_anchor_alone {
            // A lone `^` is told what is missing rather than that nothing follows.
            let lone = self.at == self.bytes.len() && self.at == 1 && self.bytes[0] == b'^';
            return if lone { Ok(items) } else { Err(self.refuse(Reason::EmptyAlternative)) };
        }
        Ok(items)
    }

    fn atom(&mut self, byte: u8) -> Result<Node, Refusal> {
        self.at += 1;
        match byte {
            b'(' => self.group(),
            b'[' => self.class().map(Node::Class),
            b'.' => Ok(Node::Class(Class::DOT)),
            b'\\' => self.escape(false).map(Node::Class),
            literal => Ok(Node::Class(Class::one(literal))),
        }
    }

    /// What a backslash makes of the next character.
    fn escape(&mut self, in_class: bool) -> Result<Class, Refusal> {
        let before = self.at - 1;
        let refused = |reason| Err(Refusal::new(reason, before));
        let Some(letter) = self.peek() else { return refused(Reason::BadEscape) };
        self.at += 1;
        if letter.is_ascii_punctuation() {
            return Ok(Class::one(letter));
        }
        match letter {
            b't' => Ok(Class::one(b'\t')),
            b'n' => Ok(Class::one(b'\n')),
            b'v' => Ok(Class::one(0x0b)),
            b'f' => Ok(Class::one(0x0c)),
            b'r' => Ok(Class::one(b'\r')),
            b'p' | b'P' => refused(Reason::UnicodeProperty),
            b'1'..=b'9' | b'k' if !in_class => refused(Reason::Backreference),
            b'D' | b'W' | b'S' if in_class => refused(Reason::BadEscape),
            _ => Class::named(letter).map_or_else(|| refused(Reason::BadEscape), Ok),
        }
    }

    /// A class behind its opening bracket.
    fn class(&mut self) -> Result<Class, Refusal> {
        let open = self.at - 1;
        let negated = self.eat(b'^');
        let (mut class, start) = (Class::EMPTY, self.at);
        loop {
            if [b"&&", b"--", b"~~", b"||"].iter().any(|pair| self.bytes[self.at..].starts_with(*pair)) {
                return Err(self.refuse(Reason::ClassOperation));
            }
            match self.peek() {
                None => return Err(Refusal::new(Reason::Unbalanced, open)),
                Some(b']') if self.at == start => return Err(Refusal::new(Reason::BadClass, open)),
                Some(b']') => break,
                Some(_) => class = class.or(self.class_item(start)?),
            }
        }
        self.at += 1;
        Ok(if negated { class.not() } else { class })
    }

    /// A character, an escape or a range.
    fn class_item(&mut self, start: usize) -> Result<Class, Refusal> {
        let at = self.at;
        let first = self.class_member(start)?;
        let is_range = self.peek() == Some(b'-') && !matches!(self.bytes.get(self.at + 1), None | Some(b']' | b'-'));
        if !is_range {
            return Ok(first);
        }
        self.at += 1;
        let last = self.class_member(start)?;
        match (first.single(), last.single()) {
            (Some(first), Some(last)) if first <= last => Ok(Class::range(first, last)),
            _ => Err(Refusal::new(Reason::BadClass, at)),
        }
    }

    fn class_member(&mut self, start: usize) -> Result<Class, Refusal> {
        let at = self.at;
        let byte = self.peek().ok_or(Refusal::new(Reason::Unbalanced, start))?;
        self.at += 1;
        match byte {
            b'\\' => self.escape(true),
            b'[' => Err(Refusal::new(Reason::BadClass, at)),
            b'-' if at != start && self.peek() != Some(b']') => Err(Refusal::new(Reason::BadClass, at)),
            literal => Ok(Class::one(literal)),
        }
    }

    fn quantified(&mut self, item: Node) -> Result<Node, Refusal> {
        let start = self.at;
        let (min, max) = match self.peek() {
            Some(b'?') => (0, Some(1)),
            Some(b'*') => (0, None),
            Some(b'+') => (1, None),
            Some(b'{') => self.counts()?,
            _ => return Ok(item),
        };
        self.at += 1;
        match self.peek() {
            Some(b'?') => return Err(self.refuse(Reason::LazyQuantifier)),
            Some(b'+') => return Err(self.refuse(Reason::PossessiveQuantifier)),
            Some(b'*' | b'{') => return Err(self.refuse(Reason::NothingToRepeat)),
            _ => {}
        }
        if (min, max) == (1, Some(1)) {
            return Ok(item);
        }
        if item.is_nullable() {
            return Err(Refusal::new(Reason::EmptyLoop, start));
        }
        let repeated = Node::Repeat(Box::new(item), min, max);
        if repeated.positions() > MAX_POSITIONS {
            return Err(Refusal::new(Reason::CountTooBig, start));
        }
        Ok(repeated)
    }

    /// `{n}`, `{n,}`, `{n,m}`; stops before the closing bracket.
    fn counts(&mut self) -> Result<(u32, Option<u32>), Refusal> {
        let start = self.at;
        self.at += 1;
        let min = self.count();
        let max = if self.eat(b',') { Some(self.count()) } else { None };
        let refused = |reason| Err(Refusal::new(reason, start));
        if self.peek() != Some(b'}') || (min.is_none() && max.is_none_or(|max| max.is_none())) {
            return refused(Reason::StrayMetachar);
        }
        let Some(min) = min else { return refused(Reason::BadCount) };
        let max = max.unwrap_or(Some(min));
        if min > MAX_COUNT || max.is_some_and(|max| max > MAX_COUNT) {
            return refused(Reason::CountTooBig);
        }
        if max.is_some_and(|max| max < min || max == 0) {
            return refused(Reason::BadCount);
        }
        Ok((min, max))
    }

    /// Decimal digits; what is too large for the type is too large for a count as well.
    fn count(&mut self) -> Option<u32> {
        let digits = self.bytes[self.at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        let text = &self.bytes[self.at..self.at + digits];
        self.at += digits;
        (digits > 0).then(|| {
            text.iter().fold(0, |sum: u32, digit| sum.saturating_mul(10).saturating_add((digit - b'0').into()))
        })
    }
}
