//! Types as written enter; linked types leave.

use super::scalars::builtin;
use super::symbols::Declared;
use super::unions::walk;
use super::{Resolver, rules};
use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::load::raw::{RawConstraints, RawText, RawType, RawTypeKind, RawTypeSource};
use crate::model::{EnumId, EnumType, FamilyId, Items, NamedType, Payload, Primitive, Type, UnionForm};
use crate::source::{Span, Spanned};

/// What stands in for a type that could not be resolved; never part of a workspace that is handed out.
pub const UNRESOLVED: Type = Type::Primitive(Primitive::Json);

impl Resolver<'_> {
    pub(super) fn resolve_types(&mut self) {
        for (family, contract) in self.families() {
            for raw in &contract.types {
                let meta = self.meta(&raw.meta);
                let ty = self.type_source(family, &raw.ty, &raw.constraints);
                self.workspace.types.push(NamedType { meta, family, ty });
            }
        }
    }

    /// The type of a field or named type, with the constraints beside it.
    pub(super) fn type_source(
        &mut self,
        family: FamilyId,
        source: &RawTypeSource,
        constraints: &RawConstraints,
    ) -> Type {
        match source {
            RawTypeSource::Type(raw) => {
                let ty = self.ty(family, raw);
                self.apply(ty, constraints)
            }
            RawTypeSource::External { schema, name } => {
                self.refuse_value_keys(constraints, "an external type");
                self.refuse_item_keys(constraints, "an external type");
                self.external(family, schema, name)
            }
        }
    }

    /// A type as written, linked.
    pub(super) fn ty(&mut self, family: FamilyId, raw: &RawType) -> Type {
        match &raw.kind {
            RawTypeKind::Name(name) => {
                builtin(name).map_or_else(|| self.named(family, name, raw.span), Type::Primitive)
            }
            RawTypeKind::Member(item, member) => self.narrowed(family, item, member, raw.span),
            RawTypeKind::Apply(constructor, arguments) => self.composed(family, constructor, arguments, raw.span),
        }
    }

    pub(super) fn named(&mut self, family: FamilyId, name: &str, span: Span) -> Type {
        let text = Spanned::new(name.to_owned(), span);
        match self.symbols.lookup(family, &text, self.out) {
            Some(Declared::Scalar(id)) => Type::Scalar(id),
            Some(Declared::Type(id)) => Type::Named(id),
            Some(Declared::Enum(id)) => Type::Enum(EnumType { id, only: None }),
            Some(Declared::Record(id)) => Type::Record(id),
            Some(Declared::Union(id)) => Type::Union(id),
            Some(Declared::Event(id)) => self.payload_of(id).map_or(UNRESOLVED, Payload::ty),
            Some(other) => {
                self.wrong_declaration(&text, "a type", other);
                UNRESOLVED
            }
            None => UNRESOLVED,
        }
    }

    fn narrowed(&mut self, family: FamilyId, item: &str, member: &str, span: Span) -> Type {
        let name = Spanned::new(item.to_owned(), span);
        let Some(id) = self.enum_of(family, &name) else { return UNRESOLVED };
        let only = self.members_named(id, &Spanned::new(member.to_owned(), span));
        only.map_or(UNRESOLVED, |only| Type::Enum(EnumType { id, only: Some(only) }))
    }

    /// The members that a set or value name of an enum stands for.
    pub(super) fn members_named(&mut self, id: EnumId, member: &RawText) -> Option<Vec<usize>> {
        let item = &self.workspace.enums[id];
        if let Some(set) = item.set(&member.value) {
            return Some(set.members.clone());
        }
        if let Some(index) = item.index_of(&member.value) {
            return Some(vec![index]);
        }
        let known = item.sets.iter().map(|set| set.name.as_str()).chain(item.values.iter().map(|v| v.text.as_str()));
        let message = format!("`{}` has no value or set `{}`", item.meta.name, member.value);
        let mut finding = Diagnostic::new(&rules::UNKNOWN_NAME, member.span, message);
        if let Some(near) = did_you_mean(&member.value, known) {
            finding = finding.help(format!("did you mean `{near}`?"));
        }
        self.out.push(finding.related(item.meta.span, "the enum"));
        None
    }

    /// The enum of this name.
    pub(super) fn enum_of(&mut self, family: FamilyId, name: &RawText) -> Option<EnumId> {
        match self.symbols.lookup(family, name, self.out)? {
            Declared::Enum(id) => Some(id),
            other => {
                self.wrong_declaration(name, "an enum", other);
                None
            }
        }
    }

    pub(super) fn wrong_declaration(&mut self, name: &RawText, wanted: &str, found: Declared) {
        let message = format!("`{}` is {}, and {wanted} is wanted here", name.value, found.noun());
        self.out.push(Diagnostic::new(&rules::WRONG_DECLARATION, name.span, message));
    }

    fn composed(&mut self, family: FamilyId, constructor: &str, arguments: &[RawType], span: Span) -> Type {
        let resolved: Vec<Type> = arguments.iter().map(|argument| self.ty(family, argument)).collect();
        let items = Items::default();
        match (constructor, resolved.as_slice()) {
            ("opt", [ty]) => Type::Opt(Box::new(ty.clone())),
            ("list", [ty]) => Type::List(Box::new(ty.clone()), items),
            ("set", [ty]) => Type::Set(Box::new(ty.clone()), items),
            ("map", [key, value]) => Type::Map(Box::new(key.clone()), Box::new(value.clone()), items),
            ("tuple", [_, ..]) => Type::Tuple(resolved),
            ("opt" | "list" | "set", _) => {
                self.argument_error(span, &format!("`{constructor}` takes one type, `{constructor}<T>`"));
                UNRESOLVED
            }
            ("map", _) => {
                self.argument_error(span, "`map` takes a key and a value, `map<K V>`");
                UNRESOLVED
            }
            ("tuple", _) => {
                self.argument_error(span, "`tuple` takes at least one type, `tuple<A B>`");
                UNRESOLVED
            }
            _ => {
                let known = ["opt", "list", "set", "map", "tuple"];
                let message = format!("`{constructor}` takes no arguments");
                let mut finding = Diagnostic::new(&rules::TYPE_ARGUMENT, span, message);
                finding = match did_you_mean(constructor, known) {
                    Some(near) => finding.help(format!("did you mean `{near}`?")),
                    None => finding.help("types with arguments are opt, list, set, map, tuple"),
                };
                self.out.push(finding);
                UNRESOLVED
            }
        }
    }

    fn argument_error(&mut self, span: Span, message: &str) {
        self.out.push(Diagnostic::new(&rules::TYPE_ARGUMENT, span, message));
    }

    /// Whether every value of the type is a text.
    pub(super) fn is_textual(&self, ty: &Type) -> bool {
        match self.workspace.plain(ty) {
            Type::Primitive(Primitive::String(_)) | Type::Enum(_) => true,
            Type::Scalar(id) => matches!(self.workspace.scalars[*id].primitive, Primitive::String(_)),
            Type::Union(id) => match &self.workspace.unions[*id].form {
                UnionForm::Untagged(types) => types.iter().all(|ty| self.is_textual(ty)),
                UnionForm::Tagged { .. } => false,
            },
            _ => false,
        }
    }

    /// What can be said of arguments only when every type is known.
    pub(super) fn check_type_arguments(&mut self) {
        let workspace = &self.workspace;
        let fields = workspace.records.iter().flat_map(|record| &record.fields);
        let fields =
            fields.chain(workspace.mixins.iter().flat_map(|mixin| &mixin.fields)).map(|f| (f.meta.span, &f.ty));
        let named = workspace.types.iter().map(|ty| (ty.meta.span, &ty.ty));
        let variants = workspace.unions.iter().flat_map(|union| match &union.form {
            UnionForm::Untagged(types) => types.iter().map(|ty| (union.meta.span, ty)).collect::<Vec<_>>(),
            UnionForm::Tagged { .. } => Vec::new(),
        });
        let hooks = workspace.hooks.iter().flat_map(|hook| {
            let types = hook.args.iter().map(|(_, ty)| ty).chain([&hook.returns]);
            types.map(|ty| (hook.meta.span, ty))
        });
        let mut findings = Vec::new();
        for (span, ty) in fields.chain(named).chain(variants).chain(hooks) {
            walk(ty, &mut |ty| {
                let message = match ty {
                    Type::Map(key, ..) if !self.is_textual(key) => {
                        "the key of a map is a text, an enum, or a union of such"
                    }
                    Type::Opt(of) if workspace.is_optional(of) => "an `opt` of an `opt` says nothing more",
                    _ => return,
                };
                findings.push(Diagnostic::new(&rules::TYPE_ARGUMENT, span, message));
            });
        }
        self.out.extend(findings);
    }

    /// The type with the constraints that stand beside it.
    fn apply(&mut self, ty: Type, raw: &RawConstraints) -> Type {
        match ty {
            Type::Opt(inner) => Type::Opt(Box::new(self.apply(*inner, raw))),
            Type::Primitive(primitive) => {
                self.refuse_item_keys(raw, "a type that holds no items");
                Type::Primitive(self.constrain(primitive, raw))
            }
            Type::List(of, _) => {
                self.refuse_value_keys(raw, "a list");
                Type::List(of, self.items(raw))
            }
            Type::Set(of, _) => {
                self.refuse_value_keys(raw, "a set");
                Type::Set(of, self.items(raw))
            }
            Type::Map(key, value, _) => {
                self.refuse_value_keys(raw, "a map");
                Type::Map(key, value, self.items(raw))
            }
            other => {
                self.refuse_value_keys(raw, "a type that is declared elsewhere");
                self.refuse_item_keys(raw, "a type that holds no items");
                other
            }
        }
    }
}
