//! Expressions as trees of brackets enter; lines of at most 120 columns leave, as `ruff format` would lay them out.

/// The widest line.
pub const WIDTH: usize = 120;

/// An expression, or a part of one.
#[derive(Debug, Clone)]
pub enum Code {
    /// What is never broken.
    Text(String),
    /// `open`, items with commas between them, `close`; broken with an item a line.
    Brackets {
        /// What stands before the first item, the bracket included.
        open: String,
        /// The items.
        items: Vec<Code>,
        /// The bracket that ends it.
        close: &'static str,
    },
    /// What one line or several can hold; broken in parentheses with a part a line.
    Chain {
        /// What stands before the first part.
        open: String,
        /// The parts, each but the first with its operator before it.
        parts: Vec<String>,
    },
    /// A call of a function with a generator; broken inside its brackets, without a comma.
    Generated {
        /// What stands before the generator, the bracket included.
        open: String,
        /// The generator.
        generator: String,
    },
}

impl Code {
    /// Something unbreakable.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// `name(items)`
    pub fn call(name: &str, items: Vec<Self>) -> Self {
        Self::Brackets { open: format!("{name}("), items, close: ")" }
    }

    /// `(items)`, with the comma that makes a tuple of one item.
    pub fn tuple(items: Vec<Self>) -> Self {
        let close = if items.len() == 1 { ",)" } else { ")" };
        Self::Brackets { open: "(".to_owned(), items, close }
    }

    /// `{items}`
    pub fn braces(items: Vec<Self>) -> Self {
        Self::Brackets { open: "{".to_owned(), items, close: "}" }
    }

    /// The same with something before it: `name=`, `key: `.
    pub fn after(self, prefix: &str) -> Self {
        match self {
            Self::Text(text) => Self::Text(format!("{prefix}{text}")),
            Self::Brackets { open, items, close } => Self::Brackets { open: format!("{prefix}{open}"), items, close },
            Self::Chain { open, parts } => Self::Chain { open: format!("{prefix}{open}"), parts },
            Self::Generated { open, generator } => Self::Generated { open: format!("{prefix}{open}"), generator },
        }
    }

    /// All of it on one line.
    pub fn flat(&self) -> String {
        let mut out = String::new();
        self.write_flat(&mut out);
        out
    }

    /// The lines of it: the first stands at column `indent`, and `after` follows the last.
    pub fn lines(&self, indent: usize, after: &str) -> String {
        let mut out = " ".repeat(indent);
        self.write(indent, after.len(), &mut out);
        out + after
    }

    fn write(&self, indent: usize, after: usize, out: &mut String) {
        let flat = self.flat();
        if indent + flat.chars().count() + after <= WIDTH {
            out.push_str(&flat);
            return;
        }
        match self {
            Self::Text(text) => out.push_str(text),
            Self::Brackets { items, .. } if items.is_empty() => out.push_str(&flat),
            Self::Brackets { open, items, close } => {
                out.push_str(open);
                for item in items {
                    break_line(indent + 4, out);
                    item.write(indent + 4, 1, out);
                    out.push(',');
                }
                break_line(indent, out);
                out.push_str(close.trim_start_matches(','));
            }
            Self::Chain { open, parts } => {
                out.push_str(open);
                out.push('(');
                write_parts(parts, indent + 4, out);
                break_line(indent, out);
                out.push(')');
            }
            Self::Generated { open, generator } => {
                out.push_str(open);
                break_line(indent + 4, out);
                out.push_str(generator);
                break_line(indent, out);
                out.push(')');
            }
        }
    }

    fn write_flat(&self, out: &mut String) {
        match self {
            Self::Text(text) => out.push_str(text),
            Self::Brackets { open, items, close } => {
                out.push_str(open);
                for (at, item) in items.iter().enumerate() {
                    if at > 0 {
                        out.push_str(", ");
                    }
                    item.write_flat(out);
                }
                out.push_str(close);
            }
            Self::Chain { open, parts } => {
                out.push_str(open);
                out.push_str(&parts.join(" "));
            }
            Self::Generated { open, generator } => {
                out.push_str(open);
                out.push_str(generator);
                out.push(')');
            }
        }
    }
}

/// All parts on one line where that is wide enough, else one a line.
fn write_parts(parts: &[String], indent: usize, out: &mut String) {
    let flat = parts.join(" ");
    if indent + flat.chars().count() <= WIDTH {
        break_line(indent, out);
        out.push_str(&flat);
        return;
    }
    for part in parts {
        break_line(indent, out);
        out.push_str(part);
    }
}

/// Brackets that stand at column `indent` and always have an item a line.
pub fn exploded(open: &str, items: &[Code], close: &str, indent: usize) -> String {
    let mut out = open.to_owned();
    for item in items {
        out.push('\n');
        out.push_str(&item.lines(indent + 4, ","));
    }
    break_line(indent, &mut out);
    out + close
}

fn break_line(indent: usize, out: &mut String) {
    out.push('\n');
    out.push_str(&" ".repeat(indent));
}

#[cfg(test)]
mod tests {
    use super::Code;

    fn call(arguments: &[&str]) -> Code {
        Code::call("call", arguments.iter().map(|text| Code::text(*text)).collect())
    }

    #[test]
    fn what_fits_stands_on_one_line() {
        assert_eq!(call(&["a", "b"]).after("x = ").lines(4, ""), "    x = call(a, b)");
        assert_eq!(Code::tuple(vec![Code::text("a")]).lines(0, ""), "(a,)");
    }

    #[test]
    fn what_does_not_fit_has_an_item_a_line() {
        let long = "a".repeat(60);
        let inner = call(&[&long, &long]);
        let expected = format!("x = (\n    call(\n        {long},\n        {long},\n    ),\n)");
        assert_eq!(Code::tuple(vec![inner]).after("x = ").lines(0, ""), expected);
    }

    #[test]
    fn a_long_chain_has_an_operand_a_line() {
        let long = "a".repeat(70);
        let parts = vec![long.clone(), format!("and {long}")];
        let chain = Code::Chain { open: "when=lambda p: ".to_owned(), parts };
        assert_eq!(chain.lines(0, ","), format!("when=lambda p: (\n    {long}\n    and {long}\n),"));
    }
}
