//! The description of all contracts enters; what there is a file for leaves, each with what its template is told.

use std::collections::BTreeMap;

use minijinja::{Environment, Error, ErrorKind, Value};

use crate::config::target::Each;

/// What a file is made for.
pub(super) struct Item {
    /// The names that its template may use, besides those that every template has.
    pub variables: Vec<(&'static str, Value)>,
    /// The family that it belongs to.
    pub family: Option<String>,
    /// What it is, for people.
    label: String,
}

impl Item {
    /// What a finding says of it.
    pub fn note(&self) -> String {
        format!("in the file for {}", self.label)
    }
}

/// Everything that there is a file for, in the order of the description.
pub(super) fn items(model: &Value, each: Each) -> Vec<Item> {
    let families = || list(model, "families").map(|family| (name(&family), family));
    match each {
        Each::Workspace => vec![Item { variables: Vec::new(), family: None, label: "all contracts".to_owned() }],
        Each::Family => families()
            .map(|(name, family)| Item {
                variables: vec![("family", family)],
                label: format!("the family `{name}`"),
                family: Some(name),
            })
            .collect(),
        Each::Declaration(word, plural) => families()
            .flat_map(|(of, family)| {
                list(&family, plural).map(move |one| Item {
                    label: format!("the {word} `{}` of `{of}`", name(&one)),
                    variables: vec![("family", family.clone()), (word, one)],
                    family: Some(of.clone()),
                })
            })
            .collect(),
    }
}

/// The kinds of declarations that can be looked up, and the lists that they stand in.
const KINDS: [(&str, &str); 9] = [
    ("enum", "enums"),
    ("event", "events"),
    ("external", "externals"),
    ("machine", "machines"),
    ("profile", "profiles"),
    ("record", "records"),
    ("scalar", "scalars"),
    ("type", "types"),
    ("union", "unions"),
];

/// Adds `declaration(kind, reference)`, which gives what a reference names, and `fail(message)`.
pub(super) fn add_lookup(environment: &mut Environment, model: &Value) {
    let mut known = BTreeMap::new();
    for family in list(model, "families") {
        for (kind, plural) in KINDS {
            known.extend(list(&family, plural).map(|one| ((kind.to_owned(), name(&family), name(&one)), one)));
        }
    }
    let refused = |message: String| Error::new(ErrorKind::InvalidOperation, message);
    environment.add_function("declaration", move |kind: String, reference: Value| {
        let text = |member| Some(reference.get_attr(member).ok()?.as_str()?.to_owned());
        let (Some(family), Some(name)) = (text("family"), text("name")) else {
            return Err(refused("a reference has `family` and `name`".to_owned()));
        };
        let key = (kind, family, name);
        known.get(&key).cloned().ok_or_else(|| refused(format!("`{}` declares no {} `{}`", key.1, key.0, key.2)))
    });
    environment.add_function("fail", move |message: String| Err::<Value, _>(refused(message)));
}

fn list(of: &Value, member: &str) -> impl Iterator<Item = Value> + use<> {
    let items = of.get_attr(member).expect("the description has every list");
    items.try_iter().expect("a list is a list")
}

fn name(of: &Value) -> String {
    let name = of.get_attr("name").expect("a declaration has a name");
    name.as_str().expect("a name is a text").to_owned()
}
