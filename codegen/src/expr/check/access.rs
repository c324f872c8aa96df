//! `x.name` and `x[y]` enter; fields, tags, map values and members of enums leave.

use super::super::ast::{Ast, Name, Node};
use super::super::rules::{EXPRESSION_TYPE, UNCHECKED_KEY, UNKNOWN_NAME};
use super::facts::Fact;
use super::{Binding, Checked, Checker, Kind, describe, kind_of};
use crate::diagnostic::did_you_mean;
use crate::model::{EnumId, EnumType, Expr, ExprKind, ExprType, RecordId, Type, Union, UnionForm, UnionId};
use crate::source::Span;

impl<'a> Checker<'a> {
    pub(super) fn select(&mut self, whole: &'a Ast, base: &'a Ast, name: &'a Name) -> Checked {
        if let Node::Name(head) = &base.node
            && let Some(members) = self.members_of(head)
        {
            return self.bound_member(&members, head, name, whole.span);
        }
        if let Some(id) = self.enum_at(base).ok()? {
            return self.enum_member(id, &name.text, whole.span, name.span);
        }
        let owner = self.certain(base)?;
        self.field(base, owner, &name.text, whole.span, name.span)
    }

    pub(super) fn index(&mut self, whole: &'a Ast, base: &'a Ast, index: &'a Ast) -> Checked {
        if let Some(id) = self.enum_at(base).ok()? {
            let Node::Text(text) = &index.node else {
                let help = "write the member as a string, such as `Lane[\"in\"]`".to_owned();
                let message = "a member of an enum is named by its text".into();
                return self.report(&EXPRESSION_TYPE, index.span, message, help);
            };
            return self.enum_member(id, text, whole.span, index.span);
        }
        if let Node::Select(owner, map) = &base.node
            && let Some(id) = self.enum_at(owner).ok()?
        {
            return self.enum_map(id, map, whole.span, index);
        }
        let owner = self.certain(base)?;
        match (&index.node, kind_of(self.workspace(), &owner.ty)) {
            (Node::Text(text), Some(Kind::Record(_) | Kind::Union(_))) => {
                self.field(base, owner, text, whole.span, index.span)
            }
            _ => self.map_value(whole.span, base, owner, index),
        }
    }

