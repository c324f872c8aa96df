//! A piece of code enters; its lines leave, broken where they have to be.

use super::{Doc, FORCED, INDENT, List, Shape, WIDTH, leads};

/// Appends pieces to a text, one after the other.
pub(super) struct Printer<'a> {
    pub(super) column: usize,
    pub(super) out: &'a mut String,
}

impl Printer<'_> {
    /// Prints a piece; `rest` columns follow it on its last line.
    pub(super) fn print(&mut self, doc: &Doc, indent: usize, rest: usize) {
        if self.column + doc.width + rest <= WIDTH {
            return self.flat(doc);
        }
        self.broken(doc, indent, rest);
    }

    /// Prints a piece that does not stay on one line.
    fn broken(&mut self, doc: &Doc, indent: usize, rest: usize) {
        match &doc.shape {
            Shape::Text(code) => self.push(code),
            Shape::Row(parts) => {
                for (at, part) in parts.iter().enumerate() {
                    let following = &parts[at + 1..];
                    let behind = leads(following);
                    let breaks = behind < following.iter().map(|part| part.width).sum();
                    self.print(part, indent, if breaks { behind } else { behind + rest });
                }
            }
            Shape::List(list) => self.list(list, indent, rest),
            Shape::Chain(operator, operands) => {
                for (at, operand) in operands.iter().enumerate() {
                    let is_last = at + 1 == operands.len();
                    self.print(operand, indent, if is_last { rest } else { operator.len() + 1 });
                    if !is_last {
                        self.push(" ");
                        self.push(operator);
                        self.new_line(indent);
                    }
                }
            }
            Shape::Conditional(parts) => {
                let [test, yes, no] = &**parts;
                self.print(test, indent, 0);
                for (mark, branch, rest) in [("? ", yes, 0), (": ", no, rest)] {
                    self.new_line(indent + INDENT);
                    self.push(mark);
                    if branch.is_conditional() {
                        self.broken(branch, indent + INDENT, rest);
                    } else {
                        self.print(branch, indent + INDENT, rest);
                    }
                }
            }
            Shape::Assigned(value) if !value.is_chain() && self.column + 1 + value.lead() <= WIDTH => {
                self.push(" ");
                self.print(value, indent, rest);
            }
            Shape::Alternatives(types) => {
                for ty in types {
                    self.new_line(indent + INDENT);
                    self.push("| ");
                    self.print(ty, indent + 2 * INDENT, rest);
                }
            }
            Shape::Body(body) | Shape::Assigned(body) => {
                self.new_line(indent + INDENT);
                self.print(body, indent + INDENT, rest);
            }
        }
    }

    fn list(&mut self, list: &List, indent: usize, rest: usize) {
        self.push(&list.open);
        if let Some((last, others)) = list.items.split_last().filter(|_| list.hugging) {
            let before: usize = others.iter().map(|item| item.width + 2).sum();
            if last.hugs() && !last.is_call() && self.column + before + last.lead() <= WIDTH {
                for item in others {
                    self.flat(item);
                    self.push(", ");
                }
                self.print(last, indent, list.close.len() + rest);
                return self.push(list.close);
            }
        }
        if let [function] = &list.items[..]
            && list.hugging
            && function.is_function()
        {
            self.print(function, indent, FORCED);
            self.push(list.separator);
            self.new_line(indent);
            return self.push(list.close);
        }
        for item in &list.items {
            self.new_line(indent + INDENT);
            self.print(item, indent + INDENT, 1);
            self.push(list.separator);
        }
        self.new_line(indent);
        self.push(list.close);
    }

    fn flat(&mut self, doc: &Doc) {
        match &doc.shape {
            Shape::Text(code) => self.push(code),
            Shape::Row(parts) => parts.iter().for_each(|part| self.flat(part)),
            Shape::List(list) => {
                let padding = if list.padded { " " } else { "" };
                self.push(&list.open);
                self.push(padding);
                self.joined(&list.items, &format!("{} ", list.separator));
                self.push(padding);
                self.push(list.close);
            }
            Shape::Chain(operator, operands) => self.joined(operands, &format!(" {operator} ")),
            Shape::Alternatives(types) => {
                self.push(" ");
                self.joined(types, " | ");
            }
            Shape::Conditional(parts) => {
                let [test, yes, no] = &**parts;
                self.flat(test);
                self.push(" ? ");
                self.flat(yes);
                self.push(" : ");
                self.flat(no);
            }
            Shape::Body(body) if body.is_conditional() => {
                self.push(" (");
                self.flat(body);
                self.push(")");
            }
            Shape::Body(body) | Shape::Assigned(body) => {
                self.push(" ");
                self.flat(body);
            }
        }
    }

    fn joined(&mut self, parts: &[Doc], separator: &str) {
        for (at, part) in parts.iter().enumerate() {
            if at > 0 {
                self.push(separator);
            }
            self.flat(part);
        }
    }

    fn push(&mut self, code: &str) {
        self.out.push_str(code);
        self.column += code.chars().count();
    }

    fn new_line(&mut self, indent: usize) {
        self.out.push('\n');
        self.out.extend(std::iter::repeat_n(' ', indent));
        self.column = indent;
    }
}
