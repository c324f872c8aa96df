//! An event and what its reducer reads enter; payloads of it leave that differ in something that decides, the plainest
//! first.
//!
//! Fields that decide are varied together, and of payloads that no condition tells apart one is kept. Fields that rules
//! tie to them take whatever value keeps the rules.

use std::collections::{BTreeMap, BTreeSet};

use super::atoms::{Atoms, expressions};
use super::reading::Readings;
use crate::expr::{Kind, kind};
use crate::interpret::{check_payload, check_value};
use crate::json::{Value, canonical};
use crate::model::{
    CompareOp, EventId, Expr, ExprKind, Presence, Reaction, Record, RecordId, Reducer, Rule, Type, UnionId, Variable,
    Workspace,
};
use crate::sample::{distinct, exact, sample, variations, with_member};

/// How many combinations of members are tried for an event, and how many more to keep its rules.
const COMBINATIONS: usize = 3_000;
const TIED: usize = 64;
/// How many values a member gets besides those that conditions speak of.
const VALUES: usize = 4;
/// How many vectors of a hook are spoken of.
const VECTORS: usize = 30;
/// How many payloads differ in what does not decide.
const SHADES: usize = 3;

/// A field, by index, and what it may be; none where it is away.
type Choice = (usize, Vec<Option<Value>>);
/// One of these for each field.
type Combination = Vec<(usize, Option<Value>)>;

/// Payloads of an event.
pub(crate) struct Payloads {
    /// The plainest first.
    pub all: Vec<Made>,
    /// Whether none was left out for want of room.
    pub is_complete: bool,
}

/// A payload.
pub(crate) struct Made {
    /// It, and others that differ from it in members that nothing decides by.
    pub values: Vec<Value>,
    /// Members that tell it from the plainest.
    pub told: Vec<(String, Value)>,
}

/// Payloads that are unions: what shows the union.
pub(crate) fn of_union(workspace: &Workspace, id: UnionId, room: usize) -> Payloads {
    let ty = Type::Union(id);
    let shown: Vec<Value> =
        variations(workspace, &ty).iter().filter_map(|value| check_value(workspace, &ty, value).ok()).collect();
    // Members of variants are not varied together.
    let is_complete = false;
    let all = shown.into_iter().take(room).map(|value| Made { values: vec![value], told: Vec::new() }).collect();
    Payloads { all, is_complete }
}

/// Payloads that are records.
pub(crate) fn payloads(
    workspace: &Workspace,
    reducer: &Reducer,
    reaction: &Reaction,
    id: RecordId,
    readings: &Readings,
    room: usize,
) -> Payloads {
    let record = &workspace.records[id];
    let atoms = Atoms::of(workspace, reaction, readings);
    let literals = literals(workspace, reducer, reaction, record);
    let choices = |fields: &[usize]| -> Vec<Choice> {
        let options = |at| options(workspace, record, at, reaction.event, readings, &literals);
        fields.iter().map(|&at| (at, options(at))).collect()
    };
    let names = readings.payload(reaction.event);
    let deciding: Vec<usize> = names.iter().filter_map(|name| record.field(name)).collect();
    let tied = tied(record, &deciding);
    let (combined, is_complete) = combinations(&choices(&deciding), COMBINATIONS);
    let (repairs, _) = combinations(&choices(&tied), TIED);
    let shades = shades(workspace, id, &[deciding.as_slice(), &tied].concat());
    let is_covered = !expressions(workspace, reaction).into_iter().any(escapes);
    let mut found = Payloads { all: Vec::new(), is_complete: is_complete && is_covered };
    let Some(base) = shades.first() else { return Payloads { is_complete: false, ..found } };
    let plainest = combined.first().cloned().unwrap_or_default();
    let is_right = |value: &Value| check_payload(workspace, reaction.event, value).is_ok();
    let mut met = BTreeSet::new();
    for combination in &combined {
        let signature = atoms.signature(&changed(record, base, combination));
        if met.contains(&signature) {
            continue;
        }
        let whole = |repair: &Combination| [combination.as_slice(), repair].concat();
        let Some(whole) = repairs.iter().map(whole).find(|whole| is_right(&changed(record, base, whole))) else {
            continue;
        };
        met.insert(signature);
        if found.all.len() == room {
            found.is_complete = false;
            break;
        }
        let values = shades.iter().map(|shade| changed(record, shade, &whole)).filter(|value| is_right(value));
        let differs = combination.iter().zip(&plainest).filter(|(member, plain)| member != plain);
        let told = differs.map(|((at, value), _)| (record.fields[*at].meta.name.clone(), shown(value.as_ref())));
        found.all.push(Made { values: values.collect(), told: told.collect() });
    }
    found
}

