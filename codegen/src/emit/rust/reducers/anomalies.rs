//! Kinds of anomalies enter; the functions that make them leave, each headed by its text.

use super::super::module::Module;
use super::super::names;
use super::super::text::put;
use super::super::types::spell;
use super::cells::Cells;
use super::expression::Compiler;
use crate::emit::encode::rust;
use crate::model::{Anomaly, AnomalyField, EnumType, Reducer, TemplatePart, Type};

/// Functions that every fold has.
const TAKEN: &[&str] = &[
    "before_parse",
    "carried",
    "delegate",
    "delegate_as_it_is",
    "group",
    "is_strange",
    "malformed",
    "new",
    "on",
    "overridden",
    "read",
    "recorded",
    "recorded_so_far",
    "reject",
    "restore",
    "revert",
    "route",
    "saved",
    "settle",
    "state",
    "stranger",
    "turn",
    "warn",
];

/// The function that makes an anomaly of a kind.
pub(super) fn function(kind: &str) -> String {
    names::apart(names::value(kind), TAKEN)
}

/// The functions of all kinds that events are recorded with, but for those of delegates.
pub(super) fn functions<'w>(module: &mut Module<'w>, reducer: &'w Reducer, cells: &Cells<'w>, event: &str) -> String {
    let mut out = String::new();
    for (at, anomaly) in reducer.anomalies.iter().enumerate() {
        if is_used(reducer, at) {
            out.push_str(&maker(module, reducer, cells, anomaly, event));
        }
    }
    out
}

/// Whether some step, or the reducer itself, records the kind.
fn is_used(reducer: &Reducer, at: usize) -> bool {
    use crate::model::{Action, Report, Step};
    fn in_steps(steps: &[Step], at: usize) -> bool {
        let of = |report: &Report| report.anomaly == at;
        steps.iter().flat_map(|step| &step.actions).any(|action| match action {
            Action::Reject(report) | Action::Warn(report) => of(report),
            Action::Move { otherwise, .. } | Action::Check { otherwise, .. } => of(otherwise),
            Action::Steps(steps) => in_steps(steps, at),
            Action::Skip | Action::Effect(..) => false,
        })
    }
    let of = |report: &Option<Report>| report.as_ref().is_some_and(|report| report.anomaly == at);
    of(&reducer.malformed)
        || reducer.unknown.as_ref().is_some_and(|unknown| unknown.report.anomaly == at)
        || reducer.reactions.iter().any(|reaction| {
            [&reaction.before_parse, &reaction.before, &reaction.handle, &reaction.after]
                .into_iter()
                .any(|steps| in_steps(steps, at))
                || of(&reaction.overridden)
                || reaction.idempotent.as_ref().is_some_and(|(_, report)| report.anomaly == at)
        })
}

fn maker<'w>(
    module: &mut Module<'w>,
    reducer: &'w Reducer,
    cells: &Cells<'w>,
    anomaly: &Anomaly,
    event: &str,
) -> String {
    let parameters: Vec<String> = anomaly.params.iter().map(|param| parameter(param)).collect();
    let mut out = format!("/// {}\n", described(anomaly, reducer));
    let typed: Vec<String> = parameters.iter().map(|name| format!("{name}: support::Json")).collect();
    put!(
        out,
        "fn {}({}) -> fold::Recorded {{\n",
        function(&anomaly.kind),
        std::iter::once(format!("event: &{event}")).chain(typed).collect::<Vec<_>>().join(", ")
    );
    out.push_str(&fields(module, reducer, cells));
    let shown = |part: &TemplatePart| match part {
        TemplatePart::Param(at) => Some(format!("{}.shown()", parameters[*at])),
        TemplatePart::Field(at) => Some(format!("fields[{at}].1.shown()")),
        TemplatePart::Text(_) | TemplatePart::Inner(_) => None,
    };
    put!(out, "let message = {};\n", message(anomaly, &shown));
    let params: Vec<String> = anomaly
        .params
        .iter()
        .zip(&parameters)
        .map(|(name, parameter)| format!("({}, {parameter})", rust::string(name)))
        .collect();
    let kind = rust::string(&anomaly.kind);
    let (make, more) = if reducer.anomaly_fields.is_empty() { ("new", "") } else { ("with", "fields, ") };
    put!(out, "fold::Recorded::{make}({kind}, &event.id, [{}], {more}message)\n}}\n", params.join(", "));
    out
}

/// A variable for a parameter, apart from what the function has besides.
fn parameter(name: &str) -> String {
    names::apart(names::value(name), &["event", "fields", "fold", "message", "raw", "support"])
}

