//! The type of a part of a state enters; how it is held while it changes leaves, and the ways there and back.

use super::super::layout::Code;
use super::super::literal::read;
use super::super::module::Module;
use super::super::types::{annotation, kind};
use super::drafts;
use crate::json::Value;
use crate::model::{FamilyId, RecordId, Type};

/// How a part of a state is held.
#[derive(Debug, Clone, PartialEq)]
pub enum Form {
    /// As programs see it: it is only replaced.
    Plain(Type),
    /// A list of such items.
    Items(Type),
    /// A set of such members.
    Members(Type),
    /// A map.
    Entries(Type, Box<Form>),
    /// A record whose parts change.
    Draft(RecordId),
    /// None, or held so.
    Opt(Box<Form>),
}

/// The form of a part of a state of a family.
pub fn form(module: &Module<'_>, family: FamilyId, ty: &Type) -> Form {
    let workspace = module.workspace;
    match workspace.plain(ty) {
        Type::List(of, _) => Form::Items((**of).clone()),
        Type::Set(of, _) => Form::Members((**of).clone()),
        Type::Map(key, of, _) => Form::Entries((**key).clone(), Box::new(form(module, family, of))),
        Type::Record(id) if module.names.drafts.contains_key(&(family, *id)) => Form::Draft(*id),
        Type::Opt(of) => match form(module, family, of) {
            Form::Plain(_) => Form::Plain(ty.clone()),
            inner => Form::Opt(Box::new(inner)),
        },
        _ => Form::Plain(ty.clone()),
    }
}

impl Form {
    /// What a checker is told.
    pub fn annotation(&self, module: &mut Module<'_>) -> String {
        match self {
            Self::Plain(ty) => annotation(module, ty),
            Self::Items(of) => format!("_s.Items[{}]", annotation(module, of)),
            Self::Members(of) => format!("_s.Members[{}]", annotation(module, of)),
            Self::Entries(key, of) => {
                let key = annotation(module, key);
                format!("_s.Entries[{key}, {}]", of.annotation(module))
            }
            Self::Draft(id) => module.draft(*id).to_owned(),
            Self::Opt(of) => format!("{} | None", of.annotation(module)),
        }
    }

    /// The form of a field of a record that changes.
    pub fn field(&self, module: &Module<'_>, name: &str) -> Self {
        let Self::Draft(id) = self else { unreachable!("only a record that changes has fields that are entered") };
        let record = &module.workspace.records[*id];
        let at = record.field(name).expect("a field of the record, as was checked");
        form(module, module.family, &record.fields[at].ty)
    }

    /// The form of the values of a map.
    pub fn value(&self) -> &Self {
        let Self::Entries(_, of) = self else { unreachable!("only maps have keys") };
        of
    }

    /// Holds a value; `may_be_none` where the value is an option.
    pub fn thaw(&self, module: &mut Module<'_>, value: Code, may_be_none: bool) -> Code {
        let flat = value.flat();
        let is_empty = matches!(flat.as_str(), "()" | "{}");
        match self {
            Self::Plain(_) => value,
            Self::Opt(_) if flat == "None" => value,
            Self::Opt(of) if may_be_none => {
                let thawing = of.thawing(module);
                let option = Code::call("_s.option_of", vec![thawing]).flat();
                Code::call(&option, vec![value])
            }
            Self::Opt(of) => of.thaw(module, value, false),
            Self::Items(_) | Self::Entries(..) if is_empty => Code::text(format!("{}()", self.annotation(module))),
            Self::Items(_) => Code::call("_s.Items", vec![value]),
            Self::Members(of) => {
                let kind = kind(module, of);
                let values = if is_empty { vec![kind] } else { vec![kind, value] };
                Code::call(&self.annotation(module), values)
            }
            Self::Entries(_, of) if matches!(**of, Self::Plain(_)) => Code::call(&self.annotation(module), vec![value]),
            Self::Entries(_, of) => Code::call("_s.entries", vec![value, of.thawing(module)]),
            Self::Draft(id) => Code::call(module.draft(*id), vec![value]),
        }
    }

    /// A function that holds a value.
    pub fn thawing(&self, module: &mut Module<'_>) -> Code {
        match self {
            Self::Plain(_) => unreachable!("what is held as it is needs no function"),
            Self::Items(_) => Code::text("_s.Items"),
            Self::Members(of) => Code::call("_s.members_of", vec![kind(module, of)]),
            Self::Entries(_, of) if matches!(**of, Self::Plain(_)) => Code::text("_s.Entries"),
            Self::Entries(_, of) => Code::call("_s.entries_of", vec![of.thawing(module)]),
            Self::Draft(id) => Code::text(module.draft(*id)),
            Self::Opt(of) => Code::call("_s.option_of", vec![of.thawing(module)]),
        }
    }

    /// What is held at the start; what makes it, where that is a call of nothing.
    pub fn start(&self, module: &mut Module<'_>, ty: &Type, start: &Value) -> Code {
        let is_empty = matches!(start, Value::Object(members) if members.is_empty());
        match self {
            Self::Draft(id) if drafts::start(module, *id).as_ref() == Some(start) => {
                Code::text(format!("{}.__start__()", module.draft(*id)))
            }
            Self::Entries(..) if is_empty => self.thaw(module, Code::text("{}"), false),
            _ => {
                let start = read(module, ty, start);
                self.thaw(module, start, false)
            }
        }
    }

    /// The value of what is held, as programs see it.
    pub fn freeze(&self, text: &str) -> String {
        match self {
            Self::Plain(_) => text.to_owned(),
            Self::Opt(_) => format!("_s.frozen({text})"),
            _ => format!("{text}.__freeze__()"),
        }
    }
}