/// Whether a condition depends on more than the values that are tried can show: on lengths, sums, or moments that need
/// not follow the order of the log.
fn escapes(expr: &Expr) -> bool {
    let reads = |parts: &[&Expr], variable| parts.iter().any(|part| part.reads(variable));
    let parts = expr.parts();
    let is_own = match &expr.kind {
        ExprKind::Size(_) | ExprKind::Add(..) | ExprKind::Subtract(..) => reads(&parts, &Variable::Payload),
        ExprKind::Compare { op, .. } => {
            !matches!(op, CompareOp::Eq | CompareOp::Ne) && reads(&parts, &Variable::Envelope)
        }
        _ => false,
    };
    is_own || parts.into_iter().any(escapes)
}

fn shown(value: Option<&Value>) -> Value {
    value.cloned().unwrap_or(Value::Null)
}

fn changed(record: &Record, base: &Value, combination: &[(usize, Option<Value>)]) -> Value {
    combination.iter().fold(base.clone(), |value, (at, member)| with(record, value, *at, member.as_ref()))
}

/// Fields that rules tie to others.
fn tied(record: &Record, others: &[usize]) -> Vec<usize> {
    let rules = record.rules.iter().filter(|rule| rule.reads.iter().any(|at| others.contains(at)));
    let found: BTreeSet<usize> = rules.flat_map(|rule| rule.reads.iter().copied()).collect();
    found.into_iter().filter(|at| !others.contains(at)).collect()
}

/// Combinations of one option each, those with the fewest that are not the first before others; and whether that is all.
fn combinations(choices: &[Choice], most: usize) -> (Vec<Combination>, bool) {
    let count = choices.iter().map(|(_, options)| options.len()).try_fold(1_usize, usize::checked_mul);
    let mut found = Vec::new();
    for changes in 0..=choices.len() {
        combine(choices, changes, &mut Vec::new(), &mut found, most);
    }
    (found, count.is_some_and(|count| count <= most))
}

fn combine(choices: &[Choice], changes: usize, begun: &mut Combination, found: &mut Vec<Combination>, most: usize) {
    let changeable = choices.iter().filter(|(_, options)| options.len() > 1).count();
    if found.len() >= most || changes > changeable {
        return;
    }
    let Some(((at, options), rest)) = choices.split_first() else { return found.push(begun.clone()) };
    for (index, option) in options.iter().enumerate() {
        let Some(left) = changes.checked_sub(usize::from(index > 0)) else { break };
        begun.push((*at, option.clone()));
        combine(rest, left, begun, found, most);
        begun.pop();
    }
}

/// What a member may be: away or null, every member of an enum, what conditions compare it with, and a few others.
fn options(
    workspace: &Workspace,
    record: &Record,
    at: usize,
    event: EventId,
    readings: &Readings,
    literals: &[Value],
) -> Vec<Option<Value>> {
    let field = &record.fields[at];
    let none = match &field.presence {
        Presence::Required => None,
        Presence::Nullable => Some(Some(Value::Null)),
        Presence::Optional => Some(None),
        Presence::Default(default) => Some(Some(default.clone())),
    };
    let mut values = match workspace.unwrapped(&field.ty) {
        Type::Enum(ty) => {
            let item = &workspace.enums[ty.id];
            let members =
                (0..item.values.len()).filter(|index| ty.only.as_ref().is_none_or(|only| only.contains(index)));
            members.map(|index| item.values[index].text.as_str().into()).collect()
        }
        ty if readings.payload(event).contains(&field.meta.name) => {
            several(workspace, ty, readings.tells_apart(event, &field.meta.name))
        }
        ty => several(workspace, ty, false).into_iter().take(1).collect(),
    };
    values.extend(literals.iter().cloned());
    let mut met: BTreeSet<String> = none.iter().flatten().map(canonical).collect();
    let values = values.into_iter().filter_map(|value| check_value(workspace, &field.ty, &value).ok());
    let values: Vec<_> = values.filter(|value| met.insert(canonical(value))).map(Some).collect();
    none.into_iter().chain(values).collect()
}

