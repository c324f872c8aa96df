//! Does every accepted expression have the value that a CEL implementation gives it?

use std::collections::HashMap;

use cel::objects::Key;
use cel::{Context, Program};
use codegen::expr::{self, Kind, kind};
use codegen::interpret::{Scope, check_value, evaluate, instant};
use codegen::json::{self, Value};
use codegen::model::{EnumDef, Expr, Type, UnionForm, Workspace};
use proptest::prelude::*;
use proptest::test_runner::{RngSeed, TestRunner};
use serde_json::json;
use tests::expressions::{ACCEPTED, Sample, sample};

/// A value as CEL sees it: decoded, options that are none as null, moments by their nanoseconds.
fn bound(workspace: &Workspace, ty: &Type, value: &Value) -> cel::Value {
    if *value == Value::Null {
        return cel::Value::Null;
    }
    let of = |ty: &Type, value: &Value| bound(workspace, ty, value);
    match (kind(workspace, ty), value) {
        (Kind::Instant, Value::String(text)) => {
            let moment = instant(text).unwrap();
            cel::Value::Int(moment.seconds * 1_000_000_000 + i64::from(moment.nanoseconds))
        }
        (Kind::Int64, Value::String(text)) => cel::Value::Int(text.parse().unwrap()),
        (Kind::Uint64, Value::String(text)) => cel::Value::UInt(text.parse().unwrap()),
        #[expect(clippy::cast_possible_truncation, reason = "an int lies within ±(2^53−1)")]
        (Kind::Int, Value::Number(number)) => cel::Value::Int(*number as i64),
        (Kind::List(item) | Kind::Set(item), Value::Array(items)) => {
            items.iter().map(|value| of(item, value)).collect::<Vec<_>>().into()
        }
        (Kind::Map(_, item), Value::Object(members)) => {
            map(members.iter().map(|(key, value)| (key.as_str(), of(item, value))))
        }
        (Kind::Record(id), object) => {
            let fields = workspace.records[id].fields.iter();
            map(fields.map(|field| {
                let name = field.meta.name.as_str();
                (name, of(&field.ty, object.get(name).unwrap_or(&Value::Null)))
            }))
        }
        (Kind::Union(id), object) => variant(workspace, &workspace.unions[id].form, object),
        (_, Value::String(text)) => text.as_str().into(),
        (_, Value::Bool(value)) => (*value).into(),
        (_, Value::Number(number)) => (*number).into(),
        // Tuples and json: nothing reads them.
        _ => cel::Value::Null,
    }
}

fn variant(workspace: &Workspace, form: &UnionForm, object: &Value) -> cel::Value {
    let UnionForm::Tagged { tag, tag_type, variants, .. } = form else { return cel::Value::Null };
    let text = object.get(tag).and_then(Value::as_str).expect("a default is filled in");
    let value = workspace.enums[*tag_type].index_of(text).unwrap();
    let record = variants.iter().find(|variant| variant.value == value).unwrap().record;
    let fields = workspace.records[record].fields.iter();
    let read = fields.map(|field| {
        let name = field.meta.name.as_str();
        (name, bound(workspace, &field.ty, object.get(name).unwrap_or(&Value::Null)))
    });
    map(read.chain([(tag.as_str(), text.into())]))
}

fn map<'a>(members: impl Iterator<Item = (&'a str, cel::Value)>) -> cel::Value {
    members.map(|(key, value)| (Key::from(key), value)).collect::<HashMap<_, _>>().into()
}

/// An enum as CEL sees it: members, sets and maps by name.
fn bound_enum(workspace: &Workspace, def: &EnumDef) -> cel::Value {
    let text = |def: &EnumDef, at: usize| cel::Value::from(def.values[at].text.as_str());
    let values = def.values.iter().map(|value| (value.text.as_str(), value.text.as_str().into()));
    let sets = def.sets.iter().map(|set| {
        let members: Vec<_> = set.members.iter().map(|at| text(def, *at)).collect();
        (set.name.as_str(), members.into())
    });
    let maps = def.maps.iter().map(|of| {
        let rows = of.targets.iter().enumerate();
        let to = &workspace.enums[of.to];
        (of.name.as_str(), map(rows.map(|(at, target)| (def.values[at].text.as_str(), text(to, *target)))))
    });
    map(values.chain(sets).chain(maps))
}

/// What an expression is asked about: a payload, and the states of a move.
#[derive(Debug, Clone)]
struct Facts {
    payload: Value,
    from: Value,
    to: Value,
}

