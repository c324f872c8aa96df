//! A definition and what was made of it enter; its declaration leaves, made once.

use super::losses::LossKind;
use super::made::Made;
use super::parts::{applied, named};
use super::shape::{Shaper, Style};
use crate::json::Value;
use crate::load::raw::{RawNamedType, RawScalar, RawType, RawTypeKind, RawTypeSource};

/// What a definition is where something refers to it.
#[derive(Debug, Clone)]
pub(super) struct Defined {
    ty: RawType,
    is_nullable: bool,
    takes_none: bool,
}

impl Defined {
    fn made(&self) -> Made {
        let Self { ty, is_nullable, takes_none } = self.clone();
        Made { is_nullable, takes_none, is_declared: false, ..Made::of(ty) }
    }
}

impl<'s> Shaper<'s> {
    /// Whether a declaration of this name was made.
    pub fn declares(&self, name: &str) -> bool {
        let records = self.records.iter().map(|record| &record.meta);
        let enums = self.enums.iter().map(|item| &item.meta);
        let unions = self.unions.iter().map(|union| &union.meta);
        let scalars = self.scalars.iter().map(|scalar| &scalar.meta);
        let types = self.types.iter().map(|ty| &ty.meta);
        records.chain(enums).chain(unions).chain(scalars).chain(types).any(|meta| meta.name.value == name)
    }

    /// The same by the name that was given to its pointer.
    ///
    /// What is a variant of a union, and nothing else, is no declaration of its own.
    pub fn defined_here(&mut self, schema: &'s Value, pointer: &str) {
        if !self.aliases.contains_key(pointer) && !self.variants.contains(pointer) {
            self.defined(schema, pointer, "");
        }
    }

    /// A definition, made once; one that holds itself is any JSON where it comes again.
    pub fn defined(&mut self, schema: &'s Value, pointer: &str, name: &str) -> Made {
        match self.defined.get(pointer) {
            Some(Some(defined)) => return defined.made(),
            Some(None) => {
                self.push_loss(LossKind::Weaker, pointer, "a type that holds itself", self.at);
                return self.builtin("json");
            }
            None => {}
        }
        self.defined.insert(pointer.to_owned(), None);
        let name = self.names.get(pointer).cloned().unwrap_or_else(|| name.to_owned());
        let made = self.made(schema, pointer, &name);
        let is_external = self.style == Style::External;
        let defined = if is_external && (pointer == "#" || made.constraints_are_empty()) {
            // An external type may have its bounds beside it, at the root.
            let defined = Defined { ty: made.ty.clone(), is_nullable: made.is_nullable, takes_none: made.takes_none };
            self.defined.insert(pointer.to_owned(), Some(defined));
            return made;
        } else if is_external {
            let is_nullable = made.is_nullable;
            let ty = self.element(Made { is_nullable: false, ..made }, &name);
            Defined { ty, is_nullable, takes_none: false }
        } else {
            self.declared(made, schema, pointer, &name)
        };
        let made = defined.made();
        self.defined.insert(pointer.to_owned(), Some(defined));
        made
    }

    pub(super) fn is_defined(&self, pointer: &str) -> bool {
        self.defined.contains_key(pointer)
    }

    /// A definition under its own name, even where its type has one already.
    fn declared(&mut self, made: Made, schema: &Value, pointer: &str, name: &str) -> Defined {
        let is_itself = matches!(&made.ty.kind, RawTypeKind::Name(made) if made == name);
        if is_itself {
            return Defined { ty: made.ty, is_nullable: made.is_nullable, takes_none: made.takes_none };
        }
        self.at = self.place(pointer);
        let meta = self.meta(name, schema, pointer);
        let is_scalar = !made.is_nullable && matches!(&made.ty.kind, RawTypeKind::Name(base) if is_base(base));
        let takes_none = made.is_nullable || made.takes_none;
        if let (true, RawTypeKind::Name(base)) = (is_scalar, &made.ty.kind) {
            let base = self.text(base);
            self.scalars.push(RawScalar { meta, base, constraints: made.constraints, default: None });
        } else {
            let (ty, constraints) = made.optional();
            self.types.push(RawNamedType { meta, ty: RawTypeSource::Type(ty), constraints });
        }
        Defined { ty: named(name, self.at), is_nullable: false, takes_none }
    }

    /// A type where no bounds can stand beside it: they go into a declaration of their own.
    pub(super) fn element(&mut self, made: Made, name: &str) -> RawType {
        let is_wrapped = made.is_nullable && !made.takes_none;
        let ty = if made.constraints_are_empty() {
            made.ty
        } else if let Some(name) = self.claim(name, "") {
            let meta = super::bare(&self.text(&name));
            match made.ty.kind {
                RawTypeKind::Name(base) => {
                    let base = self.text(&base);
                    self.scalars.push(RawScalar { meta, base, constraints: made.constraints, default: None });
                }
                _ => self.types.push(RawNamedType {
                    meta,
                    ty: RawTypeSource::Type(made.ty),
                    constraints: made.constraints,
                }),
            }
            named(&name, self.at)
        } else {
            self.lose(name, "the bounds of a type whose name is taken");
            made.ty
        };
        if is_wrapped { applied("opt", vec![ty]) } else { ty }
    }
}

/// Whether a scalar can be based on it.
fn is_base(name: &str) -> bool {
    matches!(name, "string" | "int" | "int64" | "uint64" | "float" | "bool")
}
