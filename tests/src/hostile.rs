//! The cases of `hostile_text.json` enter; contracts that hold a payload in a slot, and a harmless `x` in all others,
//! leave.

use std::collections::BTreeMap;

use codegen::emit::encode::yaml;
use serde_json::Value;

use crate::{case, vectors};

/// A case of `hostile_text.json`.
pub struct Case {
    /// Its id.
    pub id: String,
    /// The text.
    pub payload: String,
    /// Where it may stand.
    pub slots: Vec<String>,
    /// The id of the diagnostic that it meets; none where it is emitted.
    pub code: Option<String>,
}

/// Every case.
pub fn cases() -> Vec<Case> {
    vectors("hostile_text.json").iter().map(read).collect()
}

/// Every payload.
pub fn texts() -> Vec<String> {
    cases().into_iter().map(|case| case.payload).collect()
}

fn read(case: &Value) -> Case {
    let payload = case["payload"].as_str().map_or_else(|| case::repeated(&case["payload"]["repeat"]), str::to_owned);
    let slots = case["slots"].as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned);
    let code = case["code"].as_str().map(str::to_owned);
    Case { id: case::text(case, "id").to_owned(), payload, slots: slots.collect(), code }
}

/// The text of each slot, written as YAML; a slot that is not given holds what harms nobody.
pub type Slots<'a> = BTreeMap<&'a str, String>;

/// The slot as YAML: typed defaults as they stand, all else as a quoted text.
pub fn filled<'a>(slot: &'a str, payload: &str) -> (&'a str, String) {
    (slot, if slot.starts_with("default:") { payload.to_owned() } else { yaml::string(payload) })
}

/// A contract with every slot, wherever a text of its kind may stand. Type names begin with `prefix`.
pub fn contract(name: &str, prefix: &str, slots: &Slots) -> String {
    let slot = |name: &str, harmless: &str| slots.get(name).map_or(harmless, String::as_str).to_owned();
    let (doc, title) = (slot("description", "x"), slot("title", "x"));
    let (value, default, example) = (slot("enum_value", "x"), slot("default", "x"), slot("example", "x"));
    let note = slot("deprecation_note", "x");
    let (pattern, import) = (slot("pattern", "x"), slots.get("import_path"));
    let (int, float, int64) = (slot("default:int", "1"), slot("default:float", "1.5"), slot("default:int64", "\"1\""));
    let about = format!("title: {title}, doc: {doc}, deprecated: {{since: 1.0.0, reason: {note}}}");
    let imports = import.map_or(String::new(), |path| format!("imports: [{path}]\n"));
    format!(
        r#"language: 1
contract: {name}
version: 1.0.0
title: {title}
doc: {doc}
{imports}scalars:
  {prefix}Plain: {{base: string, default: {default}, examples: [{example}], {about}}}
  {prefix}Shaped: {{base: string, pattern: {pattern}, {about}}}
types:
  {prefix}Named: {{type: "list<string>", {about}}}
enums:
  {prefix}Kind:
    title: {title}
    doc: {doc}
    values: [{{value: {value}, name: hostile, doc: {doc}, deprecated: {{since: 1.0.0, reason: {note}}}}}, harmless]
    sets: {{some: [{value}]}}
mixins:
  {prefix}Base: {{doc: {doc}, fields: {{noted: {{type: opt<string>, {about}}}}}}}
records:
  {prefix}Part:
    mixins: [{prefix}Base]
    title: {title}
    doc: {doc}
    deprecated: {{since: 1.0.0, reason: {note}}}
    fields:
      kind:   {{type: {prefix}Kind, default: {value}, examples: [{value}], {about}}}
      text:   {{type: string, default: {default}, examples: [{example}], {about}}}
      plain:  {prefix}Plain
      shaped: opt<{prefix}Shaped>
      named:  opt<{prefix}Named>
      int:    {{type: int, default: {int}}}
      float:  {{type: float, default: {float}}}
      int64:  {{type: int64, default: {int64}}}
unions:
  {prefix}Choice: {{tag: choice, variants: {{part: {prefix}Part}}, {about}}}
events:
  {prefix}Happened:
    mixins: [{prefix}Base]
    title: {title}
    doc: {doc}
    fields: {{part: {prefix}Part, choice: {prefix}Choice}}
groups:
  {prefix}All: [{prefix}Happened]
machines:
  flow: {{states: {prefix}Kind, doc: {doc}, edges: {{none: [{value}], harmless: [{value}]}}}}
tables:
  facts: {{key: {prefix}Kind, doc: {doc}, columns: {{fact: string}}, rows: {{{value}: {{fact: {default}}}, harmless: {{fact: x}}}}}}
"#
    )
}