fn by_cel(sample: &Sample, program: &Program, facts: &Facts) -> cel::Value {
    let workspace = &sample.workspace;
    let mut context = Context::default();
    context.add_variable_from_value("p", bound(workspace, &Type::Record(sample.record), &facts.payload));
    for (name, state) in [("from", &facts.from), ("to", &facts.to)] {
        context.add_variable_from_value(name, state.as_str().map_or(cel::Value::Null, cel::Value::from));
    }
    for def in &workspace.enums {
        context.add_variable_from_value(def.meta.name.as_str(), bound_enum(workspace, def));
    }
    let is_blank = |value: cel::Value| match value {
        cel::Value::String(text) => text.chars().all(|c| matches!(c, '\t'..='\r' | ' ')),
        other => other == cel::Value::Null,
    };
    context.add_function("blank", is_blank).unwrap();
    program.execute(&context).unwrap_or_else(|error| panic!("CEL fails: {error} on {facts:?}"))
}

fn by_us(sample: &Sample, expr: &Expr, facts: &Facts) -> cel::Value {
    let scope = Scope::of_move(&facts.payload, &facts.from, &facts.to);
    match &*evaluate(&sample.workspace, expr, &scope) {
        Value::Bool(value) => (*value).into(),
        other => panic!("a condition is {other:?}"),
    }
}

/// The payload as decoded; the generated ones are all valid.
fn decoded(sample: &Sample, payload: &serde_json::Value) -> Value {
    let value = json::read(payload.to_string().as_bytes()).unwrap();
    check_value(&sample.workspace, &Type::Record(sample.record), &value).unwrap_or_else(|found| panic!("{found:?}"))
}

fn one_of(choices: &[&str]) -> BoxedStrategy<String> {
    prop::sample::select(choices.iter().map(|choice| (*choice).to_owned()).collect::<Vec<_>>()).boxed()
}

/// Values for an option: absent, null, or one of these.
fn option(values: serde_json::Value) -> BoxedStrategy<Option<serde_json::Value>> {
    prop_oneof![Just(None), Just(Some(serde_json::Value::Null)), value(values).prop_map(Some)].boxed()
}

fn value(values: serde_json::Value) -> BoxedStrategy<serde_json::Value> {
    let serde_json::Value::Array(values) = values else { panic!("a list of values") };
    prop::sample::select(values).boxed()
}

fn list(values: serde_json::Value) -> BoxedStrategy<serde_json::Value> {
    prop::collection::vec(value(values), 0..4).prop_map(serde_json::Value::from).boxed()
}

/// Payloads of the sample record, as they may be received.
fn payloads() -> impl Strategy<Value = serde_json::Value> {
    let moments = json!(["2026-01-01T00:00:00Z", "2026-01-01T01:00:00+01:00", "2025-12-31T23:59:59.999999999Z"]);
    let lanes = json!(["planned", "doing", "wip", "done", "in", "for", "="]);
    let names = json!(["a", "b", "left", "é😀", " "]);
    let shapes = json!([
        {"label": "c", "radius": 4}, {"form": "circle", "label": "o", "radius": -1},
        {"form": "square", "label": "c", "side": "left"}, {"form": "square", "label": "a", "side": "right", "note": "xyz"},
    ]);
    let items = json!([
        {"name": "a", "size": 1}, {"name": "b", "size": -2, "lane": "wip", "tags": ["a", "c"]},
        {"name": "é😀", "size": 3, "lane": null, "tags": ["é😀"]},
    ]);
    let scores = json!([{}, {"a": 1, "left": 5}, {"b": -1, " ": 7}]);
    let plans = json!([{}, {"wip": "a", "done": null}, {"=": "bcde", "planned": "a"}]);
    let keys = json!(["123E4567-E89B-42D3-A456-426614174000", "123e4567-e89b-42d3-a456-426614174001"]);
    let always = vec![
        ("flag", value(json!([true, false]))),
        ("count", value(json!([-3, 0, 1, 1.0, 2, 40]))),
        ("big", value(json!(["-9223372036854775808", "3"]))),
        ("huge", value(json!(["18446744073709551615", "3"]))),
        ("ratio", value(json!([0.5, 1, 1.5, -2.25]))),
        ("name", value(names.clone())),
        ("key", value(keys)),
        ("at", value(moments.clone())),
        ("lane", value(lanes.clone())),
        ("next", value(json!(["planned", "wip", "doing"]))),
        ("for", value(json!([0, 1]))),
        ("tags", list(names.clone())),
        ("labels", value(json!([[], ["a"], ["b", "a"]]))),
        ("scores", value(scores)),
        ("plan", value(plans)),
        ("items", list(items.clone())),
        ("holes", list(json!([null, 0, 1, 2]))),
        ("actor", value(names.clone())),
        ("shape", value(shapes.clone())),
        ("pair", Just(json!([1, "a"])).boxed()),
        ("extra", Just(json!({"a": [null]})).boxed()),
        ("mixed", value(json!([1, "a"]))),
    ];
    let sometimes = vec![
        ("shy", value(json!([true, false])).prop_map(Some).boxed()),
        ("maybe", option(json!([true, false]))),
        ("limit", option(json!([0, 1, 40]))),
        ("share", option(json!([0.5, 3]))),
        ("note", option(json!(["", " \t", "\u{a0}", "a", "abc"]))),
        ("ended", option(moments)),
        ("was", option(lanes)),
        ("more", option(json!([[], ["a"], [" \t", "abc"]]))),
        ("outline", option(shapes)),
        ("item", option(items)),
    ];
    let keyed = |name: &'static str, values: BoxedStrategy<Option<serde_json::Value>>| {
        values.prop_map(move |value| (name, value)).boxed()
    };
    let always = always.into_iter().map(|(name, values)| keyed(name, values.prop_map(Some).boxed()));
    let sometimes = sometimes.into_iter().map(|(name, values)| keyed(name, values));
    let all: Vec<_> = always.chain(sometimes).collect();
    all.prop_map(|members| members.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect())
}

