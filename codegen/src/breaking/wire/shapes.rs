//! A type in both versions enters; where JSON of one is none of the other leaves, down to the first named type.

use super::super::pair::Place;
use super::super::report::Direction;
use super::super::{rules, written};
use super::{Wire, count, declared};
use crate::interpret::check_value;
use crate::json::Value;
use crate::model::{EnumType, Items, Primitive, Type, UnionForm, Workspace};

impl Wire<'_, '_, '_> {
    /// Compares what a type accepts and writes. A name that both versions use is judged where it is declared, once.
    pub fn types(&mut self, at: &Place, old: &Type, new: &Type) {
        match (old, new) {
            (Type::Named(a), Type::Named(b)) => {
                let (before, after) = (&self.old.types[*a], &self.new.types[*b]);
                if self.first("type", *a, *b) || before.meta.name != after.meta.name {
                    self.types(&declared(at, &before.meta, &after.meta), &before.ty, &after.ty);
                }
            }
            (Type::Named(id), _) => self.types(at, &self.old.types[*id].ty, new),
            (_, Type::Named(id)) => self.types(at, old, &self.new.types[*id].ty),
            (Type::External(id), _) => self.types(at, &self.old.externals[*id].shape, new),
            (_, Type::External(id)) => self.types(at, old, &self.new.externals[*id].shape),
            (Type::Opt(old), Type::Opt(new)) => self.types(at, old, new),
            (Type::Opt(old), _) => {
                self.null(at, Direction::Backward);
                self.types(at, old, new);
            }
            (_, Type::Opt(new)) => {
                self.null(at, Direction::Forward);
                self.types(at, old, new);
            }
            (Type::Scalar(a), Type::Scalar(b)) => {
                let (before, after) = (&self.old.scalars[*a], &self.new.scalars[*b]);
                if self.first("scalar", *a, *b) || before.meta.name != after.meta.name {
                    let at = declared(at, &before.meta, &after.meta);
                    self.primitives(&at, &before.primitive, &after.primitive);
                }
            }
            (Type::Enum(a), Type::Enum(b)) => self.enums(at, a, b),
            (Type::Record(a), Type::Record(b)) => self.records(*a, *b),
            (Type::Union(a), Type::Union(b)) => self.unions(*a, *b),
            (Type::List(a, items), Type::List(b, new_items)) | (Type::Set(a, items), Type::Set(b, new_items)) => {
                self.items(at, *items, *new_items);
                self.types(at, a, b);
            }
            (Type::List(a, items), Type::Set(b, new_items)) => {
                self.unique(at, Direction::Backward);
                self.items(at, *items, *new_items);
                self.types(at, a, b);
            }
            (Type::Set(a, items), Type::List(b, new_items)) => {
                self.unique(at, Direction::Forward);
                self.items(at, *items, *new_items);
                self.types(at, a, b);
            }
            (Type::Map(key, a, items), Type::Map(new_key, b, new_items)) => {
                self.items(at, *items, *new_items);
                self.types(at, key, new_key);
                self.types(at, a, b);
            }
            (Type::Tuple(a), Type::Tuple(b)) if a.len() == b.len() => {
                for (a, b) in a.iter().zip(b) {
                    self.types(at, a, b);
                }
            }
            _ => self.kinds(at, old, new),
        }
    }

    /// Types of two kinds: one of them may still take all that the other does.
    fn kinds(&mut self, at: &Place, old: &Type, new: &Type) {
        let direction = match (primitive(self.old, old), primitive(self.new, new)) {
            (Some(a), Some(b)) => return self.primitives(at, a, b),
            (_, Some(Primitive::Json)) => Direction::Forward,
            (Some(Primitive::Json), _) => Direction::Backward,
            (_, Some(Primitive::Object)) if is_object(self.old, old) => Direction::Forward,
            (Some(Primitive::Object), _) if is_object(self.new, new) => Direction::Backward,
            (None, Some(Primitive::String(_))) if matches!(old, Type::Enum(_)) => {
                if takes_all(self.old, old, self.new, new) { Direction::Forward } else { Direction::Full }
            }
            (Some(Primitive::String(_)), None) if matches!(new, Type::Enum(_)) => {
                if takes_all(self.new, new, self.old, old) { Direction::Backward } else { Direction::Full }
            }
            _ => Direction::Full,
        };
        let (mut was, mut is) = (written::ty(self.old, old), written::ty(self.new, new));
        if was == is {
            (was, is) = (format!("{} {was}", kind(old)), format!("{} {is}", kind(new)));
        }
        self.type_changed(at, direction, &was, &is);
    }

    pub fn type_changed(&mut self, at: &Place, direction: Direction, was: &str, is: &str) {
        self.report.wire(
            &rules::WIRE_SAME_TYPE,
            at.clone(),
            direction,
            format!("`{}` is of type `{is}` now, and was `{was}`", at.name),
            format!("keep `{was}`; declare a new optional field of type `{is}` beside it"),
        );
    }

    fn null(&mut self, at: &Place, direction: Direction) {
        let (message, help) = match direction {
            Direction::Backward => ("refuses null now, and old JSON may hold it", "keep `opt<...>`"),
            _ => ("may be null now, and old readers refuse null", "let old readers accept null first"),
        };
        self.report.wire(&rules::WIRE_NULL_SAME, at.clone(), direction, format!("`{}` {message}", at.name), help);
    }

    fn unique(&mut self, at: &Place, direction: Direction) {
        let (message, help) = match direction {
            Direction::Backward => ("is a set now: old JSON with one item twice is refused", "keep `list<...>`"),
            _ => ("is a list now, and old readers refuse one item twice", "keep `set<...>`"),
        };
        self.report.wire(&rules::WIRE_UNIQUE_SAME, at.clone(), direction, format!("`{}` {message}", at.name), help);
    }

    fn items(&mut self, at: &Place, old: Items, new: Items) {
        let exceeds = |inner: Items, outer: Items| {
            inner.min.unwrap_or(0) < outer.min.unwrap_or(0)
                || inner.max.unwrap_or(u32::MAX) > outer.max.unwrap_or(u32::MAX)
        };
        let Some(direction) = Direction::of(exceeds(old, new), exceeds(new, old)) else { return };
        let text = |items: Items| count(items.min, items.max);
        self.report.wire(
            &rules::WIRE_ITEMS_SAME,
            at.clone(),
            direction,
            format!("`{}` holds {} items now, and held {}", at.name, text(new), text(old)),
            "keep `min_items` and `max_items`, or declare a new field with the new bounds",
        );
    }
}

