//! Which expressions are accepted, which are refused, and what is said of those?

use codegen::expr;
use tests::expressions::{ACCEPTED, sample};

#[test]
fn sound_expressions_are_accepted_and_read_back_from_their_own_text() {
    let sample = sample();
    for text in ACCEPTED {
        let typed = sample.guard(text).unwrap_or_else(|found| panic!("{text}: {found:?}"));
        let printed = expr::text(&typed, &sample.workspace);
        let again = sample.guard(&printed).unwrap_or_else(|found| panic!("{printed}: {found:?}"));
        assert_eq!(expr::text(&again, &sample.workspace), printed, "{text}");
    }
}

/// A refused expression, the part that is at fault, the rule, and words of the message or the help.
const REFUSED: &[(&str, &str, &str, &str)] = &[
    ("p.flag &&", "", "expression-syntax", "expected a value, found the end"),
    ("p.flag = true", "=", "expression-syntax", "equality is written `==`"),
    ("p.flag and true", "and", "expression-syntax", "`and` is written `&&`"),
    ("p.lane == Lane.in", "in", "expression-syntax", "in brackets"),
    ("p.count == 9007199254740992", "9007199254740992", "expression-syntax", "not within"),
    ("p.count == 012", "012", "expression-syntax", "begins with a zero"),
    ("p.count == 1u", "1", "expression-syntax", "runs into a word"),
    ("p.count == 0x1f", "0", "expression-syntax", "runs into a word"),
    ("p.ratio < 1e999", "1e999", "expression-syntax", "no finite number"),
    ("p.name == 'a", "'a", "expression-syntax", "without an end"),
    ("p.name == 'a\\q'", "\\q", "expression-syntax", "unknown escape"),
    ("p.name == '\\ud800'", "\\u", "expression-syntax", "unknown escape"),
    ("p.count * 2 == 4", "*", "expression-syntax", "added and subtracted"),
    ("-p.count < 0", "-", "expression-syntax", "subtract it from 0"),
    ("for == 1", "for", "expression-syntax", "keeps for itself"),
    ("p.tags.exists(p, true)", "p", "expression-syntax", "already means something"),
    ("p.tags.exists(Lane, true)", "Lane", "expression-syntax", "already means something"),
    ("p.tags.exists(i)", "exists", "expression-syntax", "x.exists(i, condition on i)"),
    ("p.name.size() == 1", "size", "expression-syntax", "size(x)"),
    ("{'a': 1} == p", "{", "expression-syntax", "not written in expressions"),
    ("p.flagg", "flagg", "unknown-name", "did you mean `flag`?"),
    ("q.flag", "q", "unknown-name", "did you mean `p`?"),
    ("p.lane == Lanes.done", "Lanes", "unknown-name", "did you mean `Lane`?"),
    ("p.lane == Lane.don", "don", "unknown-name", "did you mean `done`?"),
    ("p.lane == Lane.wip", "wip", "unknown-name", "write `doing`"),
    ("Lane.sid[p.lane] == Side.left", "sid", "unknown-name", "did you mean `side`?"),
    ("has(p.note)", "has", "unknown-name", "x != null"),
    ("p.name.matches('a')", "matches", "unknown-name", "scalar with a `pattern`"),
    ("p.shape.radiu == 1", "radiu", "unknown-name", "did you mean `radius`?"),
    ("p.count", "p.count", "expression-type", "takes `bool`, found `int`"),
    ("p.count < 1.0", "p.count < 1.0", "expression-type", "cannot compare `int` with `float`"),
    ("p.ratio < 1", "p.ratio < 1", "expression-type", "write `1.0`"),
    ("p.big < 1", "p.big < 1", "expression-type", "`int64` with `int`"),
    ("p.lane == \"done\"", "p.lane == \"done\"", "expression-type", "write `Lane.done`"),
    ("p.lane == Side.left", "p.lane == Side.left", "expression-type", "`Lane` with `Side`"),
    ("p.lane < Lane.done", "p.lane < Lane.done", "expression-type", "does not compare"),
    ("p.at < \"2026-01-01T00:00:00Z\"", "p.at < \"2026-01-01T00:00:00Z\"", "expression-type", "another date-time"),
    ("p.at in [p.at]", "p.at in [p.at]", "expression-type", "does not look up"),
    ("p.tags == p.tags", "p.tags == p.tags", "expression-type", "does not compare"),
    ("p.count == null", "p.count == null", "expression-type", "never none"),
    ("p.extra == null", "p.extra == null", "expression-type", "never none"),
    ("null == null", "null == null", "expression-type", "always equal"),
    ("to != null", "to != null", "expression-type", "never none"),
    ("p.lane == Lane", "Lane", "expression-type", "name a member"),
    ("p.lane == Lane.open", "Lane.open", "expression-type", "no single value"),
    ("p.lane == Lane.side", "side", "expression-type", "Lane.side[x]"),
    ("p.lane in Lane", "Lane", "expression-type", "name a member"),
    ("p.lane in Side", "Side", "expression-type", "name a member"),
    ("p.lane in [Side.left]", "p.lane in [Side.left]", "expression-type", "`Side`"),
    ("p.lane in []", "[]", "expression-type", "empty list"),
    ("p.count in [1, 'a']", "'a'", "expression-type", "`int` with `string`"),
    ("p.count in p.name", "p.name", "expression-type", "holds nothing"),
    ("p.flag ? 1 : 'a'", "p.flag ? 1 : 'a'", "expression-type", "cannot choose"),
    ("size(p.count) == 1", "p.count", "expression-type", "has no size"),
    ("blank(p.was)", "p.was", "expression-type", "takes a string"),
    ("p.at.startsWith('2')", "p.at", "expression-type", "takes `string`"),
    ("p.labels.exists(i, true)", "p.labels", "expression-type", "run over a list"),
    ("p.extra.a == 1", "a", "expression-type", "no fields"),
    ("p.mixed == 1", "p.mixed == 1", "expression-type", "`Mixed` with `int`"),
    ("p.shape.radius > 1", "radius", "expression-type", "Form.member"),
    ("p.tags[0] == 'a'", "p.tags", "expression-type", "not read with"),
    ("p.plan['a'] == 'b'", "'a'", "expression-type", "keys of `Lane`"),
    ("p.name + 1 == 2", "p.name", "expression-type", "takes `int`"),
    ("1 + p.ratio > 2", "p.ratio", "expression-type", "takes `int`"),
    ("p.ratio == 1.0", "p.ratio == 1.0", "float-equality", "for equality"),
    ("p.ratio in [1.0]", "p.ratio in [1.0]", "float-equality", "for equality"),
    ("p.maybe", "p.maybe", "unchecked-opt", "`p.maybe != null && ..`"),
    ("!p.maybe", "p.maybe", "unchecked-opt", "may be none"),
    ("p.limit + 1 > 2", "p.limit", "unchecked-opt", "may be none"),
    ("p.limit < 2", "p.limit", "unchecked-opt", "may be none"),
    ("p.limit == null && p.limit < 2", "p.limit", "unchecked-opt", "may be none"),
    ("p.limit != null || p.limit < 2", "p.limit", "unchecked-opt", "may be none"),
    ("(p.limit != null || p.flag) && p.limit < 2", "p.limit", "unchecked-opt", "may be none"),
    ("(p.flag ? 1 : p.limit) < 2", "p.flag ? 1 : p.limit", "unchecked-opt", "may be none"),
    ("p.more.exists(i, true)", "p.more", "unchecked-opt", "may be none"),
    ("p.note in p.more", "p.more", "unchecked-opt", "may be none"),
    ("p.note in p.scores", "p.note", "unchecked-opt", "may be none"),
    ("p.outline.label == 'o'", "p.outline", "unchecked-opt", "may be none"),
    ("Lane.side[from] == Side.left", "from", "unchecked-opt", "may be none"),
    (
        "p.items.exists(i, i.lane != null) && p.items.all(i, i.lane in Lane.open && Lane.side[i.lane] == Side.left)",
        "i.lane",
        "unchecked-opt",
        "may be none",
    ),
    ("p.scores[p.name] > 1", "p.scores[p.name]", "unchecked-key", "`p.name in p.scores ? p.scores[p.name] : null`"),
    ("p.name in p.scores || p.scores[p.name] > 1", "p.scores[p.name]", "unchecked-key", "may not have"),
    ("'b' in p.scores && p.scores['a'] > 1", "p.scores['a']", "unchecked-key", "may not have"),
];

