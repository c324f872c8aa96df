//! One side of a comparison enters; the field it is about, or the constants it stands for, leave.

use super::identity::keeps_text;
use super::node::Node;
use crate::expr::{Kind, kind};
use crate::model::{Expr, ExprKind, Field, Type, Workspace};

/// What a comparison is about.
pub(super) enum Subject<'w> {
    /// The field itself.
    Value(&'w Field),
    /// `size(field)`
    Size(&'w Field),
}

impl<'w> Subject<'w> {
    pub(super) fn of(expr: &Expr, field: impl Fn(&Expr) -> Option<&'w Field>) -> Option<Self> {
        match &expr.kind {
            ExprKind::Size(of) => field(of).map(Self::Size),
            _ => field(expr).map(Self::Value),
        }
    }
}

/// Every JSON value that means one of the constants, for a field of this type; none where that is no short list.
pub(super) fn constants(workspace: &Workspace, ty: &Type, expr: &Expr) -> Option<Vec<Node>> {
    let of_enum = |id: crate::model::EnumId, indices: &[usize]| {
        let def = &workspace.enums[id];
        let values = indices.iter().map(|index| &def.values[*index].text);
        let aliases = def.aliases.iter().filter(|(_, index)| indices.contains(index)).map(|(alias, _)| alias);
        Some(values.chain(aliases).map(|text| text.as_str().into()).collect())
    };
    match &expr.kind {
        ExprKind::Null => Some(vec![Node::Null]),
        ExprKind::Bool(value) => Some(vec![(*value).into()]),
        ExprKind::Int(value) if kind(workspace, ty) == Kind::Int => Some(vec![(*value).into()]),
        ExprKind::Text(text) if keeps_text(workspace, ty) => Some(vec![text.as_str().into()]),
        ExprKind::EnumValue(id, value) => of_enum(*id, &[*value]),
        ExprKind::EnumSet(id, set) => of_enum(*id, &workspace.enums[*id].sets[*set].members),
        ExprKind::List(items) => {
            let all: Option<Vec<_>> = items.iter().map(|item| constants(workspace, ty, item)).collect();
            all.map(|lists| lists.into_iter().flatten().collect())
        }
        _ => None,
    }
}
