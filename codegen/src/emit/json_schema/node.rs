//! Members enter in the order they are to be read; JSON text in that order leaves.

use crate::emit::encode::json;
use crate::json::{Value, number};

/// The longest list or object that is written on one line, where it holds nothing but leaves.
const ONE_LINE: usize = 80;

/// JSON whose members keep their order.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Node {
    Null,
    Bool(bool),
    /// As it is printed.
    Number(String),
    Text(String),
    List(Vec<Node>),
    Object(Object),
}

/// Members in order, each key once.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Object(Vec<(String, Node)>);

impl Object {
    /// An object of one member.
    pub(super) fn of(key: &str, value: impl Into<Node>) -> Self {
        Self::default().with(key, value)
    }

    /// Adds a member behind the others, or puts another value in its place.
    #[must_use]
    pub(super) fn with(mut self, key: &str, value: impl Into<Node>) -> Self {
        self.put(key, value);
        self
    }

    /// Adds a member where there is something to say.
    #[must_use]
    pub(super) fn with_some(self, key: &str, value: Option<impl Into<Node>>) -> Self {
        match value {
            Some(value) => self.with(key, value),
            None => self,
        }
    }

    /// [`Object::with`] in place.
    pub(super) fn put(&mut self, key: &str, value: impl Into<Node>) {
        let value = value.into();
        match self.0.iter_mut().find(|(known, _)| known == key) {
            Some((_, old)) => *old = value,
            None => self.0.push((key.to_owned(), value)),
        }
    }

    /// Adds a member whose key cannot be there yet; objects of many members are made so.
    pub(super) fn add(&mut self, key: &str, value: impl Into<Node>) {
        self.0.push((key.to_owned(), value.into()));
    }

    pub(super) fn get(&self, key: &str) -> Option<&Node> {
        self.0.iter().find(|(known, _)| known == key).map(|(_, value)| value)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn members(&self) -> &[(String, Node)] {
        &self.0
    }

    /// The items where the object is nothing but `key: [..]`, else the object again.
    pub(super) fn only_list(mut self, key: &str) -> Result<Vec<Node>, Self> {
        match self.0.pop() {
            Some((only, Node::List(items))) if only == key && self.0.is_empty() => Ok(items),
            last => {
                self.0.extend(last);
                Err(self)
            }
        }
    }

    /// All members of the other object behind the own ones.
    #[must_use]
    pub(super) fn then(mut self, other: Self) -> Self {
        for (key, value) in other.0 {
            self.put(&key, value);
        }
        self
    }
}

impl Node {
    /// Pretty text, ending in a newline.
    pub(super) fn print(&self) -> String {
        let mut out = String::new();
        self.write(0, &mut out);
        out.push('\n');
        out
    }

    fn write(&self, depth: usize, out: &mut String) {
        match self {
            Self::Null => out.push_str("null"),
            Self::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
            Self::Number(text) => out.push_str(text),
            Self::Text(text) => out.push_str(&json::string(text)),
            Self::List(items) => block(depth, ['[', ']'], items.iter().map(|item| (None, item)), out),
            Self::Object(Object(members)) => {
                block(depth, ['{', '}'], members.iter().map(|(key, value)| (Some(key.as_str()), value)), out);
            }
        }
    }

    fn is_leaf(&self) -> bool {
        match self {
            Self::Null | Self::Bool(_) | Self::Number(_) | Self::Text(_) => true,
            Self::List(items) => items.is_empty(),
            Self::Object(Object(members)) => members.is_empty(),
        }
    }
}

/// Items on one line where they are short leaves, else each on a line of its own.
fn block<'n>(
    depth: usize,
    [open, close]: [char; 2],
    items: impl Iterator<Item = (Option<&'n str>, &'n Node)> + Clone,
    out: &mut String,
) {
    let item = |key: Option<&str>, value: &Node, depth: usize, out: &mut String| {
        if let Some(key) = key {
            out.push_str(&json::string(key));
            out.push_str(": ");
        }
        value.write(depth, out);
    };
    out.push(open);
    if items.clone().all(|(_, value)| value.is_leaf()) {
        let start = out.len();
        for (at, (key, value)) in items.clone().enumerate() {
            out.push_str(if at == 0 { "" } else { ", " });
            item(key, value, depth, out);
        }
        if out.len() - start <= ONE_LINE {
            out.push(close);
            return;
        }
        out.truncate(start);
    }
    let indent = "  ".repeat(depth);
    for (at, (key, value)) in items.enumerate() {
        out.push_str(if at == 0 { "\n  " } else { ",\n  " });
        out.push_str(&indent);
        item(key, value, depth + 1, out);
    }
    out.push('\n');
    out.push_str(&indent);
    out.push(close);
}

impl From<bool> for Node {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<i64> for Node {
    fn from(value: i64) -> Self {
        Self::Number(value.to_string())
    }
}

impl From<u32> for Node {
    fn from(value: u32) -> Self {
        Self::Number(value.to_string())
    }
}

impl From<f64> for Node {
    fn from(value: f64) -> Self {
        Self::Number(number(value))
    }
}

impl From<&str> for Node {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Node {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl<T: Into<Node>> From<Vec<T>> for Node {
    fn from(items: Vec<T>) -> Self {
        Self::List(items.into_iter().map(Into::into).collect())
    }
}

impl From<Object> for Node {
    fn from(object: Object) -> Self {
        Self::Object(object)
    }
}

impl From<&Value> for Node {
    fn from(value: &Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(value) => Self::Bool(*value),
            Value::Number(value) => (*value).into(),
            Value::String(text) => text.as_str().into(),
            Value::Array(items) => Self::List(items.iter().map(Into::into).collect()),
            Value::Object(members) => {
                Self::Object(Object(members.iter().map(|(key, value)| (key.clone(), value.into())).collect()))
            }
        }
    }
}
