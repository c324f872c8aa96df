//! What somebody wants to declare enters; its lines in a contract leave. Nothing in it is judged here.

use crate::emit::encode::yaml;
use crate::load::ambiguous;

/// A declaration, line by line.
#[derive(Debug)]
pub struct Declaration {
    name: String,
    /// What stands below the name, from its first column.
    lines: Vec<String>,
}

impl Declaration {
    /// One of this name, in which nothing stands yet.
    pub fn new(name: &str) -> Self {
        Self { name: scalar(name), lines: Vec::new() }
    }

    /// With its meaning, where somebody says it.
    #[must_use]
    pub fn doc(mut self, doc: Option<&str>) -> Self {
        self.lines.extend(doc.map(|doc| format!("doc: {}", prose(doc))));
        self
    }

    /// With a member: a key and a name.
    #[must_use]
    pub fn member(mut self, key: &str, value: &str) -> Self {
        self.lines.push(format!("{key}: {}", scalar(value)));
        self
    }

    /// With a list of names.
    #[must_use]
    pub fn list<T: AsRef<str>>(mut self, key: &str, items: &[T]) -> Self {
        self.lines.push(format!("{key}: {}", bracketed(items)));
        self
    }

    /// With fields: name, then type or a mapping in braces.
    #[must_use]
    pub fn fields(self, fields: &[(String, String)]) -> Self {
        let written = fields.iter().map(|(name, ty)| {
            let is_mapping = ty.starts_with('{') && ty.ends_with('}') && !ty.contains(['\n', '\r']);
            (scalar(name), if is_mapping { ty.clone() } else { scalar(ty) })
        });
        self.block("fields", written)
    }

    /// With lists of names by name.
    #[must_use]
    pub fn lists(self, key: &str, lists: &[(String, Vec<String>)]) -> Self {
        self.block(key, lists.iter().map(|(name, items)| (scalar(name), bracketed(items))))
    }

    /// With members that are written already; without any it gets no line.
    #[must_use]
    pub fn block(mut self, key: &str, members: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut members = members.into_iter().map(|(name, value)| format!("  {name}: {value}")).peekable();
        if members.peek().is_some() {
            self.lines.push(format!("{key}:"));
            self.lines.extend(members);
        }
        self
    }

    /// Its text, indented.
    pub(super) fn at(&self, indent: usize) -> String {
        let margin = " ".repeat(indent);
        if self.lines.is_empty() {
            return format!("{margin}{}: {{}}\n", self.name);
        }
        let lines = self.lines.iter().map(|line| format!("{margin}  {line}\n"));
        std::iter::once(format!("{margin}{}:\n", self.name)).chain(lines).collect()
    }
}

/// The head of a contract, in the canonical layout; `schema` is the path to the JSON Schema of contracts from its folder.
pub fn head(name: &str, doc: Option<&str>, imports: &[String], schema: &str) -> String {
    let doc = doc.map(|doc| format!("doc: {}", prose(doc)));
    let imports = (!imports.is_empty()).then(|| format!("imports: {}", bracketed(imports)));
    let first = [
        format!("# yaml-language-server: $schema={schema}"),
        "language: 1".to_owned(),
        format!("contract: {}", scalar(name)),
        "version: 1.0.0".to_owned(),
    ];
    first.into_iter().chain(doc).chain(imports).flat_map(|line| [line, "\n".to_owned()]).collect()
}

fn bracketed<T: AsRef<str>>(items: &[T]) -> String {
    format!("[{}]", items.iter().map(|item| scalar(item.as_ref())).collect::<Vec<_>>().join(", "))
}

/// A name or type: plain where it could be one, so that what is none is told as what it is.
fn scalar(text: &str) -> String {
    let is_plain = text.starts_with(|c: char| c.is_ascii_alphabetic())
        && !text.ends_with(' ')
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '<' | '>' | ' '))
        && !ambiguous(text);
    if is_plain { text.to_owned() } else { yaml::string(text) }
}

/// A sentence: plain where none of its characters means something to YAML.
fn prose(text: &str) -> String {
    let is_plain = text.starts_with(char::is_alphabetic)
        && !text.ends_with(' ')
        && text.contains(' ')
        && text.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | ',' | '.' | ';' | '-' | '(' | ')' | '\''));
    if is_plain { text.to_owned() } else { yaml::string(text) }
}
