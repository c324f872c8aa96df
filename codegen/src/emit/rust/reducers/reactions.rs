//! What each consumed event does enters; its function leaves, and the functions that choose between them.

use super::super::module::Module;
use super::super::names;
use super::super::text::put;
use super::super::types::spell;
use super::Names;
use super::cells::Cells;
use super::expression::Compiler;
use super::values::kind_text;
use crate::emit::casing;
use crate::emit::encode::rust;
use crate::model::{Event, Expr, ExprType, Reaction, Reducer, Report, Type, Workspace};

/// A function for an event.
pub(super) fn method(event: &Event, prefix: &str) -> String {
    format!("{prefix}_{}", casing::snake(&event.meta.name))
}

/// Writes the enum of payloads.
pub(super) fn input(module: &mut Module<'_>, reducer: &Reducer, names: &Names) {
    let workspace = module.workspace();
    let mut out = format!("/// An event that the reducer `{}` takes, with its payload.\n", reducer.meta.name);
    out.push_str(
        "#[derive(Debug)]\n#[allow(clippy::enum_variant_names, clippy::large_enum_variant, reason = \"the contract says so\")]\n",
    );
    put!(out, "pub enum {} {{\n", names.input);
    for reaction in &reducer.reactions {
        let event = &workspace.events[reaction.event];
        let payload = spell(module, &event.payload.ty(), "").ty;
        put!(out, "    /// `{}`\n    {}({payload}),\n", event.meta.name, names::event(event));
    }
    out.push_str("}\n\n");
    module.out.push_str(&out);
}

/// The functions of all events, in the order of the contract.
pub(super) fn functions<'w>(module: &mut Module<'w>, reducer: &'w Reducer, cells: &Cells<'w>, event: &str) -> String {
    let mut out = String::new();
    for reaction in &reducer.reactions {
        if !reaction.before_parse.is_empty() {
            out.push_str(&before(module, reducer, cells, reaction, event));
        }
        out.push_str(&on_event(module, reducer, cells, reaction, event));
    }
    out
}

fn before<'w>(
    module: &mut Module<'w>,
    reducer: &'w Reducer,
    cells: &Cells<'w>,
    reaction: &'w Reaction,
    event: &str,
) -> String {
    let declared = &module.workspace().events[reaction.event];
    let mut compiler = Compiler::new(module, reducer, cells);
    let (body, ends) = compiler.steps(&reaction.before_parse);
    let end = if ends { "" } else { "fold::Flow::On" };
    let envelope = if compiler.reads_envelope { "let e = &event.envelope;\n" } else { "" };
    let parameter = if body.contains("event") || !envelope.is_empty() { "event" } else { "_event" };
    format!(
        "/// `{}`, before its payload is looked at.
        fn {}(&mut self, {parameter}: &{event}) -> fold::Flow {{ {envelope} {body} {end} }}\n",
        declared.meta.name,
        method(declared, "before")
    )
}

fn on_event<'w>(
    module: &mut Module<'w>,
    reducer: &'w Reducer,
    cells: &Cells<'w>,
    reaction: &'w Reaction,
    event: &str,
) -> String {
    let workspace = module.workspace();
    let declared = &workspace.events[reaction.event];
    let payload = spell(module, &declared.payload.ty(), "").ty;
    let mut compiler = Compiler::new(module, reducer, cells);
    let (first, last) = idempotent(&mut compiler, reducer, reaction);
    let mut body = first;
    let mut ends = false;
    for steps in [&reaction.before, &reaction.handle, &reaction.after] {
        if !ends {
            let (text, ended) = compiler.steps(steps);
            body.push_str(&text);
            ends = ended;
        }
    }
    if !ends {
        body.push_str(&last);
        body.push_str("fold::Flow::On");
    }
    let envelope = if compiler.reads_envelope { "let e = &event.envelope;\n" } else { "" };
    let takes_event = !envelope.is_empty() || body.contains("(event");
    let unused = |name: &str, is_used: bool| if is_used { name.to_owned() } else { format!("_{name}") };
    let takes_self = body.contains("self.") || body.contains("Self::");
    let receiver = if takes_self { "&mut self" } else { "&self" };
    format!(
        "/// `{}`
        fn {}({receiver}, {}: &{event}, {}: &{payload}) -> fold::Flow {{ {envelope} {body} }}\n",
        declared.meta.name,
        method(declared, "on"),
        unused("event", takes_event),
        unused("p", compiler.reads_payload),
    )
}