fn facts(sample: &Sample) -> impl Strategy<Value = Facts> {
    let states = &["planned", "doing", "done", "in"];
    (payloads(), prop::option::of(one_of(states)), one_of(states)).prop_map(|(payload, from, to)| Facts {
        payload: decoded(sample, &payload),
        from: from.map_or(Value::Null, |from| from.as_str().into()),
        to: to.as_str().into(),
    })
}

fn joined(parts: Vec<BoxedStrategy<String>>, with: impl Fn(Vec<String>) -> String + 'static) -> BoxedStrategy<String> {
    parts.prop_map(with).boxed()
}

/// `(left) OPERATOR (right)`
fn infix(left: &BoxedStrategy<String>, signs: &[&str], right: &BoxedStrategy<String>) -> BoxedStrategy<String> {
    let parts = vec![left.clone(), one_of(signs), right.clone()];
    joined(parts, |parts| format!("({}) {} ({})", parts[0], parts[1], parts[2]))
}

const EQUALITY: &[&str] = &["==", "!="];
const ORDER: &[&str] = &["==", "!=", "<", "<=", ">", ">="];

/// Well-typed expressions of type int.
fn ints(depth: usize) -> BoxedStrategy<String> {
    let leaf = one_of(&[
        "p.count",
        "p[\"for\"]",
        "0",
        "1",
        "-3",
        "size(p.tags)",
        "size(p.labels)",
        "size(p.scores)",
        "size(p.name)",
        "p.limit != null ? p.limit : 0",
        "p.limit == null ? 1 : p.limit",
        "p.name in p.scores ? p.scores[p.name] : 1",
        "p.shape.form == Form.circle ? p.shape.radius : 2",
    ]);
    if depth == 0 {
        return leaf;
    }
    let (inner, test) = (ints(depth - 1), bools(depth - 1));
    let chosen = joined(vec![test, inner.clone(), inner.clone()], |p| format!("({}) ? ({}) : ({})", p[0], p[1], p[2]));
    prop_oneof![3 => leaf, 1 => infix(&inner, &["+", "-"], &inner), 1 => chosen].boxed()
}