    /// The bindings of which `head` is the first of two words; none where it is no such word.
    fn members_of(&self, head: &str) -> Option<Vec<&'a Binding>> {
        let members = self.environment.bindings.iter();
        let members: Vec<_> = members.filter(|binding| binding.head() == head && binding.name != head).collect();
        let is_hidden = self.bound.iter().any(|(bound, _)| *bound == head);
        (!members.is_empty() && !is_hidden).then_some(members)
    }

    fn bound_member(&mut self, members: &[&'a Binding], head: &str, name: &Name, span: Span) -> Checked {
        let wanted = format!("{head}.{}", name.text);
        if let Some(binding) = members.iter().find(|binding| binding.name == wanted) {
            return Some(Expr { kind: ExprKind::Variable(binding.variable.clone()), ty: binding.ty.clone(), span });
        }
        let near = did_you_mean(&wanted, members.iter().map(|binding| binding.name.as_str()));
        let help = near.map(|near| format!("did you mean `{near}`?"));
        self.report(&UNKNOWN_NAME, name.span, format!("`{head}` has no `{}`", name.text), help)
    }

    /// The enum that a tree names, unless a variable has that name; an error where it was refused.
    fn enum_at(&mut self, ast: &Ast) -> Result<Option<EnumId>, ()> {
        match &ast.node {
            Node::Name(name) if !self.is_variable(name) => self.enum_named(name, ast.span),
            _ => Ok(None),
        }
    }

    fn enum_member(&mut self, id: EnumId, text: &str, span: Span, at: Span) -> Checked {
        let def = &self.workspace().enums[id];
        if let Some(value) = def.index_of(text) {
            let ty = ExprType::Of(Type::Enum(EnumType { id, only: None }));
            return Some(Expr { kind: ExprKind::EnumValue(id, value), ty, span });
        }
        if let Some(set) = def.sets.iter().position(|set| set.name == text) {
            return Some(Expr { kind: ExprKind::EnumSet(id, set), ty: ExprType::SetOf(id), span });
        }
        let name = &def.meta.name;
        if def.maps.iter().any(|map| map.name == text) {
            let help = format!("write `{name}.{text}[x]`");
            return self.report(&EXPRESSION_TYPE, at, format!("`{text}` is a map of `{name}`, no value"), help);
        }
        if let Some(value) = def.accepts(text) {
            let help = format!("write `{}`: values are compared after aliases", def.values[value].text);
            return self.report(&UNKNOWN_NAME, at, format!("`{text}` is an alias in `{name}`"), help);
        }
        let names =
            def.values.iter().map(|value| value.text.as_str()).chain(def.sets.iter().map(|set| set.name.as_str()));
        let help = did_you_mean(text, names).map(|near| format!("did you mean `{near}`?"));
        self.report(&UNKNOWN_NAME, at, format!("enum `{name}` has no value or set `{text}`"), help)
    }

    fn enum_map(&mut self, id: EnumId, map: &Name, span: Span, index: &'a Ast) -> Checked {
        let def = &self.workspace().enums[id];
        let Some(at) = def.maps.iter().position(|candidate| candidate.name == map.text) else {
            let help = did_you_mean(&map.text, def.maps.iter().map(|map| map.name.as_str()));
            let help = help.map(|near| format!("did you mean `{near}`?"));
            let message = format!("enum `{}` has no map `{}`", def.meta.name, map.text);
            return self.report(&UNKNOWN_NAME, map.span, message, help);
        };
        let user = format!("`{}.{}[..]`", def.meta.name, map.text);
        let key = self.of_kind(index, Kind::Enum(id), &user)?;
        let ty = ExprType::Of(Type::Enum(EnumType { id: def.maps[at].to, only: None }));
        Some(Expr { kind: ExprKind::EnumMap(id, at, Box::new(key)), ty, span })
    }

    fn map_value(&mut self, span: Span, base: &'a Ast, map: Expr, index: &'a Ast) -> Checked {
        let key = self.certain(index)?;
        let workspace = self.workspace();
        let Some(Kind::Map(key_type, value)) = kind_of(workspace, &map.ty) else {
            let message = format!("{} is not read with `[..]`", describe(workspace, &map.ty));
            let help = "only maps and maps of enums are".to_owned();
            return self.report(&EXPRESSION_TYPE, base.span, message, help);
        };
        let wanted = super::kind(workspace, key_type);
        if kind_of(workspace, &key.ty) != Some(wanted) || !wanted.is_looked_up() {
            let (keys, found) = (wanted.describe(workspace), describe(workspace, &key.ty));
            return self.report(
                &EXPRESSION_TYPE,
                index.span,
                format!("the map has keys of {keys}, found {found}"),
                None,
            );
        }
        if !self.facts.contains(&Fact::HasKey(base, index)) {
            let help = match (base.path(), index.path()) {
                (Some(map), Some(key)) => format!("test it first: `{key} in {map} ? {map}[{key}] : null`"),
                _ => "test it first: `k in m ? m[k] : null`".into(),
            };
            return self.report(&UNCHECKED_KEY, span, "the map may not have this key".into(), help);
        }
        let ty = ExprType::Of(value.clone());
        Some(Expr { kind: ExprKind::Index(Box::new(map), Box::new(key)), ty, span })
    }

    fn field(&mut self, base: &Ast, owner: Expr, name: &str, span: Span, at: Span) -> Checked {
        let workspace = self.workspace();
        match kind_of(workspace, &owner.ty) {
            Some(Kind::Record(id)) => self.record_field(owner, id, name, span, at),
            Some(Kind::Union(id)) => match self.variant_of(base, id) {
                Some((value, record)) if !is_tag(&workspace.unions[id], name) => {
                    let ty = ExprType::Of(Type::Record(record));
                    let place = owner.span;
                    let variant = Expr { kind: ExprKind::Variant(Box::new(owner), value), ty, span: place };
                    self.record_field(variant, record, name, span, at)
                }
                _ => self.union_field(owner, id, name, span, at),
            },
            _ => {
                let what = describe(workspace, &owner.ty);
                self.report(&EXPRESSION_TYPE, at, format!("{what} has no fields that can be read"), None)
            }
        }
    }

    fn record_field(&mut self, owner: Expr, id: RecordId, name: &str, span: Span, at: Span) -> Checked {
        let record = &self.workspace().records[id];
        if let Some(field) = record.field(name) {
            let ty = ExprType::Of(record.fields[field].ty.clone());
            return Some(Expr { kind: ExprKind::Field(Box::new(owner), name.to_owned()), ty, span });
        }
        let near = did_you_mean(name, record.fields.iter().map(|field| field.meta.name.as_str()));
        let help = near.map(|near| format!("did you mean `{near}`?"));
        self.report(&UNKNOWN_NAME, at, format!("`{}` has no field `{name}`", record.meta.name), help)
    }

    /// The variant that a test of the tag made certain.
    fn variant_of(&self, base: &Ast, id: UnionId) -> Option<(usize, RecordId)> {
        let UnionForm::Tagged { variants, .. } = &self.workspace().unions[id].form else { return None };
        let known = self.facts.iter().find_map(|fact| match fact {
            Fact::Variant(union, value) if *union == base => Some(*value),
            _ => None,
        })?;
        variants.iter().find(|variant| variant.value == known).map(|variant| (known, variant.record))
    }

    /// The tag, or a field that all variants declare with one type.
    fn union_field(&mut self, owner: Expr, id: UnionId, name: &str, span: Span, at: Span) -> Checked {
        let workspace = self.workspace();
        let union = &workspace.unions[id];
        let UnionForm::Tagged { tag, tag_type, variants, .. } = &union.form else {
            let message = format!("`{}` has no tag: its fields cannot be read", union.meta.name);
            return self.report(&EXPRESSION_TYPE, at, message, None);
        };
        let types: Vec<_> = variants
            .iter()
            .map(|variant| &workspace.records[variant.record])
            .map(|record| record.field(name).map(|at| &record.fields[at].ty))
            .collect();
        let tag_type = *tag_type;
        let field =
            |ty: Type| Expr { kind: ExprKind::Field(Box::new(owner), name.to_owned()), ty: ExprType::Of(ty), span };
        match types.first() {
            _ if name == tag => Some(field(Type::Enum(EnumType { id: tag_type, only: None }))),
            Some(Some(first)) if types.iter().all(|ty| *ty == Some(*first)) => Some(field((*first).clone())),
            _ if types.iter().any(Option::is_some) => {
                let enum_name = &workspace.enums[tag_type].meta.name;
                let help = format!("test the tag first: `.{tag} == {enum_name}.member && ..`");
                let message = format!("not every variant of `{}` has `{name}` with one type", union.meta.name);
                self.report(&EXPRESSION_TYPE, at, message, help)
            }
            _ => {
                let records = variants.iter().flat_map(|variant| &workspace.records[variant.record].fields);
                let names = records.map(|field| field.meta.name.as_str()).chain([tag.as_str()]);
                let help = did_you_mean(name, names).map(|near| format!("did you mean `{near}`?"));
                self.report(&UNKNOWN_NAME, at, format!("no variant of `{}` has `{name}`", union.meta.name), help)
            }
        }
    }
}

fn is_tag(union: &Union, name: &str) -> bool {
    matches!(&union.form, UnionForm::Tagged { tag, .. } if tag == name)
}