/// What refuses an event whose key was seen, and what keeps the key of one that was applied.
fn idempotent(compiler: &mut Compiler<'_, '_>, reducer: &Reducer, reaction: &Reaction) -> (String, String) {
    let (Some(idempotent), Some((key, report))) = (&reducer.idempotent, &reaction.idempotent) else {
        return (String::new(), String::new());
    };
    let Type::Set(of, _) = compiler.workspace().plain(&reducer.slots[idempotent.seen].ty).clone() else {
        unreachable!("keys are kept in a set")
    };
    let Type::Tuple(types) = *of else { unreachable!("a key is a tuple") };
    let parts: Vec<String> = key.iter().zip(&types).map(|(part, ty)| compiler.value(part, ty)).collect();
    let key = if let [only] = &parts[..] { format!("({only},)") } else { format!("({})", parts.join(", ")) };
    let slot = compiler.slot_name(idempotent.seen);
    let refused = compiler.anomaly(report);
    let first = format!(
        "let key = {key};
        if self.slots.{slot}.contains(&key) {{ let refused = {refused}; return self.reject(refused); }}\n"
    );
    (first, format!("self.slots.{slot}.add(key);\n"))
}

/// Who takes an event type.
pub(super) fn route(workspace: &Workspace, reducer: &Reducer, delegate: &dyn Fn(usize) -> String) -> String {
    let mut arms = String::new();
    for (at, reaction) in reducer.reactions.iter().enumerate() {
        let wire = rust::string(&workspace.events[reaction.event].wire);
        put!(arms, "{wire} => Some(fold::Route::Own({at})),\n");
    }
    for at in 0..reducer.delegates.len() {
        let path = delegate(at);
        put!(arms, "_ if <{path} as fold::Fold>::route(event_type).is_some() => Some(fold::Route::Delegate({at})),\n");
    }
    let route =
        format!("fn route(event_type: &str) -> Option<fold::Route> {{ match event_type {{ {arms} _ => None, }} }}\n");
    let Some(unknown) = &reducer.unknown else { return route };
    let prefixes: Vec<String> = unknown.prefixes.iter().map(|prefix| rust::string(prefix)).collect();
    let reserved: Vec<String> =
        workspace.families.iter().flat_map(|family| &family.reserved.events).map(|name| rust::string(name)).collect();
    let not_reserved = if reserved.is_empty() {
        String::new()
    } else {
        format!(" && !matches!(event_type, {})", reserved.join(" | "))
    };
    format!(
        "{route}
        fn is_strange(event_type: &str) -> bool {{
            [{}].iter().any(|prefix| event_type.starts_with(prefix))
                && crate::event::payload_kind(event_type).is_none(){not_reserved}
        }}\n",
        prefixes.join(", ")
    )
}

/// What reads the payload of an event.
pub(super) fn read(workspace: &Workspace, reducer: &Reducer, names: &Names) -> String {
    let count = reducer.reactions.len();
    let mut arms = String::new();
    for (at, reaction) in reducer.reactions.iter().enumerate() {
        let pattern = if at + 1 == count { "_".to_owned() } else { at.to_string() };
        let variant = names::event(&workspace.events[reaction.event]);
        put!(arms, "{pattern} => {}::{variant}({}?),\n", names.input, payload(workspace, reducer, reaction));
    }
    if count == 0 {
        return "fn read(_index: usize, _payload: fold::Payload<'_>) -> Result<Self::Input, support::Faults> {
            Err(support::Faults::undeclared()) }\n"
            .into();
    }
    let index = if count == 1 { "_index" } else { "index" };
    let body = if count == 1 {
        let reaction = &reducer.reactions[0];
        let variant = names::event(&workspace.events[reaction.event]);
        format!("{}.map({}::{variant})", payload(workspace, reducer, reaction), names.input)
    } else {
        format!("Ok(match index {{ {arms} }})")
    };
    format!(
        "fn read({index}: usize, payload: fold::Payload<'_>) -> Result<Self::Input, support::Faults> {{ {body} }}\n"
    )
}