/// Well-typed conditions.
fn bools(depth: usize) -> BoxedStrategy<String> {
    let leaf = one_of(&[
        "p.flag",
        "p.shy",
        "true",
        "false",
        "p.maybe == true",
        "p.maybe != null && p.maybe",
        "p.maybe != p.flag",
        "p.big == p.big",
        "p.huge >= p.huge",
        "p.big < p.big",
        "blank(p.note)",
        "blank(p.name)",
        "p.at < p.at",
        "p.at == p.ended",
        "p.ended != null && p.ended >= p.at",
        "p.ended == null",
        "p.key == p.name",
        "p.lane in Lane.open",
        "p.was in Lane.closed",
        "from in Lane.open",
        "p.was in [Lane.doing, null]",
        "Lane.side[p.lane] == Side.left",
        "from != null && Lane.side[from] == Lane.side[to]",
        "p.limit == p.count",
        "p.name in p.tags",
        "p.name in p.labels",
        "p.name in p.scores",
        "p.note != null && p.note in p.scores",
        "p.was == null || p.was in p.plan",
        "p.lane in p.plan && p.plan[p.lane] != null && size(p.plan[p.lane]) > 3",
        "p.limit in p.holes",
        "p.actor == 'left'",
        "p.actor in p.scores",
        "p.more != null && p.note in p.more",
        "p.shape.label == 'c'",
        "p.shape.form == Form.square && p.shape.note != null && p.shape.note.startsWith('x')",
        "p.outline != null && p.outline.form == Form.circle && p.outline.radius < p.count",
        "p.items.exists(i, i.lane != null && Lane.side[i.lane] == Side.right)",
        "p.holes.all(h, h == null || h > 1)",
        "p.items.all(i, i.tags.all(t, t == i.name || t in p.tags))",
        "p.item != null && p.item.size > p.count",
        "p.items.exists(i, i.name == p.name && i.size + p.count > 2)",
        "p.count in [1, 2, p.limit]",
    ]);
    if depth == 0 {
        return leaf;
    }
    let (inner, number) = (bools(depth - 1), ints(depth - 1));
    let text = one_of(&["p.name", "p.actor", "'a'", "\"é😀\"", "''", "p.shape.label", "p.note == null ? 'n' : p.note"]);
    let float = one_of(&["p.ratio", "0.5", "-1e1", "p.share == null ? 1.0 : p.share"]);
    let lane =
        one_of(&["p.lane", "p.next", "p.was", "from", "to", "Lane.done", "Lane[\"in\"]", "Lane.for", "Lane[\"=\"]"]);
    let three = vec![inner.clone(), inner.clone(), inner.clone()];
    prop_oneof![
        4 => leaf,
        3 => infix(&inner, &["&&", "||", "==", "!="], &inner),
        1 => inner.prop_map(|inner| format!("!({inner})")),
        1 => joined(three, |p| format!("({}) ? ({}) : ({})", p[0], p[1], p[2])),
        2 => infix(&number, ORDER, &number),
        1 => infix(&text, ORDER, &text),
        1 => infix(&float, &ORDER[2..], &float),
        1 => infix(&lane, EQUALITY, &lane),
        1 => joined(vec![text.clone(), text], |p| format!("({}).startsWith({})", p[0], p[1])),
    ]
    .boxed()
}

/// Fixed unless `PROPTEST_RNG_SEED` says otherwise.
fn seed() -> u64 {
    std::env::var("PROPTEST_RNG_SEED").ok().and_then(|text| text.parse().ok()).unwrap_or(20_261_120)
}

/// Whether we and CEL give the text, and the text we print for it, one value; that value.
fn agreed(sample: &Sample, text: &str, facts: &[Facts]) -> Result<Vec<cel::Value>, TestCaseError> {
    let typed = sample.guard(text).unwrap_or_else(|found| panic!("{text}: {}", found[0].message));
    let printed = expr::text(&typed, &sample.workspace);
    let compile = |text: &str| Program::compile(text).unwrap_or_else(|error| panic!("CEL cannot read {text}: {error}"));
    let programs = [compile(text), compile(&printed)];
    let mut values = Vec::new();
    for facts in facts {
        let ours = by_us(sample, &typed, facts);
        for program in &programs {
            prop_assert_eq!(&ours, &by_cel(sample, program, facts), "{} on {:?}", text, facts);
        }
        values.push(ours);
    }
    Ok(values)
}

fn ask<S: Strategy>(cases: u32, input: &S, question: impl Fn(S::Value) -> Result<(), TestCaseError>)
where
    S::Value: std::fmt::Debug,
{
    println!("PROPTEST_RNG_SEED={}", seed());
    let rng_seed = RngSeed::Fixed(seed());
    let config = ProptestConfig { cases, failure_persistence: None, rng_seed, ..ProptestConfig::default() };
    TestRunner::new(config).run(input, question).unwrap_or_else(|error| panic!("{error}"));
}

#[test]
fn generated_expressions_have_the_value_that_cel_gives_them() {
    let sample = sample();
    ask(1_200, &(bools(3), prop::collection::vec(facts(&sample), 6)), |(text, facts)| {
        agreed(&sample, &text, &facts).map(drop)
    });
}

#[test]
fn hand_written_expressions_come_out_both_ways_as_cel_says() {
    let sample = sample();
    ask(1, &prop::collection::vec(facts(&sample), 200), |facts| {
        for text in ACCEPTED.iter().filter(|text| **text != "true") {
            let mut values = agreed(&sample, text, &facts)?;
            values.dedup();
            prop_assert!(values.len() > 1, "{} has one value only", text);
        }
        Ok(())
    });
}
