//! A workspace enters; every place where its schemas accept more than its contracts leaves.

use super::condition::Conditions;
use super::identity::is_plain;
use super::types::{WEAK_KEYS, WEAK_SET};
use super::versions::unseen;
use crate::model::{Type, UnionForm, Workspace};
use crate::source::Span;

/// Something that a contract refuses and its schema does not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Weakness {
    /// The field, declaration or rule.
    pub span: Span,
    /// What the schema does not see.
    pub text: String,
}

/// All of them, in the order of the declarations.
pub fn weaknesses(workspace: &Workspace) -> Vec<Weakness> {
    let mut found = Vec::new();
    for (id, record) in workspace.records.entries() {
        for field in &record.fields {
            of_type(workspace, &field.ty, field.meta.span, &mut found);
        }
        let conditions = Conditions { workspace, record };
        for rule in record.rules.iter().filter(|rule| conditions.rule(rule).is_none()) {
            found.push(Weakness { span: rule.span, text: unchecked_rule(&rule.code) });
        }
        for (versions, (version, upcast)) in
            record.versions.iter().flat_map(|versions| versions.older().map(move |older| (versions, older)))
        {
            let unseen = unseen(workspace, id, versions, version);
            found.extend(unseen.into_iter().map(|text| Weakness { span: upcast.span, text }));
        }
    }
    for named in &workspace.types {
        of_type(workspace, &named.ty, named.meta.span, &mut found);
    }
    for union in &workspace.unions {
        if let UnionForm::Untagged(variants) = &union.form {
            for variant in variants {
                of_type(workspace, variant, union.meta.span, &mut found);
            }
        }
    }
    found
}

/// Said of a rule that a schema cannot say.
pub(super) fn unchecked_rule(code: &str) -> String {
    format!("rule `{code}` is not checked")
}

fn of_type(workspace: &Workspace, ty: &Type, span: Span, found: &mut Vec<Weakness>) {
    let mut weak = |weak: bool, text: &str| {
        if weak {
            found.push(Weakness { span, text: text.to_owned() });
        }
    };
    match ty {
        Type::Set(member, _) => {
            weak(!is_plain(workspace, member), WEAK_SET);
            of_type(workspace, member, span, found);
        }
        Type::Map(key, value, _) => {
            weak(!is_plain(workspace, key), WEAK_KEYS);
            of_type(workspace, value, span, found);
        }
        Type::Opt(inner) | Type::List(inner, _) => of_type(workspace, inner, span, found),
        Type::Tuple(items) => items.iter().for_each(|item| of_type(workspace, item, span, found)),
        Type::External(id) => of_type(workspace, &workspace.externals[*id].shape, span, found),
        // What a declaration is weak in is found at the declaration.
        Type::Primitive(_) | Type::Scalar(_) | Type::Enum(_) | Type::Record(_) | Type::Union(_) | Type::Named(_) => {}
    }
}
