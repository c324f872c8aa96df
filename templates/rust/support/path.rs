//! Keys and indices enter as they are walked; a sortable trail and its JSON Pointer leave, only when a fault asks.

/// Where the decoder stands, linked on the stack so that good values cost no allocation.
pub(super) enum Path<'p> {
    /// The value itself.
    Root,
    /// A member of an object.
    Key(&'p Path<'p>, &'p str),
    /// An item of an array.
    At(&'p Path<'p>, usize),
}

/// One segment of a trail; indices order as numbers, keys by code point.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Step {
    /// An index.
    At(usize),
    /// A key, unescaped.
    Key(Box<str>),
}

impl Path<'_> {
    /// The segments from the root to here.
    pub(super) fn trail(&self) -> Vec<Step> {
        let (parent, step) = match self {
            Path::Root => return Vec::new(),
            Path::Key(parent, key) => (parent, Step::Key((*key).into())),
            Path::At(parent, index) => (parent, Step::At(*index)),
        };
        let mut steps = parent.trail();
        steps.push(step);
        steps
    }
}

/// The JSON Pointer of a trail (RFC 6901).
pub(super) fn pointer(trail: &[Step]) -> String {
    let mut out = String::new();
    for step in trail {
        out.push('/');
        match step {
            Step::At(index) => out.push_str(&index.to_string()),
            Step::Key(key) if key.contains(['~', '/']) => {
                out.push_str(&key.replace('~', "~0").replace('/', "~1"));
            }
            Step::Key(key) => out.push_str(key),
        }
    }
    out
}
