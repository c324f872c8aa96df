//! Contracts as written enter; a workspace in which every name is linked and every value is typed leaves.

mod conditions;
mod cycles;
mod enums;
mod events;
mod external;
mod history;
mod hooks;
mod machines;
mod names;
mod overlap;
mod records;
mod reducers;
mod rules;
mod scalars;
mod signatures;
mod symbols;
mod tables;
mod types;
mod unions;
mod unused;
mod upcasts;
mod values;
mod versions;
mod wider;

pub use external::Schemas;
pub use reducers::rules::RULES as REDUCER_RULES;
pub use rules::{PATTERN_UNSAFE, RULES};

use std::collections::BTreeMap;

use crate::diagnostic::{Diagnostics, Rule};
use crate::load::raw::{HookFiles, RawContract, RawEvent, RawHook, RawRecord};
use crate::model::{FamilyId, HookId, RecordId, Reducer, Workspace};
use crate::source::SourceMap;
use symbols::Symbols;

/// Errors beside which the model stands: what it says is complete, if not right, and can be looked at further.
const STANDING: &[&Rule] = &[
    &rules::EXAMPLE_INVALID,
    &rules::MACHINE_TERMINAL_EXIT,
    &reducers::rules::HANDLER,
    &reducers::rules::STEP_MOVES,
    &reducers::rules::STEP_ORDER,
];

/// Links all contracts of a run. Everything that is wrong with them is in `out`; none where the model does not stand.
///
/// `unread` names contracts that are there but could not be read: what they may declare is not called unknown.
/// `schemas` are the foreign ones that contracts name, `hook_files` what their hooks name.
pub fn resolve(
    sources: &SourceMap,
    contracts: &[RawContract],
    unread: &[String],
    schemas: &Schemas,
    hook_files: &HookFiles,
    out: &mut Diagnostics,
) -> Option<Workspace> {
    resolve_with(sources, contracts, unread, schemas, hook_files, false, out)
}

/// The same where patterns may be ambiguous, if `ambiguous_patterns`: that is a warning then.
pub fn resolve_with(
    sources: &SourceMap,
    contracts: &[RawContract],
    unread: &[String],
    schemas: &Schemas,
    hook_files: &HookFiles,
    ambiguous_patterns: bool,
    out: &mut Diagnostics,
) -> Option<Workspace> {
    let expanded: Vec<_> = contracts.iter().map(|contract| external::expanded(contract, schemas, out)).collect();
    let mut contracts: Vec<&RawContract> = expanded.iter().map(|contract| &**contract).collect();
    contracts.sort_by(|a, b| a.name.value.cmp(&b.name.value));
    let symbols = Symbols::collect(&contracts, unread, out);
    let records = contracts.iter().flat_map(|c| c.records.iter().chain(c.inline_payloads())).collect();
    let events: Vec<_> = contracts.iter().enumerate().flat_map(|(at, c)| events_of(FamilyId::from(at), c)).collect();
    let inline_payloads = inline_payloads(&contracts);
    let mixins = contracts.iter().flat_map(|c| &c.mixins).collect();
    let workspace = Workspace::default();
    let record_order = Vec::new();
    let resolved_reducers = BTreeMap::new();
    let mut resolver = Resolver {
        sources,
        schemas,
        ambiguous_patterns,
        hook_files,
        raw_hooks: Vec::new(),
        contracts,
        records,
        events,
        inline_payloads,
        mixins,
        symbols,
        workspace,
        record_order,
        resolved_reducers,
        out,
    };
    resolver.run();
    let Resolver { workspace, out, .. } = resolver;
    (out.count_without(STANDING) == 0).then_some(workspace)
}

fn events_of(family: FamilyId, contract: &RawContract) -> impl Iterator<Item = (FamilyId, &RawEvent)> {
    contract.events.iter().map(move |event| (family, event))
}

/// The records of payloads by event, in the order in which [`Symbols::collect`] gives ids.
fn inline_payloads(contracts: &[&RawContract]) -> Vec<Option<RecordId>> {
    let mut next = 0;
    let mut payloads = Vec::new();
    for contract in contracts {
        next += contract.records.len();
        for event in &contract.events {
            let inline = event.named_payload.is_none();
            payloads.push(inline.then(|| RecordId::from(next)));
            next += usize::from(inline);
        }
    }
    payloads
}

/// What the passes share. Each pass fills its collections in the order in which ids were given.
struct Resolver<'a> {
    sources: &'a SourceMap,
    schemas: &'a Schemas,
    /// Whether patterns may be ambiguous.
    ambiguous_patterns: bool,
    hook_files: &'a HookFiles,
    /// Hooks as written, with their ids.
    raw_hooks: Vec<(HookId, &'a RawHook)>,
    contracts: Vec<&'a RawContract>,
    /// Records and payloads as written, by id.
    records: Vec<&'a RawRecord>,
    /// Events as written, by id.
    events: Vec<(FamilyId, &'a RawEvent)>,
    /// By event: the payload that is declared with it.
    inline_payloads: Vec<Option<RecordId>>,
    /// Mixins as written, by id.
    mixins: Vec<&'a RawRecord>,
    symbols: Symbols,
    workspace: Workspace,
    /// Each record behind those that it holds.
    record_order: Vec<RecordId>,
    /// Reducers by name, for those that delegate to them; none where one has errors.
    resolved_reducers: BTreeMap<String, Option<Reducer>>,
    out: &'a mut Diagnostics,
}

impl<'a> Resolver<'a> {
    fn run(&mut self) {
        self.check_names();
        self.resolve_families();
        self.resolve_enums();
        self.resolve_scalars();
        self.resolve_types();
        self.resolve_mixins();
        self.resolve_records();
        self.resolve_unions();
        self.resolve_groups();
        self.resolve_hooks();
        if self.find_type_cycles() {
            return;
        }
        self.check_type_arguments();
        self.resolve_values();
        self.resolve_conditions();
        self.resolve_versions();
        self.check_hooks();
        self.resolve_machines();
        self.resolve_tables();
        self.resolve_profiles();
        self.resolve_reducers();
        self.check_versions();
        self.find_overlaps();
        self.report_rust_losses();
        self.check_history();
        self.find_unused();
    }

    /// Families with their ids, in order.
    fn families(&self) -> Vec<(FamilyId, &'a RawContract)> {
        self.contracts.iter().enumerate().map(|(at, &contract)| (FamilyId::from(at), contract)).collect()
    }
}
