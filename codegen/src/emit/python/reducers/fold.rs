//! A reducer enters; the class that says what each event does to its state leaves.

use std::collections::BTreeSet;

use super::super::layout::{Code, exploded};
use super::super::module::Module;
use super::super::names::attribute;
use super::super::types::kind;
use super::super::view::{Class, Statement};
use super::form::{Form, form};
use super::{method, methods, report, state, table};
use crate::emit::casing::snake;
use crate::emit::encode::python;
use crate::model::{Delegate, Reaction, Reducer, ReducerId, SlotKind, SlotOutput, Type};

/// The class.
pub fn class(module: &mut Module<'_>, id: ReducerId) -> Class {
    let workspace = module.workspace;
    let reducer = &workspace.reducers[id];
    let names = &module.names.reducers[usize::from(id)];
    let envelope = module.record(workspace.profiles[reducer.profile].envelope);
    let events = event_names(module, reducer);
    let mut body = vec![facts(module, id)];
    body.push(vec![init(module, id)]);
    let mut reactions = Vec::new();
    let places = places(module, id, &events, &mut body);
    for (at, reaction) in reducer.reactions.iter().enumerate() {
        let name = format!("on_{}", events[at]);
        body.push(vec![methods::event(module, id, reaction, &name)]);
        let payload = kind(module, &workspace.events[reaction.event].payload.ty());
        let mut arguments = vec![payload, Code::text(name)];
        arguments.extend(places.get(at).map(|place| Code::text(place.as_str())));
        reactions.push(Code::call("_s.Reaction", arguments).after(&format!("{}: ", module.event(reaction.event))));
    }
    body.extend(reports(module, id).into_iter().map(|report| vec![report]));
    body.push(vec![state::frozen(module, id)]);
    let annotated = format!("REACTIONS: {}[{}[str, _s.Reaction]]", module.typing("ClassVar"), module.mapping());
    body.push(vec![slots(module, reducer), table(&annotated, &reactions)]);
    let doc = format!("What each event does to the state of the reducer `{}`.", reducer.meta.name);
    Class {
        decorator: None,
        name: names.fold.clone(),
        bases: vec![format!("_s.Fold[{envelope}, {}, {}]", names.slots, names.state)],
        doc: Some(format!("    {}", python::docstring(&doc, 4))),
        body,
    }
}

/// Names of events in the names of methods.
fn event_names(module: &Module<'_>, reducer: &Reducer) -> Vec<String> {
    let mut taken = BTreeSet::new();
    let names = reducer.reactions.iter().map(|reaction| {
        let mut name = snake(&module.workspace.events[reaction.event].meta.name);
        while !taken.insert(name.clone()) {
            name.push('_');
        }
        name
    });
    names.collect()
}

/// What is known before any event.
fn facts(module: &mut Module<'_>, id: ReducerId) -> Vec<Statement> {
    let reducer = &module.workspace.reducers[id];
    let mut facts = vec![Statement::bare(format!("    PROFILE = {}", module.profile(reducer.profile)))];
    let rows = reducer.anomalies.iter().enumerate().map(|(at, anomaly)| {
        let text = Code::text(report::text(reducer, anomaly));
        text.after(&format!("{}: ", report::kind_of(module, id, at)))
    });
    let rows: Vec<Code> = rows.collect();
    if rows.is_empty() {
        facts.push(Statement::bare(format!(
            "    TEXTS: {}[{}[str, str]] = {{}}",
            module.typing("ClassVar"),
            module.mapping()
        )));
    } else {
        let annotated = format!("TEXTS: {}[{}[str, str]]", module.typing("ClassVar"), module.mapping());
        facts.push(table(&annotated, &rows));
    }
    if reducer.parses_eagerly {
        facts.push(Statement::bare("    PARSES_FIRST = True"));
    }
    let overriding = reducer.concurrent.as_ref().and_then(|concurrent| concurrent.override_rule.as_ref());
    for (name, events) in
        overriding.map(|rule| [("OVERRIDING", &rule.by), ("OVERRIDDEN", &rule.over)]).into_iter().flatten()
    {
        let members = events.iter().map(|event| Code::text(module.event(*event))).collect();
        let code = Code::call("frozenset", vec![Code::braces(members)]).after(&format!("{name} = "));
        facts.push(Statement::bare(code.lines(4, "")));
    }
    facts
}

/// The name of the attribute that holds a delegate.
pub fn delegate_attribute(delegate: &Delegate) -> String {
    format!("{}_fold", snake(&delegate.name))
}