/// What reads the payload of one event: as a whole, or for steps that read some of its fields.
fn payload(workspace: &Workspace, reducer: &Reducer, reaction: &Reaction) -> String {
    match super::reads::payload_fields(workspace, reducer, reaction) {
        None => "payload.whole()".into(),
        Some(places) => {
            let places: Vec<String> = places.iter().map(usize::to_string).collect();
            format!("payload.fields(&[{}])", places.join(", "))
        }
    }
}

/// The kinds of payloads, by the place of their event.
pub(super) fn payload_kinds(module: &mut Module<'_>, reducer: &Reducer, delegate: &dyn Fn(usize) -> String) -> String {
    let workspace = module.workspace();
    let kind = |reaction: &Reaction| kind_text(module, &workspace.events[reaction.event].payload.ty());
    let kinds: Vec<String> = reducer.reactions.iter().map(kind).collect();
    let mut out = format!("const PAYLOADS: &'static [&'static support::Kind] = &[{}];\n", kinds.join(", "));
    if !reducer.delegates.is_empty() {
        let arm = |at: usize| {
            let pattern = if at + 1 == reducer.delegates.len() { "_".to_owned() } else { at.to_string() };
            format!("fold::Route::Delegate({pattern}) => <{} as fold::Fold>::payload_kind(event_type),\n", delegate(at))
        };
        let arms: String = (0..reducer.delegates.len()).map(arm).collect();
        put!(
            out,
            "fn payload_kind(event_type: &str) -> Option<&'static support::Kind> {{
                match Self::route(event_type)? {{
                    fold::Route::Own(index) => Some(Self::PAYLOADS[index]),
                    {arms}
                }}
            }}\n"
        );
    }
    out
}

/// The steps before a payload is parsed.
pub(super) fn before_parse(workspace: &Workspace, reducer: &Reducer) -> String {
    let mut arms = String::new();
    for (at, reaction) in reducer.reactions.iter().enumerate().filter(|(_, it)| !it.before_parse.is_empty()) {
        put!(arms, "{at} => self.{}(event),\n", method(&workspace.events[reaction.event], "before"));
    }
    if arms.is_empty() {
        return arms;
    }
    format!(
        "fn before_parse(&mut self, index: usize, event: &fold::Event<'_, Self::Head>) -> fold::Flow {{
            match index {{ {arms} _ => fold::Flow::On, }}
        }}\n"
    )
}

/// The function of an event.
pub(super) fn on(workspace: &Workspace, reducer: &Reducer, names: &Names) -> String {
    let mut arms = String::new();
    for reaction in &reducer.reactions {
        let event = &workspace.events[reaction.event];
        put!(arms, "{}::{}(p) => self.{}(event, p),\n", names.input, names::event(event), method(event, "on"));
    }
    let (event, matched) = if arms.is_empty() { ("_event", "*input") } else { ("event", "input") };
    format!(
        "fn on(&mut self, {event}: &fold::Event<'_, Self::Head>, input: &Self::Input) -> fold::Flow {{
            match {matched} {{ {arms} }}
        }}\n"
    )
}

/// What is recorded of payloads that are refused, of strangers, and of events that gave way.
pub(super) fn refusals<'w>(module: &mut Module<'w>, reducer: &'w Reducer, cells: &Cells<'w>) -> String {
    let mut out = String::new();
    let mut one = |name: &str, more: &str, report: &Report| {
        let mut compiler = Compiler::new(module, reducer, cells);
        let anomaly = compiler.anomaly(report);
        let envelope = if compiler.reads_envelope { "let e = &event.envelope;\n" } else { "" };
        let more = if anomaly.contains("fault.") { more.to_owned() } else { more.replace("fault:", "_fault:") };
        put!(
            out,
            "fn {name}(&self, event: &fold::Event<'_, Self::Head>{more}) -> Option<fold::Recorded> {{
                {envelope} Some({anomaly})
            }}\n"
        );
    };
    if let Some(report) = &reducer.malformed {
        one("malformed", ", fault: &support::Fault", report);
    }
    if let Some(unknown) = &reducer.unknown {
        one("stranger", "", &unknown.report);
    }
    if let Some(report) = reducer.reactions.iter().find_map(|reaction| reaction.overridden.as_ref()) {
        one("overridden", "", report);
    }
    out
}

