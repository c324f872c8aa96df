//! Constant tables as written enter; total tables of canonical values leave.

use super::{Resolver, rules};
use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::json::Value;
use crate::load::raw::{RawTable, RawText};
use crate::load::yaml::Node;
use crate::model::{ConstTable, FamilyId, Type};

impl Resolver<'_> {
    pub(super) fn resolve_tables(&mut self) {
        for (family, contract) in self.families() {
            for raw in &contract.tables {
                if let Some(table) = self.table(family, raw) {
                    self.workspace.tables.push(table);
                }
            }
        }
    }

    fn table(&mut self, family: FamilyId, raw: &RawTable) -> Option<ConstTable> {
        let meta = self.meta(&raw.meta);
        let key = self.enum_of(family, &raw.key)?;
        let item = self.workspace.enums[key].clone();
        let columns: Vec<(String, Type)> =
            raw.columns.iter().map(|(name, ty)| (name.value.clone(), self.ty(family, ty))).collect();
        if columns.is_empty() {
            self.out.push(Diagnostic::new(&rules::TABLE_PARTIAL, meta.span, "the table has no columns"));
            return None;
        }
        let mut rows: Vec<Option<Vec<Value>>> = vec![None; item.values.len()];
        let mut complete = true;
        for (name, cells) in &raw.rows {
            let row = self.member(&item, name);
            let cells = self.cells(name, &columns, cells);
            match (row, cells) {
                (Some(row), Some(cells)) => rows[row] = Some(cells),
                _ => complete = false,
            }
        }
        if complete && rows.iter().any(Option::is_none) {
            let missing = super::enums::names(&item, (0..rows.len()).filter(|&row| rows[row].is_none()));
            let message = format!("the table `{}` leaves out values of `{}`", meta.name, item.meta.name);
            self.out
                .push(Diagnostic::new(&rules::TABLE_PARTIAL, meta.span, message).help(format!("missing: {missing}")));
        }
        let rows = rows.into_iter().collect::<Option<_>>()?;
        Some(ConstTable { meta, family, key, columns, rows })
    }

    fn cells(&mut self, row: &RawText, columns: &[(String, Type)], raw: &[(RawText, Node)]) -> Option<Vec<Value>> {
        for (name, _) in raw {
            if columns.iter().all(|(column, _)| *column != name.value) {
                let message = format!("the table has no column `{}`", name.value);
                let mut finding = Diagnostic::new(&rules::UNKNOWN_NAME, name.span, message);
                if let Some(near) = did_you_mean(&name.value, columns.iter().map(|(column, _)| column.as_str())) {
                    finding = finding.help(format!("did you mean `{near}`?"));
                }
                self.out.push(finding);
            }
        }
        let mut cells = Vec::new();
        for (column, ty) in columns {
            let cell = raw.iter().find(|(name, _)| name.value == *column);
            let value = match cell {
                Some((_, node)) => self.judge(ty, node, &rules::TABLE_CELL, "cell"),
                None if self.workspace.is_optional(ty) => Some(Value::Null),
                None => {
                    let message = format!("the row `{}` has no `{column}`", row.value);
                    self.out.push(Diagnostic::new(&rules::TABLE_PARTIAL, row.span, message));
                    None
                }
            };
            cells.push(value);
        }
        cells.into_iter().collect()
    }
}
