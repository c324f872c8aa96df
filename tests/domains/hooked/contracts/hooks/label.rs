//! Visitors enter; what is printed for them leaves.

use crate::labels::Visitor;

pub fn label(visitor: Visitor, class: Option<Box<str>>) -> Box<str> {
    let name = match visitor {
        Visitor::Badge(badge) => format!("#{badge}"),
        Visitor::Person(person) => match person.first.chars().next() {
            Some(initial) => format!("{initial}. {}", person.last),
            None => person.last.into(),
        },
    };
    match class {
        Some(class) => format!("{name} ({class})").into(),
        None => name.into(),
    }
}
