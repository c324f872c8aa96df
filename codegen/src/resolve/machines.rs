//! Machines as written enter; total transition tables with typed rules leave.

use std::collections::BTreeSet;

use super::symbols::Declared;
use super::{Resolver, rules};
use crate::diagnostic::Diagnostic;
use crate::expr::Binding;
use crate::load::raw::{RawEdges, RawMachine, RawMachineForm, RawMembers, RawText};
use crate::model::{
    Cell, Edges, EnumDef, EnumId, EventId, Expr, FamilyId, InputTable, Machine, MachineForm, MachineRule, Payload,
    WrittenEdges,
};
use crate::source::Span;

/// The state of which nothing is recorded yet.
const NONE: &str = "none";

impl Resolver<'_> {
    pub(super) fn resolve_machines(&mut self) {
        for (family, contract) in self.families() {
            for raw in &contract.machines {
                if let Some(machine) = self.machine(family, raw) {
                    self.workspace.machines.push(machine);
                }
            }
        }
    }

    fn machine(&mut self, family: FamilyId, raw: &RawMachine) -> Option<Machine> {
        let meta = self.meta(&raw.meta);
        let states = self.enum_of(family, &raw.states)?;
        let item = self.workspace.enums[states].clone();
        if let Some(at) = item.index_of(NONE) {
            let message =
                format!("`{NONE}` is a state of `{}`, and means \"nothing recorded yet\" in a machine", item.meta.name);
            self.out.push(
                Diagnostic::new(&rules::MACHINE_NONE, raw.states.span, message)
                    .related(item.values[at].span, "the value")
                    .help("give the state another name"),
            );
            return None;
        }
        let reopen_to = self.reopen_to(&item, &raw.reopen_to);
        let form = match &raw.form {
            RawMachineForm::Edges(edges) => MachineForm::Edges(self.edges(family, states, &item, edges, reopen_to)?),
            RawMachineForm::Table { inputs, rows } => {
                MachineForm::Table(self.input_table(family, &item, inputs, rows, &reopen_to, raw.meta.name.span)?)
            }
        };
        Some(Machine { meta, family, states, form })
    }

    fn edges(
        &mut self,
        family: FamilyId,
        states: EnumId,
        item: &EnumDef,
        raw: &RawEdges,
        reopen_to: Vec<usize>,
    ) -> Option<Edges> {
        let terminal: BTreeSet<usize> =
            item.set("terminal").map(|set| &set.members).into_iter().flatten().copied().collect();
        let mut allowed: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); item.values.len() + 1];
        let mut written = Vec::new();
        for (from, names) in &raw.edges {
            let Some(row) = self.row(item, from) else { continue };
            let targets = self.targets(item, names);
            for &(target, span) in &targets {
                if !allowed[row].insert(target) {
                    let message = format!("the edge to `{}` stands twice", item.values[target].text);
                    self.out.push(Diagnostic::new(&rules::DUPLICATE_VALUE, span, message));
                }
                self.check_terminal(item, &terminal, &reopen_to, row, target, span);
            }
            written.push(WrittenEdges { rows: vec![row], targets });
        }
        for (from, names) in &raw.any_edges {
            let (rows, targets) = (self.any_rows(item, from), self.targets(item, names));
            for &(target, span) in &targets {
                if let Some(row) = rows.iter().find(|row| allowed[**row].contains(&target)) {
                    self.shadowed(item, *row, target, span, &written);
                }
                for &row in &rows {
                    allowed[row].insert(target);
                    self.check_terminal(item, &terminal, &reopen_to, row, target, span);
                }
            }
            written.push(WrittenEdges { rows, targets });
        }
        let with = match &raw.with {
            Some(name) => Some(self.machine_event(family, name)?),
            None => None,
        };
        let payload = with.map(|(_, payload)| payload);
        let bypass = match &raw.bypass {
            Some(text) => Some(self.machine_guard(family, states, payload, text)?),
            None => None,
        };
        let rules = self.machine_rules(family, states, payload, raw)?;
        let allowed = allowed.into_iter().map(|row| row.into_iter().collect()).collect();
        Some(Edges { allowed, written, with: with.map(|(event, _)| event), bypass, reopen_to, rules })
    }

    /// The states that may be entered from a terminal one.
    fn reopen_to(&mut self, item: &EnumDef, names: &[RawText]) -> Vec<usize> {
        if let (None, Some(name)) = (item.set("terminal"), names.first()) {
            let message = format!("`{}` has no set `terminal`, so nothing can be reopened", item.meta.name);
            self.out.push(Diagnostic::new(&rules::MACHINE_REOPEN, name.span, message));
        }
        names.iter().filter_map(|name| self.member(item, name)).collect()
    }

    fn targets(&mut self, item: &EnumDef, names: &[RawText]) -> Vec<(usize, Span)> {
        names.iter().filter_map(|name| Some((self.member(item, name)?, name.span))).collect()
    }

    /// An edge that `any_edges` says once more.
    fn shadowed(&mut self, item: &EnumDef, row: usize, target: usize, span: Span, before: &[WrittenEdges]) {
        let from = row.checked_sub(1).map_or(NONE, |index| &item.values[index].text);
        let to = &item.values[target].text;
        let message = format!("the edge from `{from}` to `{to}` stands in the machine already");
        let mut finding = Diagnostic::new(&rules::EDGE_SHADOWED, span, message);
        let same = before.iter().filter(|edges| edges.rows.contains(&row)).flat_map(|edges| &edges.targets);
        if let Some((_, first)) = same.into_iter().find(|(known, _)| *known == target) {
            finding = finding.related(*first, "the same edge");
        }
        self.out.push(finding.help("write it once: under `edges`, or among the many of `any_edges`"));
    }

    fn row(&mut self, item: &EnumDef, from: &RawText) -> Option<usize> {
        if from.value == NONE { Some(0) } else { self.member(item, from).map(|index| index + 1) }
    }

    fn any_rows(&mut self, item: &EnumDef, from: &RawMembers) -> Vec<usize> {
        match from {
            RawMembers::List(names) => names.iter().filter_map(|name| self.row(item, name)).collect(),
            RawMembers::Named(name) if name.value == NONE => vec![0],
            other => self.enum_members(item, other).into_iter().flatten().map(|index| index + 1).collect(),
        }
    }

    fn check_terminal(
        &mut self,
        item: &EnumDef,
        terminal: &BTreeSet<usize>,
        reopen_to: &[usize],
        row: usize,
        target: usize,
        span: Span,
    ) {
        let Some(from) = row.checked_sub(1) else { return };
        if terminal.contains(&from) && !reopen_to.contains(&target) {
            let (from, to) = (&item.values[from].text, &item.values[target].text);
            let message = format!("the edge leads out of the terminal state `{from}`");
            self.out.push(
                Diagnostic::new(&rules::MACHINE_TERMINAL_EXIT, span, message)
                    .help(format!("name `{to}` in `reopen_to`, or take `{from}` out of the set `terminal`")),
            );
        }
    }

    /// Out of a terminal state cells lead to what `reopen_to` names, and nowhere else.
    fn check_terminal_row(
        &mut self,
        item: &EnumDef,
        row: usize,
        state: &RawText,
        raw: &[(RawText, RawText)],
        reopen_to: &[usize],
    ) {
        let Some(from) = row.checked_sub(1) else { return };
        if !item.set("terminal").is_some_and(|set| set.members.contains(&from)) {
            return;
        }
        let is_exit =
            |target: &RawText| item.index_of(&target.value).is_some_and(|to| to != from && !reopen_to.contains(&to));
        if let Some((_, target)) = raw.iter().find(|(_, target)| is_exit(target)) {
            let message = format!("the table leads out of the terminal state `{}`", state.value);
            self.out.push(Diagnostic::new(&rules::MACHINE_TERMINAL_EXIT, target.span, message).help(format!(
                "`stay` or `refuse`; else name `{}` in `reopen_to`, or take `{}` out of the set `terminal`",
                target.value, state.value
            )));
        }
    }

    fn machine_event(&mut self, family: FamilyId, name: &RawText) -> Option<(EventId, Payload)> {
        match self.symbols.lookup(family, name, self.out)? {
            Declared::Event(event) => Some((event, self.payload_of(event)?)),
            other => {
                self.wrong_declaration(name, "an event", other);
                None
            }
        }
    }

    fn machine_rules(
        &mut self,
        family: FamilyId,
        states: EnumId,
        payload: Option<Payload>,
        raw: &RawEdges,
    ) -> Option<Vec<MachineRule>> {
        let mut found = Vec::new();
        let mut codes: Vec<&RawText> = Vec::new();
        let mut complete = true;
        for (code, when) in &raw.rules {
            if let Some(first) = codes.iter().find(|first| first.value == code.value) {
                let message = format!("the rule code `{}` stands twice in this machine", code.value);
                self.out.push(
                    Diagnostic::new(&rules::DUPLICATE_RULE_CODE, code.span, message).related(first.span, "first here"),
                );
            }
            codes.push(code);
            match when {
                None => found.push(MachineRule::Edge),
                Some(when) => match self.machine_guard(family, states, payload, when) {
                    Some(when) => found.push(MachineRule::Deny { code: code.value.clone(), when }),
                    None => complete = false,
                },
            }
        }
        if !found.contains(&MachineRule::Edge) {
            found.push(MachineRule::Edge);
        }
        complete.then_some(found)
    }

    fn machine_guard(
        &mut self,
        family: FamilyId,
        states: EnumId,
        payload: Option<Payload>,
        text: &RawText,
    ) -> Option<Expr> {
        let mut bindings = vec![Binding::from_state(states), Binding::to_state(states)];
        match payload {
            Some(payload) => bindings.push(Binding::payload(payload.ty())),
            None if reads_payload(&text.value) => {
                self.out.push(
                    Diagnostic::new(&rules::MACHINE_WITHOUT_EVENT, text.span, "`p` is read, but no event types it")
                        .help("add `with: <Event>` to the machine"),
                );
                return None;
            }
            None => {}
        }
        self.guard(family, text, bindings)
    }

    fn input_table(
        &mut self,
        family: FamilyId,
        item: &EnumDef,
        inputs: &RawText,
        raw: &[(RawText, Vec<(RawText, RawText)>)],
        reopen_to: &[usize],
        name: Span,
    ) -> Option<InputTable> {
        let input_id = self.enum_of(family, inputs)?;
        let input = self.workspace.enums[input_id].clone();
        let mut rows: Vec<Option<Vec<Cell>>> = vec![None; item.values.len() + 1];
        let mut complete = true;
        for (state, cells) in raw {
            let Some(row) = self.row(item, state) else {
                complete = false;
                continue;
            };
            match self.table_row(item, &input, state, cells) {
                Some(found) => {
                    self.check_terminal_row(item, row, state, cells, reopen_to);
                    rows[row] = Some(found);
                }
                None => complete = false,
            }
        }
        if complete && rows.iter().any(Option::is_none) {
            let missing: Vec<_> = (0..rows.len())
                .filter(|&row| rows[row].is_none())
                .map(|row| row.checked_sub(1).map_or(NONE, |index| &item.values[index].text))
                .map(|state| format!("`{state}`"))
                .collect();
            self.out.push(
                Diagnostic::new(&rules::MACHINE_TABLE_PARTIAL, name, "the table has no row for some states")
                    .help(format!("missing: {}", missing.join(", "))),
            );
        }
        let rows = rows.into_iter().collect::<Option<_>>()?;
        complete.then_some(InputTable { inputs: input_id, rows })
    }

    fn table_row(
        &mut self,
        item: &EnumDef,
        input: &EnumDef,
        state: &RawText,
        raw: &[(RawText, RawText)],
    ) -> Option<Vec<Cell>> {
        let mut cells: Vec<Option<Cell>> = vec![None; input.values.len()];
        let mut complete = true;
        for (name, target) in raw {
            let Some(index) = self.member(input, name) else {
                complete = false;
                continue;
            };
            cells[index] = match target.value.as_str() {
                "stay" if item.index_of("stay").is_none() => Some(Cell::Stay),
                "refuse" if item.index_of("refuse").is_none() => Some(Cell::Refuse),
                _ => self.member(item, target).map(Cell::To),
            };
            complete &= cells[index].is_some();
        }
        if complete && cells.iter().any(Option::is_none) {
            let missing: Vec<_> = (0..cells.len())
                .filter(|&index| cells[index].is_none())
                .map(|index| format!("`{}`", input.values[index].text))
                .collect();
            let message = format!("the row `{}` does not say what some inputs do", state.value);
            self.out.push(
                Diagnostic::new(&rules::MACHINE_TABLE_PARTIAL, state.span, message)
                    .help(format!("missing: {}; `stay` and `refuse` are values", missing.join(", "))),
            );
        }
        cells.into_iter().collect()
    }
}

/// Whether `p.` stands in the text as a name of its own.
fn reads_payload(text: &str) -> bool {
    let bytes = text.as_bytes();
    text.match_indices("p.")
        .any(|(at, _)| at == 0 || !(bytes[at - 1].is_ascii_alphanumeric() || matches!(bytes[at - 1], b'_' | b'.')))
}
