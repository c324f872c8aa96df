//! Unions enter; those that readers can tell apart only by trying leave.

use std::collections::BTreeMap;

use super::visit::is_foreign;
use super::{Check, rules};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{Field, Type, UnionForm, Workspace};

pub(super) const CHECKS: &[Check] = &[untagged_records, variant_field_differs];

fn untagged_records(workspace: &Workspace, out: &mut Diagnostics) {
    for union in workspace.unions.iter().filter(|union| !is_foreign(workspace, &union.meta)) {
        let UnionForm::Untagged(types) = &union.form else { continue };
        let records = types.iter().filter(|ty| matches!(workspace.unwrapped(ty), Type::Record(_))).count();
        if records > 1 {
            let message = format!("`{}` tells {records} records apart by trying them", union.meta.name);
            let finding = Diagnostic::new(&rules::UNION_UNTAGGED_RECORDS, union.meta.span, message);
            out.push(finding.help("give it a `tag`: faults then name a field instead of `union_none`"));
        }
    }
}

fn variant_field_differs(workspace: &Workspace, out: &mut Diagnostics) {
    for union in workspace.unions.iter().filter(|union| !is_foreign(workspace, &union.meta)) {
        let UnionForm::Tagged { variants, .. } = &union.form else { continue };
        let mut known: BTreeMap<&str, &Field> = BTreeMap::new();
        for field in variants.iter().flat_map(|variant| &workspace.records[variant.record].fields) {
            let first = *known.entry(&field.meta.name).or_insert(field);
            if workspace.unwrapped(&first.ty) != workspace.unwrapped(&field.ty) {
                let message =
                    format!("`{}` has another type in another variant of `{}`", field.meta.name, union.meta.name);
                let finding = Diagnostic::new(&rules::VARIANT_FIELD_DIFFERS, field.meta.span, message);
                out.push(finding.related(first.meta.span, "declared here first"));
            }
        }
    }
}
