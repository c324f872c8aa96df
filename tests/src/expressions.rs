//! Texts enter; expressions typed against a record with a field of every kind leave.

use codegen::diagnostic::Diagnostic;
use codegen::expr::{self, Binding, Environment, Lookup};
use codegen::model::{EnumId, Expr, RecordId, Type, Workspace};
use codegen::source::{SourceMap, Span};

use crate::{project, tree};

/// What the expressions are about.
pub const CONTRACT: &str = r#"
language: 1
contract: x
version: 1.0.0
scalars:
  Id:     {base: string, min_length: 1}
  Key:    {base: string, format: uuid}
  Moment: {base: string, format: date-time}
enums:
  Lane:
    values:  [planned, doing, done, in, for, {value: "=", name: equal}]
    aliases: {wip: doing}
    sets:    {open: [planned, doing], closed: {not: open}}
    maps:    {side: {to: Side, left: [planned, doing], right: [done, in, for, "="]}}
  Side:  [left, right]
  Form:  [circle, square]
records:
  Item:
    fields: {name: Id, lane: opt<Lane>, size: int, tags: {type: list<Id>, default: []}}
  Circle: {fields: {label: Id, radius: int}}
  Square: {fields: {label: Id, side: Side, note: opt<string>}}
  Sample:
    fields:
      flag:    bool
      shy:     {type: bool, default: true}
      maybe:   opt<bool>
      count:   int
      limit:   opt<int>
      big:     int64
      huge:    uint64
      ratio:   float
      share:   opt<float>
      name:    Id
      key:     Key
      note:    opt<string>
      at:      Moment
      ended:   opt<Moment>
      lane:    Lane
      was:     opt<Lane>
      next:    Lane.open
      "for":   int
      tags:    list<Id>
      more:    opt<list<string>>
      labels:  set<Id>
      scores:  map<Id int>
      plan:    map<Lane opt<Id>>
      items:   list<Item>
      holes:   list<opt<int>>
      actor:   Actor
      shape:   Shape
      outline: opt<Shape>
      item:    opt<Item>
      pair:    tuple<int Id>
      extra:   json
      mixed:   Mixed
unions:
  Actor: {untagged: [Side, Id]}
  Mixed: {untagged: [int, Id]}
  Shape: {tag: form, tag_type: Form, default_tag: circle, variants: {circle: Circle, square: Square}}
"#;

/// Conditions that are sound by the rules of the language, most of them by narrowing.
pub const ACCEPTED: &[&str] = &[
    "true",
    "p.flag && !p.shy",
    "p.maybe == true || p.maybe == null",
    "p.maybe != null && p.maybe",
    "p.count + 1 > p.for - -1",
    "p.limit == 3 || p.limit != p.count",
    "p.limit != null && p.limit + 1 < 5",
    "p.limit == null || p.limit + 1 < 5",
    "!(p.limit == null) && p.limit < 5",
    "!(p.limit == null || p.flag) && p.limit < 5",
    "(p.limit != null && p.flag || p.limit != null) && p.limit < 5",
    "(p.limit != null ? p.limit : 0) < 5",
    "(p.limit == null ? 0 : p.limit) < 5",
    "(p.flag ? p.limit : null) == 40",
    "null != p.limit && p.limit in [1, 2]",
    "p.big < p.big || p.huge == p.huge && p.flag",
    "p.ratio > 0.5 && p.ratio <= 1e3",
    "p.share != null && p.share < p.ratio",
    "p.name == \"a\" && p.name < 'b' && p.name.startsWith(p.name)",
    "p.key == p.name || p.key == '123e4567-e89b-42d3-a456-426614174000'",
    "blank(p.note) || blank(p.name)",
    "p.at < p.at || p.at == p.ended",
    "p.lane == Lane.doing && p.lane in Lane.open && p.was in [Lane.done, null]",
    "p.lane == Lane[\"in\"] || p.lane == Lane.for || p.lane == Lane[\"=\"]",
    "p.next == p.lane",
    "p.for == 1 && p[\"for\"] == 1",
    "Lane.side[p.lane] == Side.left",
    "from != null && Lane.side[from] == Side.left || to == Lane.done",
    "p.actor == \"left\" && p.actor in p.scores",
    "p.name in p.tags && p.name in p.labels",
    "p.more != null && p.note in p.more",
    "p.name in p.scores && p.scores[p.name] > 3",
    "!(p.name in p.scores) || p.scores[p.name] > 3",
    "(p.name in p.scores ? p.scores[p.name] : 0) > 3",
    "p.lane in p.plan && p.plan[p.lane] != null && size(p.plan[p.lane]) > 3",
    "p.limit in p.holes",
    "p.items.exists(i, i.lane != null && i.lane in Lane.open && i.tags.all(t, t != i.name))",
    "p.holes.all(h, h == null || h > 0)",
    "p.tags.exists(t, p.count > 3) || p.items.all(i, i.tags.exists(t, i.size > 2))",
    "size(p.tags) + size(p.labels) + size(p.scores) + size(p.name) == 4",
    "p.shape.form == Form.circle && p.shape.radius > 3",
    "p.shape.form != Form.square || p.shape.side == Side.left",
    "p.shape.form == Form.square ? p.shape.note != null && size(p.shape.note) > 1 : p.shape.label == 'c'",
    "p.outline != null && p.outline.label == 'o'",
    "p.item != null && p.item.size > 0 && p.item.lane == null",
];

/// The workspace of [`CONTRACT`].
pub struct Sample {
    /// All declarations.
    pub workspace: Workspace,
    /// What `p` is.
    pub record: RecordId,
    /// What `from` and `to` are.
    pub lane: EnumId,
}

/// Loads [`CONTRACT`].
pub fn sample() -> Sample {
    let folder = tempfile::tempdir().expect("a folder for a moment");
    tree::write(folder.path(), &[("contracts/x.yaml", CONTRACT)]);
    let workspace = project::workspace(folder.path());
    let record = workspace.records.entries().find(|(_, record)| record.meta.name == "Sample").expect("declared").0;
    let lane = workspace.enums.entries().find(|(_, def)| def.meta.name == "Lane").expect("declared").0;
    Sample { workspace, record, lane }
}

impl Sample {
    /// Types a condition over `p`, `from` and `to`; places are those in the text.
    pub fn guard(&self, text: &str) -> Result<Expr, Vec<Diagnostic>> {
        let file = SourceMap::default().add("x", text);
        let ast = expr::parse(text, &|start, end| Span::new(file, start, end)).map_err(|finding| vec![*finding])?;
        let lookup = |name: &str, _: Span| {
            let found = self.workspace.enums.entries().find(|(_, def)| def.meta.name == name);
            found.map_or(Lookup::Nothing, |(id, _)| Lookup::Enum(id))
        };
        let bindings = vec![
            Binding::payload(Type::Record(self.record)),
            Binding::from_state(self.lane),
            Binding::to_state(self.lane),
        ];
        expr::check_guard(
            &ast,
            &Environment { workspace: &self.workspace, enum_named: &lookup, hooks: &[], bindings, lets: &[] },
            &[],
        )
    }
}