fn init(module: &mut Module<'_>, id: ReducerId) -> Statement {
    let reducer = &module.workspace.reducers[id];
    let slots = &module.names.reducers[usize::from(id)].slots;
    let mut lines = Vec::new();
    let mut arguments = vec![Code::text(slots.as_str())];
    let mut rows = Vec::new();
    for delegate in &reducer.delegates {
        let name = delegate_attribute(delegate);
        lines.push(format!("        self.{name} = {}()", module.reducer_fold(delegate.reducer)));
        let parts =
            [python::string(&delegate.name), format!("self.{name}"), report::kind_of(module, id, delegate.anomaly)];
        rows.push(Code::call("_s.Delegate", parts.map(Code::text).into()));
    }
    if !rows.is_empty() {
        arguments.push(Code::tuple(rows));
    }
    if reducer.concurrent.as_ref().is_some_and(|concurrent| concurrent.reads_group_start) {
        arguments.push(Code::text("has_snapshot=True"));
    }
    lines.push(Code::call("super().__init__", arguments).lines(8, ""));
    method("__init__", &["self".to_owned()], "None", &lines)
}

/// The methods that place events in their groups, by event; one for all where they say the same.
fn places(module: &mut Module<'_>, id: ReducerId, events: &[String], body: &mut Vec<Vec<Statement>>) -> Vec<String> {
    let reducer = &module.workspace.reducers[id];
    if reducer.concurrent.is_none() {
        return Vec::new();
    }
    let codes: Vec<(String, bool)> =
        reducer.reactions.iter().map(|reaction| methods::place(module, id, reaction)).collect();
    let is_one = codes.iter().all(|(code, reads_payload)| !reads_payload && *code == codes[0].0);
    if is_one {
        body.push(vec![methods::place_method(module, id, None, "place", &codes[0].0)]);
        return vec!["place".to_owned(); codes.len()];
    }
    let mut names = Vec::new();
    for ((reaction, (code, _)), event) in reducer.reactions.iter().zip(&codes).zip(events) {
        let name = format!("place_{event}");
        body.push(vec![methods::place_method(module, id, Some(reaction), &name, code)]);
        names.push(name);
    }
    names
}

/// What is recorded of events that no step sees.
fn reports(module: &mut Module<'_>, id: ReducerId) -> Vec<Statement> {
    let workspace = module.workspace;
    let reducer = &workspace.reducers[id];
    let mut found = Vec::new();
    if let Some(unknown) = &reducer.unknown {
        let prefixes: Vec<Code> = unknown.prefixes.iter().map(|prefix| Code::text(python::string(prefix))).collect();
        let prefixes = if prefixes.len() == 1 { prefixes[0].flat() } else { Code::tuple(prefixes).flat() };
        let is_known = module.is_known();
        let when = format!("e.event_type.startswith({prefixes}) and not {is_known}(e.event_type)");
        found.push(methods::reporting(module, id, "unknown", &[], Some(when), &unknown.report));
    }
    if let Some(malformed) = &reducer.malformed {
        found.push(methods::reporting(module, id, "malformed", &["error: _s.Error"], None, malformed));
    }
    if let Some(report) = reducer.reactions.iter().find_map(|reaction: &Reaction| reaction.overridden.as_ref()) {
        found.push(methods::reporting(module, id, "overridden", &[], None, report));
    }
    if !reducer.anomaly_fields.is_empty() {
        let envelope = module.record(workspace.profiles[reducer.profile].envelope);
        let fields = reducer.anomaly_fields.iter();
        let fields: Vec<Code> = fields
            .map(|(name, field)| report::field(module, field).after(&format!("{}: ", python::string(name))))
            .collect();
        let line = format!("        {}", exploded("return {", &fields, "}", 8));
        let parameters = ["self".to_owned(), format!("e: {envelope}")];
        found.push(method("anomaly_fields", &parameters, "_s.JsonObject", &[line]));
    }
    found
}

/// What of the state is saved.
fn slots(module: &mut Module<'_>, reducer: &Reducer) -> Statement {
    let mut rows = Vec::new();
    for slot in &reducer.slots {
        if !matches!(slot.kind, SlotKind::Value(_) | SlotKind::Machine(_)) {
            continue;
        }
        let form = form(module, reducer.family, &slot.ty);
        let in_order = slot.output == SlotOutput::Values;
        let saved = match module.workspace.plain(&slot.ty) {
            Type::Map(key, of, _) if in_order => {
                let pair = Type::Tuple(vec![(**key).clone(), (**of).clone()]);
                Type::List(Box::new(pair), crate::model::Items::default())
            }
            Type::Opt(_) => slot.ty.clone(),
            _ if matches!(slot.kind, SlotKind::Machine(_)) => Type::Opt(Box::new(slot.ty.clone())),
            _ => slot.ty.clone(),
        };
        let mut arguments = vec![Code::text(python::string(&slot.name)), kind(module, &saved)];
        let held = if let Form::Opt(of) = form { *of } else { form };
        if !matches!(held, Form::Plain(_)) {
            arguments.push(held.thawing(module).after("thaw="));
        }
        let name = attribute(&slot.name);
        if name != slot.name {
            arguments.push(Code::text(format!("attribute=\"{name}\"")));
        }
        if in_order {
            arguments.push(Code::text("in_order=True"));
        }
        rows.push(Code::call("_s.Slot", arguments));
    }
    if rows.is_empty() {
        return Statement::bare("    SLOTS = ()");
    }
    Statement::bare(Code::tuple(rows).after("SLOTS = ").lines(4, ""))
}