#[test]
fn unsound_expressions_are_refused_at_the_part_at_fault_with_the_way_out() {
    let sample = sample();
    for (text, part, rule, words) in REFUSED {
        let found = sample.guard(text).expect_err(text);
        let first = &found[0];
        assert_eq!(found.len(), 1, "{text}: {found:?}");
        assert_eq!(first.rule.id, *rule, "{text}: {first:?}");
        let span = first.primary.as_ref().unwrap().span;
        assert_eq!(&text[span.start as usize..span.end as usize], *part, "{text}");
        let said = format!("{}; {}", first.message, first.help.as_deref().unwrap_or_default());
        assert!(said.contains(words), "{text}: {said}");
    }
}

#[test]
fn all_faults_of_an_expression_are_reported_at_once() {
    let found = sample().guard("p.flagg && p.count == 'a' || p.maybe").unwrap_err();
    assert_eq!(
        found.iter().map(|one| one.rule.id).collect::<Vec<_>>(),
        ["unknown-name", "expression-type", "unchecked-opt"]
    );
}

#[test]
fn no_text_exhausts_the_stack() {
    let sample = sample();
    let many = 20_000;
    let deep = [
        format!("{}p.flag{}", "(".repeat(many), ")".repeat(many)),
        format!("{}p.flag", "!".repeat(many)),
        format!("p.flag{}", " && p.flag".repeat(many)),
        format!("p{}", ".a".repeat(many)),
        format!("{}p.flag", "p.flag ? true : ".repeat(many)),
        format!("p.count in {}1{}", "[".repeat(many), "]".repeat(many)),
        format!("p.count{} > 1", " + 1".repeat(many)),
        format!("{}1", "p.count in (".repeat(many)),
        format!("{}true", "p.tags.all(i, ".repeat(many)),
    ];
    for text in deep {
        let found = sample.guard(&text).unwrap_err();
        assert!(found[0].message.contains("more than 64 deep"), "{found:?}");
    }
    let wide = format!("p.count in [{}]", vec!["1"; many].join(", "));
    assert!(sample.guard(&wide).is_ok());
}

#[test]
fn the_fields_that_an_expression_reads_are_known() {
    let sample = sample();
    let record = &sample.workspace.records[sample.record];
    let typed =
        sample.guard("p.items.exists(i, i.size > p.count && p.flag) || p.item != null && p.item.size == 1").unwrap();
    let names: Vec<_> = expr::reads(&typed, record).iter().map(|at| record.fields[*at].meta.name.as_str()).collect();
    assert_eq!(names, ["flag", "count", "items", "item"]);
}
