//! The text of an expression enters; a tree of bounded height leaves, or one located refusal.
//!
//! The grammar is that of CEL without what the contract language leaves out: every accepted text is CEL and groups
//! its operands as CEL does.

use std::ops::Range;

use super::ast::{Ast, Name, Node, Operator};
use super::lex::{Fault, Placed, Token, tokens};
use super::rules::EXPRESSION_SYNTAX;
use crate::diagnostic::Diagnostic;
use crate::model::CompareOp;
use crate::source::Span;

/// Deepest nesting, so that no text can exhaust the stack of whoever walks the tree.
const MAX_HEIGHT: usize = 64;

/// Words that CEL keeps for itself: none of them can be a name that stands alone.
const RESERVED: [&str; 17] = [
    "as",
    "break",
    "const",
    "continue",
    "else",
    "for",
    "function",
    "if",
    "import",
    "let",
    "loop",
    "package",
    "namespace",
    "return",
    "var",
    "void",
    "while",
];

/// Whether a word can be no name that stands alone.
pub(super) fn is_reserved(word: &str) -> bool {
    RESERVED.contains(&word) || matches!(word, "true" | "false" | "null" | "in")
}

/// Reads an expression. `at` gives the place in its file of a range of bytes of `text`.
pub fn parse(text: &str, at: &dyn Fn(usize, usize) -> Span) -> Result<Ast, Box<Diagnostic>> {
    let report = |fault: Fault| {
        let found = Diagnostic::new(&EXPRESSION_SYNTAX, at(fault.at.start, fault.at.end), fault.message);
        Box::new(match fault.help {
            Some(help) => found.help(help),
            None => found,
        })
    };
    let tokens = tokens(text).map_err(report)?;
    let mut parser = Parser { tokens, next: 0, depth: 0, at };
    parser.whole().map_err(report)
}

struct Parser<'a> {
    tokens: Vec<Placed>,
    next: usize,
    depth: usize,
    at: &'a dyn Fn(usize, usize) -> Span,
}

/// A tree and the bytes it covers.
type Part = (Ast, Range<usize>);

