//! Pieces of code enter, laid-out TypeScript leaves: on one line where it fits, else broken as a formatter would.

mod printer;

use printer::Printer;

/// The longest line.
pub(super) const WIDTH: usize = 120;

/// Columns of one level.
const INDENT: usize = 2;

/// Wider than any line: what must not stay on one.
const FORCED: usize = 1 << 20;

/// A piece of code whose line breaks are not decided yet.
#[derive(Debug, Clone)]
pub(super) struct Doc {
    shape: Shape,
    /// Columns on one line; [`FORCED`] and more where it has to break.
    width: usize,
}

#[derive(Debug, Clone)]
enum Shape {
    Text(String),
    /// One after the other, each breaking by itself.
    Row(Vec<Doc>),
    List(List),
    /// Operands with an operator between them, broken behind each operator.
    Chain(&'static str, Vec<Doc>),
    /// `test ? yes : no`
    Conditional(Box<[Doc; 3]>),
    /// Behind `=`, with the blank in front of it.
    Assigned(Box<Doc>),
    /// Types of a union, with the blank in front of them.
    Alternatives(Vec<Doc>),
    /// What a function gives, with the blank in front of it; on a line of its own where it does not fit on the same.
    Body(Box<Doc>),
}

#[derive(Debug, Clone)]
struct List {
    open: String,
    items: Vec<Doc>,
    close: &'static str,
    /// Behind each item but, on one line, the last.
    separator: &'static str,
    /// Blanks inside the brackets, as in `{ a: 1 }`.
    padded: bool,
    /// The last item may break while the others stay on the first line, as in `f(a, [`.
    hugging: bool,
}

/// Code as it stands.
pub(super) fn text(code: impl Into<String>) -> Doc {
    let code = code.into();
    Doc { width: code.chars().count(), shape: Shape::Text(code) }
}

/// Pieces one after the other.
pub(super) fn row(parts: Vec<Doc>) -> Doc {
    Doc { width: parts.iter().map(|part| part.width).sum(), shape: Shape::Row(parts) }
}

/// `callee(a, b)`
pub(super) fn call(callee: impl Into<String>, arguments: Vec<Doc>) -> Doc {
    list(List { open: callee.into() + "(", items: arguments, close: ")", separator: ",", padded: false, hugging: true })
}

/// `[a, b]`
pub(super) fn array(items: Vec<Doc>) -> Doc {
    list(List { open: "[".into(), items, close: "]", separator: ",", padded: false, hugging: false })
}

/// `[a, b]` of objects, of which each gets a line of its own.
pub(super) fn table(rows: Vec<Doc>) -> Doc {
    let is_long = rows.len() > 1 && rows.iter().all(|row| matches!(row.shape, Shape::List(_)));
    let mut table = array(rows);
    if is_long {
        table.width = table.width.max(FORCED);
    }
    table
}

/// `{ a, b }`, of members as [`member`] makes them.
pub(super) fn object(members: Vec<Doc>) -> Doc {
    let padded = !members.is_empty();
    list(List { open: "{".into(), items: members, close: "}", separator: ",", padded, hugging: false })
}

/// `({ a, b })`, as a function gives it.
pub(super) fn given_object(members: Vec<Doc>) -> Doc {
    list(List { open: "({".into(), items: members, close: "})", separator: ",", padded: true, hugging: false })
}

/// `{ a; b }`, of the members of a type.
pub(super) fn members(members: Vec<Doc>) -> Doc {
    let list_of = List { open: "{".into(), items: members, close: "}", separator: ";", padded: true, hugging: false };
    list(list_of)
}

/// `if (test) {`
pub(super) fn condition(test: Doc) -> Doc {
    let test = vec![test];
    list(List { open: "if (".into(), items: test, close: ") {", separator: "", padded: false, hugging: false })
}

/// `name<a, b>`
pub(super) fn generic(name: impl Into<String>, arguments: Vec<Doc>) -> Doc {
    list(List { open: name.into() + "<", items: arguments, close: ">", separator: ",", padded: false, hugging: false })
}

/// `key: value`
pub(super) fn member(key: &str, value: Doc) -> Doc {
    row(vec![text(format!("{key}: ")), value])
}

/// `key: value`, the value on lines of its own where it is a condition that does not fit.
pub(super) fn assigned_member(key: &str, value: Doc) -> Doc {
    row(vec![text(format!("{key}:")), assigned(value)])
}

/// `a && b` and the like.
pub(super) fn chain(operator: &'static str, operands: Vec<Doc>) -> Doc {
    let between = (operator.len() + 2) * operands.len().saturating_sub(1);
    Doc {
        width: operands.iter().map(|operand| operand.width).sum::<usize>() + between,
        shape: Shape::Chain(operator, operands),
    }
}

/// ` value`, on a line of its own where not even its beginning fits behind what stands before it.
pub(super) fn assigned(value: Doc) -> Doc {
    Doc { width: value.width + 1, shape: Shape::Assigned(Box::new(value)) }
}

/// `A | B`, each on a line of its own where they do not fit on one.
pub(super) fn alternatives(types: Vec<Doc>) -> Doc {
    let between = 3 * types.len().saturating_sub(1);
    let width = types.iter().map(|ty| ty.width).sum::<usize>() + between + 1;
    Doc { width, shape: Shape::Alternatives(types) }
}

/// `test ? yes : no`
pub(super) fn conditional(test: Doc, yes: Doc, no: Doc) -> Doc {
    let width = test.width + yes.width + no.width + " ?  : ".len();
    Doc { width, shape: Shape::Conditional(Box::new([test, yes, no])) }
}

/// `(a) => body`
pub(super) fn arrow(parameters: &str, body: Doc) -> Doc {
    let head = text(format!("({parameters}) =>"));
    if body.hugs() && !body.is_call() {
        return row(vec![head, text(" "), body]);
    }
    let width = body.width + if body.is_conditional() { " ()".len() } else { " ".len() };
    row(vec![head, Doc { width, shape: Shape::Body(Box::new(body)) }])
}

fn list(list: List) -> Doc {
    let between = 2 * list.items.len().saturating_sub(1);
    let items: usize = list.items.iter().map(|item| item.width).sum();
    let padding = if list.padded { 2 } else { 0 };
    let width = list.open.chars().count() + items + between + padding + list.close.len();
    Doc { width, shape: Shape::List(list) }
}

impl Doc {
    /// Whether it stays on one line that begins with so many blanks.
    pub(super) fn fits(&self, indent: usize) -> bool {
        indent + self.width <= WIDTH
    }

