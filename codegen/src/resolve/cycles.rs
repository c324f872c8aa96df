//! Linked types enter; a finding for each type that holds itself leaves, or the order in which records can be filled.

use super::unions::walk;
use super::{Resolver, rules};
use crate::diagnostic::Diagnostic;
use crate::model::{NamedTypeId, RecordId, Type, UnionForm, UnionId};

/// A declaration that holds other types.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Holder {
    Named(NamedTypeId),
    Record(RecordId),
    Union(UnionId),
}

#[derive(Clone, Copy, PartialEq)]
enum Mark {
    Unseen,
    Open,
    Done,
}

impl Resolver<'_> {
    /// Whether any type holds itself. Fills `record_order`: each record behind those that it holds.
    pub(super) fn find_type_cycles(&mut self) -> bool {
        let holders = self.holders();
        let mut marks = vec![Mark::Unseen; holders.len()];
        let mut order = Vec::new();
        let mut cyclic = false;
        for start in 0..holders.len() {
            cyclic |= self.visit(start, &holders, &mut marks, &mut order);
        }
        self.record_order = order;
        cyclic
    }

    fn holders(&self) -> Vec<Holder> {
        let named = self.workspace.types.entries().map(|(id, _)| Holder::Named(id));
        let records = self.workspace.records.entries().map(|(id, _)| Holder::Record(id));
        let unions = self.workspace.unions.entries().map(|(id, _)| Holder::Union(id));
        named.chain(records).chain(unions).collect()
    }

    fn position(&self, holder: Holder) -> usize {
        let (types, records) = (self.workspace.types.len(), self.workspace.records.len());
        match holder {
            Holder::Named(id) => id.into(),
            Holder::Record(id) => types + usize::from(id),
            Holder::Union(id) => types + records + usize::from(id),
        }
    }

    /// Depth first, with an explicit stack: the depth is up to the user.
    fn visit(&mut self, start: usize, holders: &[Holder], marks: &mut [Mark], order: &mut Vec<RecordId>) -> bool {
        if marks[start] != Mark::Unseen {
            return false;
        }
        let mut cyclic = false;
        marks[start] = Mark::Open;
        let mut stack = vec![(start, self.held(holders[start]))];
        while let Some((at, held)) = stack.last_mut() {
            let at = *at;
            let Some(next) = held.pop() else {
                marks[at] = Mark::Done;
                if let Holder::Record(id) = holders[at] {
                    order.push(id);
                }
                stack.pop();
                continue;
            };
            match marks[next] {
                Mark::Done => {}
                Mark::Open => {
                    cyclic = true;
                    self.report_cycle(holders[next], holders[at]);
                }
                Mark::Unseen => {
                    marks[next] = Mark::Open;
                    let held = self.held(holders[next]);
                    stack.push((next, held));
                }
            }
        }
        cyclic
    }

    fn held(&self, holder: Holder) -> Vec<usize> {
        let mut found = Vec::new();
        let mut look = |ty: &Type| {
            let holder = match ty {
                Type::Named(id) => Holder::Named(*id),
                Type::Record(id) => Holder::Record(*id),
                Type::Union(id) => Holder::Union(*id),
                _ => return,
            };
            found.push(self.position(holder));
        };
        match holder {
            Holder::Named(id) => walk(&self.workspace.types[id].ty, &mut look),
            Holder::Record(id) => self.workspace.records[id].fields.iter().for_each(|field| walk(&field.ty, &mut look)),
            Holder::Union(id) => match &self.workspace.unions[id].form {
                UnionForm::Untagged(types) => types.iter().for_each(|ty| walk(ty, &mut look)),
                UnionForm::Tagged { variants, .. } => {
                    found.extend(variants.iter().map(|variant| self.position(Holder::Record(variant.record))));
                }
            },
        }
        found.reverse();
        found
    }

    fn report_cycle(&mut self, whole: Holder, part: Holder) {
        let meta = |holder| match holder {
            Holder::Named(id) => &self.workspace.types[id].meta,
            Holder::Record(id) => &self.workspace.records[id].meta,
            Holder::Union(id) => &self.workspace.unions[id].meta,
        };
        let (whole, part) = (meta(whole).clone(), meta(part).clone());
        let mut finding =
            Diagnostic::new(&rules::TYPE_CYCLE, whole.span, format!("the type `{}` holds itself", whole.name));
        if whole.name != part.name {
            finding = finding.related(part.span, format!("through `{}`", part.name));
        }
        self.out.push(finding.help("types are finite: refer to the other value by its id"));
    }
}