/// What a type is at the bottom, where that is a built-in.
fn primitive<'a>(workspace: &'a Workspace, ty: &'a Type) -> Option<&'a Primitive> {
    match ty {
        Type::Primitive(primitive) => Some(primitive),
        Type::Scalar(id) => Some(&workspace.scalars[*id].primitive),
        _ => None,
    }
}

/// The word for what a name stands for.
fn kind(ty: &Type) -> &'static str {
    match ty {
        Type::Scalar(_) => "scalar",
        Type::Enum(_) => "enum",
        Type::Record(_) => "record",
        Type::Union(_) => "union",
        _ => "type",
    }
}

fn is_object(workspace: &Workspace, ty: &Type) -> bool {
    match ty {
        Type::Record(_) | Type::Map(..) => true,
        Type::Union(id) => matches!(workspace.unions[*id].form, UnionForm::Tagged { .. }),
        _ => false,
    }
}

/// Whether a type of text takes every member of an enum.
fn takes_all(of: &Workspace, members: &Type, workspace: &Workspace, text: &Type) -> bool {
    let Type::Enum(EnumType { id, only }) = members else { return false };
    let all = of.enums[*id].values.iter().enumerate();
    let mut meant = all.filter(|(at, _)| only.as_ref().is_none_or(|only| only.contains(at)));
    meant.all(|(_, value)| check_value(workspace, text, &Value::from(value.text.as_str())).is_ok())
}