/// Some values of a type: where they are told apart two texts or three numbers, else one; and what shows a composed type.
pub(crate) fn several(workspace: &Workspace, ty: &Type, are_told_apart: bool) -> Vec<Value> {
    let least = sample(workspace, ty, false);
    let is_plain = |value: &Value| value.as_str().is_some_and(|text| text.is_ascii() && !text.trim().is_empty());
    match kind(workspace, ty) {
        Kind::Bool => vec![false.into(), true.into()],
        Kind::Text if are_told_apart => {
            let other =
                distinct(workspace, ty).into_iter().find(|value| is_plain(value) && Some(value) != least.as_ref());
            least.into_iter().chain(other).collect()
        }
        Kind::Int if are_told_apart => {
            let least = least.and_then(|value| if let Value::Number(number) = value { Some(number) } else { None });
            least.into_iter().flat_map(|number| [0.0, 1.0, 2.0].map(|step| Value::from(number + step))).collect()
        }
        Kind::Text | Kind::Int => least.into_iter().collect(),
        Kind::Instant => [10, 20, 30].map(|second| format!("2026-01-01T00:00:{second}Z").into()).into(),
        _ => variations(workspace, ty).into_iter().take(VALUES).collect(),
    }
}

/// Payloads that differ in members that nothing decides by.
fn shades(workspace: &Workspace, id: RecordId, deciding: &[usize]) -> Vec<Value> {
    let record = &workspace.records[id];
    // In canonical form, as conditions see it: defaults are filled in.
    let judged = |value: &Value| check_value(workspace, &Type::Record(id), value).ok();
    let Some(base) = sample(workspace, &Type::Record(id), false).as_ref().and_then(judged) else { return Vec::new() };
    let mut found = vec![base.clone()];
    for shade in 1..SHADES {
        let mut value = base.clone();
        for (at, field) in record.fields.iter().enumerate() {
            let is_free = !deciding.contains(&at) && field.presence == Presence::Required;
            if is_free && let Some(other) = distinct(workspace, &field.ty).get(shade) {
                value = with_member(value, &field.meta.name, other.clone());
            }
        }
        found.extend(judged(&value));
    }
    found
}

fn with(record: &Record, value: Value, at: usize, member: Option<&Value>) -> Value {
    let name = &record.fields[at].meta.name;
    match (member, value) {
        (Some(member), value) => with_member(value, name, member.clone()),
        (None, Value::Object(mut members)) => {
            members.remove(name);
            Value::Object(members)
        }
        (None, value) => value,
    }
}

/// Texts and numbers that conditions of an event, or rules of its payload, speak of, and what hooks in them can be asked.
fn literals(workspace: &Workspace, reducer: &Reducer, reaction: &Reaction, record: &Record) -> Vec<Value> {
    let mut open: Vec<&Expr> = expressions(workspace, reaction);
    for claim in &reducer.claims {
        open.extend(claim.given.iter().chain([&claim.then]));
    }
    open.extend(record.rules.iter().filter_map(Rule::condition));
    let mut found = BTreeMap::new();
    while let Some(expr) = open.pop() {
        let spoken: Vec<Value> = match &expr.kind {
            ExprKind::Text(text) => vec![text.as_str().into()],
            ExprKind::Int(number) => [-1, 0, 1].map(|step| exact(number.saturating_add(step))).into(),
            ExprKind::Float(number) => [number.next_down(), *number, number.next_up()].map(Value::from).into(),
            ExprKind::Hook(id, _) => {
                let asked = workspace.hooks[*id].vectors.iter().take(VECTORS);
                asked.flat_map(|vector| vector.args.iter().cloned()).collect()
            }
            _ => Vec::new(),
        };
        found.extend(spoken.into_iter().map(|value| (canonical(&value), value)));
        open.extend(expr.parts());
    }
    found.into_values().collect()
}
