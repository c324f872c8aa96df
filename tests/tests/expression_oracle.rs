//! Does every accepted expression have the value that a CEL implementation gives it?

use std::collections::HashMap;

use cel::objects::Key;
use cel::{Context, Program};
use codegen::expr::{self, Kind, kind};
use codegen::interpret::{Scope, Unanswered, check_value, evaluate, instant};
use codegen::json::{self, Value};
use codegen::model::{EnumDef, Expr, Type, UnionForm, Workspace};
use proptest::prelude::*;
use proptest::test_runner::{RngSeed, TestRunner};
use tests::expressions::{ACCEPTED, Sample, sample};
use tests::random_expressions::{bools, one_of, payloads};

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
    let unanswered = Unanswered::default();
    let scope = Scope::of_move(&facts.payload, &facts.from, &facts.to, &unanswered);
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

fn facts(sample: &Sample) -> impl Strategy<Value = Facts> {
    let states = &["planned", "doing", "done", "in"];
    (payloads(), prop::option::of(one_of(states)), one_of(states)).prop_map(|(payload, from, to)| Facts {
        payload: decoded(sample, &payload),
        from: from.map_or(Value::Null, |from| from.as_str().into()),
        to: to.as_str().into(),
    })
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