/// What concurrent events have in common, and what orders them in their group.
pub(super) fn groups<'w>(module: &mut Module<'w>, reducer: &'w Reducer, cells: &Cells<'w>, names: &Names) -> String {
    if reducer.concurrent.is_none() {
        return String::new();
    }
    let group = keyed(module, reducer, cells, names, "group", "fold::Key", &|compiler, reaction| {
        let mut text = "let mut key = fold::Key::new();\n".to_owned();
        for part in &reaction.group_by {
            put!(text, "key.add_exactly({});\n", key_part(compiler, part));
        }
        text + "key"
    });
    let is_plain = |reaction: &Reaction| reaction.goes_last.is_none() && reaction.then_by.is_empty();
    if reducer.reactions.iter().all(is_plain) {
        return group;
    }
    let turn = keyed(module, reducer, cells, names, "turn", "(bool, fold::Key)", &|compiler, reaction| {
        let last = reaction.goes_last.as_ref().map_or_else(|| "false".to_owned(), |last| compiler.bool(last));
        if reaction.then_by.is_empty() {
            return format!("({last}, fold::Key::default())");
        }
        let mut text = "let mut key = fold::Key::new();\n".to_owned();
        for part in &reaction.then_by {
            put!(text, "key.add({});\n", key_part(compiler, part));
        }
        format!("{text} ({last}, key)")
    });
    group + &turn
}

fn key_part(compiler: &mut Compiler<'_, '_>, expr: &Expr) -> String {
    let ExprType::Of(ty) = &expr.ty else { unreachable!("keys of an order were checked to be values") };
    compiler.lent(expr, &super::cells::loose(compiler.workspace(), ty))
}

/// A function over an event and, where payloads were parsed before, its payload.
fn keyed<'w>(
    module: &mut Module<'w>,
    reducer: &'w Reducer,
    cells: &Cells<'w>,
    names: &Names,
    name: &str,
    result: &str,
    body: &dyn Fn(&mut Compiler<'_, 'w>, &'w Reaction) -> String,
) -> String {
    let workspace = module.workspace();
    let mut bodies = Vec::new();
    let (mut reads_envelope, mut reads_payload) = (false, false);
    for reaction in &reducer.reactions {
        let mut compiler = Compiler::new(module, reducer, cells);
        let text = body(&mut compiler, reaction);
        reads_envelope |= compiler.reads_envelope;
        reads_payload |= compiler.reads_payload;
        bodies.push((reaction, text, compiler.reads_payload));
    }
    let is_one = !reads_payload && bodies.windows(2).all(|pair| pair[0].1 == pair[1].1);
    let envelope = if reads_envelope { "let e = &event.envelope;\n" } else { "" };
    let event = if reads_envelope { "event" } else { "_event" };
    let (index, input, text) = match bodies.first() {
        None => ("_index", "_input", "Default::default()".to_owned()),
        Some((_, text, _)) if is_one => ("_index", "_input", text.clone()),
        _ if reducer.parses_eagerly => {
            let mut arms = String::new();
            for (reaction, text, reads) in &bodies {
                let variant = names::event(&workspace.events[reaction.event]);
                let p = if *reads { "p" } else { "_" };
                put!(arms, "Some({}::{variant}({p})) => {{ {text} }}\n", names.input);
            }
            ("_index", "input", format!("match input {{ {arms} None => Default::default(), }}"))
        }
        _ => {
            let mut arms = String::new();
            for (at, (_, text, _)) in bodies.iter().enumerate() {
                let pattern = if at + 1 == bodies.len() { "_".to_owned() } else { at.to_string() };
                put!(arms, "{pattern} => {{ {text} }}\n");
            }
            ("index", "_input", format!("match index {{ {arms} }}"))
        }
    };
    format!(
        "fn {name}({index}: usize, {event}: &fold::Event<'_, Self::Head>, {input}: Option<&Self::Input>) -> {result} {{
            {envelope} {text}
        }}\n"
    )
}