    /// Whether it is just this.
    pub(super) fn is_text(&self, code: &str) -> bool {
        matches!(&self.shape, Shape::Text(text) if text == code)
    }

    /// In parentheses.
    pub(super) fn parenthesised(self) -> Self {
        row(vec![text("("), self, text(")")])
    }

    /// Appends the code as a statement that begins at the margin, with its line end.
    pub(super) fn write(&self, out: &mut String) {
        self.write_indented(0, out);
        out.push('\n');
    }

    /// Appends the code on a line that begins with so many blanks.
    pub(super) fn write_indented(&self, indent: usize, out: &mut String) {
        out.extend(std::iter::repeat_n(' ', indent));
        Printer { column: indent, out }.print(self, indent, 0);
    }

    /// Whether it breaks inside its own brackets.
    fn hugs(&self) -> bool {
        match &self.shape {
            Shape::List(_) => true,
            Shape::Row(parts) => parts.last().is_some_and(Self::hugs),
            _ => false,
        }
    }

    /// Whether its last brackets are those of a call.
    fn is_call(&self) -> bool {
        match &self.shape {
            Shape::List(list) => list.hugging,
            Shape::Row(parts) => parts.last().is_some_and(Self::is_call),
            _ => false,
        }
    }

    /// Whether it is a function whose body takes a line of its own where it does not fit.
    fn is_function(&self) -> bool {
        matches!(&self.shape, Shape::Row(parts) if matches!(parts.last(), Some(Doc { shape: Shape::Body(_), .. })))
    }

    fn is_chain(&self) -> bool {
        matches!(self.shape, Shape::Chain(..))
    }

    fn is_conditional(&self) -> bool {
        matches!(self.shape, Shape::Conditional(_))
    }

    /// The columns up to its first possible break.
    fn lead(&self) -> usize {
        match &self.shape {
            Shape::List(list) if !list.items.is_empty() => list.open.chars().count(),
            Shape::Text(_) | Shape::List(_) => self.width,
            Shape::Row(parts) => leads(parts),
            Shape::Chain(_, operands) => operands.first().map_or(0, Self::lead),
            Shape::Conditional(parts) => parts[0].lead(),
            Shape::Assigned(_) | Shape::Alternatives(_) | Shape::Body(_) => 0,
        }
    }
}

/// The columns of pieces in a row up to the first possible break.
fn leads(parts: &[Doc]) -> usize {
    let mut columns = 0;
    for part in parts {
        let lead = part.lead();
        columns += lead;
        if lead < part.width {
            break;
        }
    }
    columns
}

#[cfg(test)]
mod tests {
    use super::*;

    fn laid_out(doc: &Doc) -> String {
        let mut out = String::new();
        doc.write(&mut out);
        out
    }

    fn words(count: usize) -> Vec<Doc> {
        (0..count).map(|at| text(format!("\"word number {at}\""))).collect()
    }

    #[test]
    fn what_fits_stays_on_one_line() {
        let doc = call("$.record", vec![object(vec![member("closed", text("true"))]), array(vec![])]);
        assert_eq!(laid_out(&doc), "$.record({ closed: true }, [])\n");
        assert_eq!(laid_out(&arrow("p", chain("&&", vec![text("a"), text("b")]))), "(p) => a && b\n");
    }

    #[test]
    fn the_last_argument_breaks_before_the_call_does() {
        let doc = row(vec![text("const a = "), call("f", vec![text("1"), array(words(12))]), text(";")]);
        let laid_out = laid_out(&doc);
        assert!(laid_out.starts_with("const a = f(1, [\n  \"word number 0\",\n"), "{laid_out}");
        assert!(laid_out.ends_with("  \"word number 11\",\n]);\n"), "{laid_out}");
    }

    #[test]
    fn arguments_before_a_broken_one_take_lines_of_their_own() {
        let doc = call("f", vec![array(words(12)), text("1")]);
        assert!(laid_out(&doc).starts_with("f(\n  [\n    \"word number 0\",\n"));
        assert!(laid_out(&doc).ends_with("  ],\n  1,\n)\n"));
    }

    #[test]
    fn a_long_condition_moves_below_its_arrow() {
        let doc = arrow("p", chain("||", words(9)));
        assert!(laid_out(&doc).starts_with("(p) =>\n  \"word number 0\" ||\n  \"word number 1\" ||\n"));
    }

    #[test]
    fn no_line_is_longer_than_it_has_to_be() {
        let members = (0..8).map(|at| member(&format!("m{at}"), array(words(at)))).collect();
        let doc = row(vec![text("x: "), call("f", vec![arrow("", array(vec![object(members)]))]), text(",")]);
        for line in laid_out(&doc).lines() {
            assert!(line.len() <= WIDTH, "{line}");
        }
    }
}