/// The text of an anomaly, as it stands in the contract.
fn described(anomaly: &Anomaly, reducer: &Reducer) -> String {
    let text: String = anomaly
        .template
        .iter()
        .map(|part| match part {
            TemplatePart::Text(text) => text.clone(),
            TemplatePart::Param(at) => format!("{{{}}}", anomaly.params[*at]),
            TemplatePart::Field(at) => format!("{{{}}}", reducer.anomaly_fields[*at].0),
            TemplatePart::Inner(name) => format!("{{a.{name}}}"),
        })
        .collect();
    rust::outer_doc(&text, 0).trim_start_matches("///").trim().replace('\n', " ")
}

/// The message, made of its parts.
fn message(anomaly: &Anomaly, shown: &dyn Fn(&TemplatePart) -> Option<String>) -> String {
    let mut text = String::new();
    let mut arguments = Vec::new();
    for part in &anomaly.template {
        match (part, shown(part)) {
            (_, Some(argument)) => {
                text.push_str("{}");
                arguments.push(argument);
            }
            (TemplatePart::Text(plain), None) => text.push_str(&plain.replace('{', "{{").replace('}', "}}")),
            _ => {}
        }
    }
    if arguments.is_empty() {
        let plain: String = anomaly
            .template
            .iter()
            .filter_map(|part| match part {
                TemplatePart::Text(text) => Some(text.as_str()),
                _ => None,
            })
            .collect();
        return format!("{}.to_owned()", rust::string(&plain));
    }
    format!("format!({}, {})", rust::string(&text), arguments.join(", "))
}

/// Statements that read what every anomaly carries.
fn fields<'w>(module: &mut Module<'w>, reducer: &'w Reducer, cells: &Cells<'w>) -> String {
    if reducer.anomaly_fields.is_empty() {
        return String::new();
    }
    let path =
        |path: &[String]| format!("&[{}]", path.iter().map(|key| rust::string(key)).collect::<Vec<_>>().join(", "));
    let mut values = Vec::new();
    let mut lets = String::new();
    let mut reads_envelope = false;
    for (name, field) in &reducer.anomaly_fields {
        let value = match field {
            AnomalyField::Text { path: keys, default } => {
                format!("fold::raw_text(raw, {}, {})", path(keys), rust::string(default))
            }
            AnomalyField::Enum { id, path: keys } => {
                let choice = spell(module, &Type::Enum(EnumType { id: *id, only: None }), "").ty;
                format!("fold::raw_member(raw, {}, {choice}::CHOICE)", path(keys))
            }
            AnomalyField::Expression(expr) => {
                let mut compiler = Compiler::new(module, reducer, cells);
                let value = compiler.json(expr);
                reads_envelope |= compiler.reads_envelope;
                value
            }
        };
        values.push(format!("({}, {value})", rust::string(name)));
    }
    if reducer.anomaly_fields.iter().any(|(_, field)| !matches!(field, AnomalyField::Expression(_))) {
        lets.push_str("let raw = event.raw();\n");
    }
    if reads_envelope {
        lets.push_str("let e = &event.envelope;\n");
    }
    put!(lets, "let fields = [{}];\n", values.join(", "));
    lets
}

/// The anomaly under which that of a delegate is recorded.
pub(super) fn carried(reducer: &Reducer) -> String {
    let mut arms = String::new();
    for (at, delegate) in reducer.delegates.iter().enumerate() {
        let anomaly = &reducer.anomalies[delegate.anomaly];
        let shown = |part: &TemplatePart| match part {
            TemplatePart::Inner(name) => Some(match name.as_str() {
                "message" | "kind" | "event_id" => format!("inner.{name}"),
                param => format!("inner.param({}).shown()", rust::string(param)),
            }),
            _ => None,
        };
        let (kind, message) = (rust::string(&anomaly.kind), message(anomaly, &shown));
        if reducer.delegates.len() == 1 {
            return format!(
                "fn carried(_index: usize, inner: fold::Recorded) -> fold::Recorded {{
                    let message = {message};
                    inner.carried({kind}, message)
                }}\n"
            );
        }
        let pattern = if at + 1 == reducer.delegates.len() { "_".to_owned() } else { at.to_string() };
        put!(arms, "{pattern} => ({kind}, {message}),\n");
    }
    format!(
        "fn carried(index: usize, inner: fold::Recorded) -> fold::Recorded {{
            let (kind, message) = match index {{ {arms} }};
            inner.carried(kind, message)
        }}\n"
    )
}
