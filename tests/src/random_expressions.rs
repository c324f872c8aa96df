//! A depth enters; strategies leave that make well-typed expressions about the sample contract, and payloads for them.

use proptest::prelude::*;
use serde_json::json;

/// One of these texts.
pub fn one_of(choices: &[&str]) -> BoxedStrategy<String> {
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
pub fn payloads() -> impl Strategy<Value = serde_json::Value> {
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

/// Well-typed conditions, nested so deep at most.
pub fn bools(depth: usize) -> BoxedStrategy<String> {
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