impl Parser<'_> {
    fn whole(&mut self) -> Result<Ast, Fault> {
        let (ast, _) = self.conditional()?;
        match self.peek() {
            Token::End => Ok(ast),
            _ => Err(self.unexpected("an operator or the end")),
        }
    }

    fn peek(&self) -> &Token {
        &self.tokens[self.next].0
    }

    fn range(&self) -> Range<usize> {
        self.tokens[self.next].1.clone()
    }

    /// Takes the next token; the last one stays.
    fn take(&mut self) -> Placed {
        let placed = self.tokens[self.next].clone();
        self.next = (self.next + 1).min(self.tokens.len() - 1);
        placed
    }

    /// Takes the sign if it comes next.
    fn eat(&mut self, sign: &str) -> bool {
        let found = matches!(self.peek(), Token::Sign(next) if *next == sign);
        if found {
            self.take();
        }
        found
    }

    /// Takes the sign, which must come next, and gives its end.
    fn close(&mut self, sign: &str) -> Result<usize, Fault> {
        let end = self.range().end;
        if self.eat(sign) { Ok(end) } else { Err(self.unexpected(&format!("`{sign}`"))) }
    }

    fn unexpected(&self, wanted: &str) -> Fault {
        let found = match self.peek() {
            Token::Word(word) => format!("`{word}`"),
            Token::Sign(sign) => format!("`{sign}`"),
            Token::Int(_) | Token::Float(_) => "a number".into(),
            Token::Text(_) => "a string".into(),
            Token::End => "the end".into(),
        };
        let help = match self.peek() {
            Token::Word(word) if word == "and" => Some("`and` is written `&&`"),
            Token::Word(word) if word == "or" => Some("`or` is written `||`"),
            _ => None,
        };
        Fault { at: self.range(), message: format!("expected {wanted}, found {found}"), help }
    }

    fn too_deep(at: Range<usize>) -> Fault {
        let message = format!("expression nests more than {MAX_HEIGHT} deep");
        Fault { at, message, help: Some("split it into several rules, or use `in` with a list or an enum set") }
    }

    fn join(&self, node: Node, at: Range<usize>) -> Result<Part, Fault> {
        let mut ast = Ast { node, span: (self.at)(at.start, at.end), height: 1 };
        ast.height += ast.children().iter().map(|child| child.height).max().unwrap_or(0);
        if ast.height > MAX_HEIGHT { Err(Self::too_deep(at)) } else { Ok((ast, at)) }
    }

    fn conditional(&mut self) -> Result<Part, Fault> {
        self.depth += 1;
        if self.depth > MAX_HEIGHT {
            return Err(Self::too_deep(self.range()));
        }
        let (test, start) = self.binary(0)?;
        let part = if self.eat("?") {
            let (yes, _) = self.binary(0)?;
            self.close(":")?;
            let (no, end) = self.conditional()?;
            self.join(Node::Conditional(Box::new(test), Box::new(yes), Box::new(no)), start.start..end.end)?
        } else {
            (test, start)
        };
        self.depth -= 1;
        Ok(part)
    }

    /// Left-associative operators of this level and those that bind tighter.
    fn binary(&mut self, level: usize) -> Result<Part, Fault> {
        if level == LEVELS {
            return self.unary();
        }
        let (mut left, mut range) = self.binary(level + 1)?;
        while let Some(operator) = operator(self.peek()).filter(|&(at, _)| at == level).map(|(_, operator)| operator) {
            self.take();
            let (right, end) = self.binary(level + 1)?;
            let covered = range.start..end.end;
            (left, range) = self.join(Node::Binary(operator, Box::new(left), Box::new(right)), covered)?;
        }
        Ok((left, range))
    }

    fn unary(&mut self) -> Result<Part, Fault> {
        let start = self.range().start;
        let mut negations = 0;
        while self.eat("!") {
            negations += 1;
        }
        if negations == 0 && matches!(self.peek(), Token::Sign("-")) {
            return self.negative();
        }
        let (mut ast, mut range) = self.member()?;
        for _ in 0..negations {
            (ast, range) = self.join(Node::Not(Box::new(ast)), start..range.end)?;
        }
        Ok((ast, range))
    }

    /// A minus sign that belongs to a number.
    fn negative(&mut self) -> Result<Part, Fault> {
        let (_, sign) = self.take();
        let (token, range) = self.take();
        let node = match token {
            Token::Int(value) => Node::Int(-value),
            Token::Float(value) => Node::Float(-value),
            _ => {
                let help = Some("to negate a value, subtract it from 0");
                return Err(Fault { at: sign, message: "`-` stands before something that is no number".into(), help });
            }
        };
        self.join(node, sign.start..range.end)
    }

    fn member(&mut self) -> Result<Part, Fault> {
        let (mut base, mut range) = self.primary()?;
        loop {
            if self.eat(".") {
                let name = self.name_after_dot()?;
                let (node, end) = if self.eat("(") {
                    let (arguments, end) = self.items(")")?;
                    (Node::Call(Some(Box::new(base)), name.0, arguments), end)
                } else {
                    (Node::Select(Box::new(base), name.0), name.1)
                };
                (base, range) = self.join(node, range.start..end)?;
            } else if self.eat("[") {
                let (index, _) = self.conditional()?;
                let end = self.close("]")?;
                (base, range) = self.join(Node::Index(Box::new(base), Box::new(index)), range.start..end)?;
            } else {
                return Ok((base, range));
            }
        }
    }

    /// A word behind a dot, and its end. CEL takes its reserved words here, but not its keywords.
    fn name_after_dot(&mut self) -> Result<(Name, usize), Fault> {
        let Token::Word(word) = self.peek().clone() else { return Err(self.unexpected("a name")) };
        let at = self.range();
        if matches!(word.as_str(), "true" | "false" | "null" | "in") {
            let help = Some("write it in brackets and quotes, such as `Lane[\"in\"]`");
            return Err(Fault { at, message: format!("`{word}` cannot stand behind a dot"), help });
        }
        self.take();
        Ok((Name { text: word, span: (self.at)(at.start, at.end) }, at.end))
    }

    fn primary(&mut self) -> Result<Part, Fault> {
        let at = self.range();
        let node = match self.peek().clone() {
            Token::Int(value) => Node::Int(value),
            Token::Float(value) => Node::Float(value),
            Token::Text(value) => Node::Text(value),
            Token::Word(word) => match word.as_str() {
                "null" => Node::Null,
                "true" => Node::Bool(true),
                "false" => Node::Bool(false),
                "in" => return Err(self.unexpected("a value")),
                reserved if RESERVED.contains(&reserved) => {
                    return Err(Fault {
                        at,
                        message: format!("`{word}` is a word that CEL keeps for itself"),
                        help: None,
                    });
                }
                _ => return self.name(word),
            },
            Token::Sign("(") => {
                self.take();
                let (inner, _) = self.conditional()?;
                let end = self.close(")")?;
                return Ok((inner, at.start..end));
            }
            Token::Sign("[") => {
                self.take();
                let (items, end) = self.items("]")?;
                return self.join(Node::List(items), at.start..end);
            }
            _ => return Err(self.unexpected("a value")),
        };
        self.take();
        self.join(node, at)
    }

    fn name(&mut self, word: String) -> Result<Part, Fault> {
        let (_, at) = self.take();
        if !self.eat("(") {
            return self.join(Node::Name(word), at);
        }
        let name = Name { text: word, span: (self.at)(at.start, at.end) };
        let (arguments, end) = self.items(")")?;
        self.join(Node::Call(None, name, arguments), at.start..end)
    }

    /// Expressions between commas up to the closing sign, and the end of that sign.
    fn items(&mut self, closing: &str) -> Result<(Vec<Ast>, usize), Fault> {
        let mut items = Vec::new();
        let end = self.range().end;
        if self.eat(closing) {
            return Ok((items, end));
        }
        loop {
            items.push(self.conditional()?.0);
            if !self.eat(",") {
                return Ok((items, self.close(closing)?));
            }
        }
    }
}

/// Levels of binary operators: `||`, `&&`, relations, sums.
const LEVELS: usize = 4;

fn operator(token: &Token) -> Option<(usize, Operator)> {
    Some(match token {
        Token::Sign("||") => (0, Operator::Or),
        Token::Sign("&&") => (1, Operator::And),
        Token::Sign("==") => (2, Operator::Compare(CompareOp::Eq)),
        Token::Sign("!=") => (2, Operator::Compare(CompareOp::Ne)),
        Token::Sign("<") => (2, Operator::Compare(CompareOp::Lt)),
        Token::Sign("<=") => (2, Operator::Compare(CompareOp::Le)),
        Token::Sign(">") => (2, Operator::Compare(CompareOp::Gt)),
        Token::Sign(">=") => (2, Operator::Compare(CompareOp::Ge)),
        Token::Sign("+") => (3, Operator::Add),
        Token::Sign("-") => (3, Operator::Subtract),
        Token::Word(word) if word == "in" => (2, Operator::In),
        _ => return None,
    })
}
