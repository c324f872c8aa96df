//! The schemas of `scalars.json` and the patterns of `patterns.json` enter; a contract with an event for each, whose
//! one field is `v`, leaves with the cases that judge it.

use serde_json::{Map, Value, json};

use crate::{case, vectors};

/// One payload for one event of the contract.
#[derive(Debug)]
pub struct Case {
    /// The vector's id.
    pub id: String,
    /// The event that has the type of the vector.
    pub event_type: String,
    /// The JSON text of the payload: an object with the vector's text at `v`.
    pub payload: Vec<u8>,
    /// The errors, in order; none where the payload is valid.
    pub errors: Vec<Value>,
    /// The canonical text of a valid value at `v`, where the vectors print it.
    pub canonical: Option<String>,
}

impl Case {
    fn new(id: &str, event_type: String, text: &[u8]) -> Self {
        let payload = [b"{\"v\":", text, b"}"].concat();
        Self { id: id.to_owned(), event_type, payload, errors: Vec::new(), canonical: None }
    }
}

/// The text of `contracts/vectors.yaml` and its cases.
pub fn vector_contract() -> (String, Vec<Case>) {
    let mut contract = Contract::default();
    let mut cases = contract.scalar_cases();
    cases.extend(contract.pattern_cases());
    (contract.text(), cases)
}

/// Declarations so far, by section.
#[derive(Default)]
struct Contract {
    sections: Map<String, Value>,
    schemas: Vec<(Value, String)>,
}

impl Contract {
    /// JSON is YAML.
    fn text(self) -> String {
        let mut whole = json!({"language": 1, "contract": "vectors", "version": "1.0.0"});
        whole.as_object_mut().expect("an object").extend(self.sections);
        format!("{whole:#}")
    }

    fn scalar_cases(&mut self) -> Vec<Case> {
        let mut cases = Vec::new();
        for vector in vectors("scalars.json") {
            let text = text_at_v(&vector);
            let mut case = Case::new(case::text(&vector, "id"), self.event_for(&vector), &text);
            case.errors = vector["errors"].as_array().into_iter().flatten().map(below_v).collect();
            case.canonical = vector["canonical"].as_str().filter(|_| text == case::input(&vector)).map(str::to_owned);
            cases.push(case);
        }
        cases
    }

    fn pattern_cases(&mut self) -> Vec<Case> {
        let mut cases = Vec::new();
        for vector in vectors("patterns.json").iter().filter(|vector| vector["accepted_by_contract"] == true) {
            let pattern = &vector["pattern"];
            let event_type = self.event_for(&json!({"type": "string", "constraints": {"pattern": pattern}}));
            for (at, sample) in vector["samples"].as_array().into_iter().flatten().enumerate() {
                let id = format!("{}.{at}", case::text(vector, "id"));
                let mut case = Case::new(&id, event_type.clone(), sample["text"].to_string().as_bytes());
                if sample["matches"] == false {
                    case.errors.push(json!({"code": "pattern", "params": {"pattern": pattern}, "path": "/v"}));
                }
                cases.push(case);
            }
        }
        cases
    }

    /// The event whose field `v` has the type of a case; made where no case had it before.
    fn event_for(&mut self, case: &Value) -> String {
        let parts = ["type", "format", "constraints"].map(|part| case[part].clone());
        let schema = Value::from(parts.to_vec());
        if let Some((_, event)) = self.schemas.iter().find(|(known, _)| *known == schema) {
            return event.clone();
        }
        let event = format!("Vector{}", self.schemas.len() + 1);
        let ty = self.type_of(case, &format!("{event}Value"));
        self.declare("events", &event, json!({"fields": {"v": ty}}));
        self.schemas.push((schema, event.clone()));
        event
    }

    fn declare(&mut self, section: &str, name: &str, declaration: Value) -> String {
        let section = self.sections.entry(section).or_insert_with(|| json!({}));
        section.as_object_mut().expect("a section is a mapping").insert(name.to_owned(), declaration);
        name.to_owned()
    }

    /// The type of a schema in the contract language; what needs a declaration is declared as `name`.
    fn type_of(&mut self, schema: &Value, name: &str) -> String {
        let constraints = &schema["constraints"];
        let mut inner = |part: &str| self.type_of(&constraints[part], &format!("{name}{}", capitalised(part)));
        match case::text(schema, "type") {
            "opt" => format!("opt<{}>", inner("of")),
            "list" => {
                let composed = format!("list<{}>", inner("of"));
                self.limited(composed, constraints, name)
            }
            "set" => format!("set<{}>", inner("of")),
            "map" if constraints["keys"].is_null() => format!("map<string {}>", inner("values")),
            "map" => format!("map<{} {}>", inner("keys"), inner("values")),
            "tuple" => format!("tuple<{}>", self.types_of(&constraints["of"], name).join(" ")),
            "enum" => {
                let declaration = json!({
                    "values": constraints["values"].as_array().into_iter().flatten().map(enum_value).collect::<Vec<_>>(),
                    "aliases": constraints["aliases"].as_object().cloned().unwrap_or_default(),
                });
                self.declare("enums", name, declaration)
            }
            "record" => self.record(schema, name),
            "union" => self.union(constraints, name),
            base => self.scalar(base, schema, name),
        }
    }

    fn types_of(&mut self, schemas: &Value, name: &str) -> Vec<String> {
        let schemas = schemas.as_array().into_iter().flatten().enumerate();
        schemas.map(|(at, schema)| self.type_of(schema, &format!("{name}{}", at + 1))).collect()
    }

    /// A list with limits is a named type.
    fn limited(&mut self, composed: String, constraints: &Value, name: &str) -> String {
        if constraints["max_items"].is_null() {
            return composed;
        }
        let (min, max) = (&constraints["min_items"], &constraints["max_items"]);
        self.declare("types", name, json!({"type": composed, "min_items": min, "max_items": max}))
    }

    /// A built-in, or a named scalar where it has constraints. Limits of 64 bits are numbers in contracts.
    fn scalar(&mut self, base: &str, schema: &Value, name: &str) -> String {
        let mut declaration = Map::new();
        for (key, limit) in schema["constraints"].as_object().into_iter().flatten() {
            let key = if key == "nonblank" { "non_blank" } else { key };
            let number = limit.as_str().and_then(|text| text.parse::<i64>().ok()).filter(|_| key != "pattern");
            declaration.insert(key.to_owned(), number.map_or_else(|| limit.clone(), Value::from));
        }
        if let Some(format) = schema["format"].as_str() {
            declaration.insert("format".to_owned(), format.into());
        }
        if declaration.is_empty() {
            return base.to_owned();
        }
        declaration.insert("base".to_owned(), base.into());
        self.declare("scalars", name, declaration.into())
    }

    fn record(&mut self, schema: &Value, name: &str) -> String {
        let constraints = &schema["constraints"];
        let mut fields = Map::new();
        for (key, field) in constraints["fields"].as_object().into_iter().flatten() {
            let mut declaration = json!({"type": self.type_of(field, &format!("{name}{}", capitalised(key)))});
            for given in ["default", "required"].into_iter().filter(|given| !field[*given].is_null()) {
                declaration[given] = field[given].clone();
            }
            fields.insert(key.clone(), declaration);
        }
        let rule = |rule: &Value| {
            let (field, value) =
                (rule["when"][0].as_str().expect("a field"), rule["when"][1].as_str().expect("a value"));
            let ty = fields[field]["type"].as_str().expect("a type");
            let mut declaration = json!({"code": rule["code"], "when": format!("p.{field} == {ty}.{value}")});
            for demand in ["require_nonblank", "forbid"].into_iter().filter(|demand| !rule[*demand].is_null()) {
                declaration[demand] = rule[demand].clone();
            }
            declaration
        };
        let rules: Vec<Value> =
            constraints["rules"].as_array().or(schema["rules"].as_array()).into_iter().flatten().map(rule).collect();
        let mut declaration = json!({"fields": fields, "rules": rules});
        if constraints["closed"] == true {
            declaration["closed"] = true.into();
        }
        self.declare("records", name, declaration)
    }

    fn union(&mut self, constraints: &Value, name: &str) -> String {
        let Some(tagged) = constraints["variants"].as_object() else {
            let types = self.types_of(&constraints["variants"], name);
            return self.declare("unions", name, json!({"untagged": types}));
        };
        let mut variants = Map::new();
        for (value, variant) in tagged {
            variants.insert(value.clone(), self.type_of(variant, &format!("{name}{}", capitalised(value))).into());
        }
        let mut declaration = json!({"tag": constraints["tag"], "variants": variants});
        if !constraints["default_tag"].is_null() {
            declaration["default_tag"] = constraints["default_tag"].clone();
        }
        self.declare("unions", name, declaration)
    }
}

/// The text of a vector. The object around it takes one bracket and six bytes off the limits, and so off the vectors
/// that try them.
fn text_at_v(vector: &Value) -> Vec<u8> {
    let mut vector = vector.clone();
    let repeat = &vector["repeat"];
    let unit = case::text(repeat, "unit").len();
    let mut suffix = case::text(repeat, "suffix").to_owned();
    let fewer = match case::text(&vector, "rule") {
        "text-depth" if case::text(repeat, "prefix").is_empty() => {
            suffix.pop();
            1
        }
        "text-size" => 6 / unit,
        _ => return case::input(&vector),
    };
    let repeat = &mut vector["repeat"];
    repeat["suffix"] = suffix.into();
    repeat["count"] = (repeat["count"].as_u64().expect("a count") - fewer as u64).into();
    case::input(&vector)
}

/// An error of the value as an error of the payload; what is wrong with the text is wrong with all of it.
fn below_v(error: &Value) -> Value {
    const TEXT_STAGE: &[&str] =
        &["too_large", "bad_utf8", "too_deep", "bad_json", "duplicate_key", "lone_surrogate", "number_not_finite"];
    let mut error = error.clone();
    if !TEXT_STAGE.contains(&case::text(&error, "code")) {
        error["path"] = format!("/v{}", case::text(&error, "path")).into();
    }
    error
}

/// A value without an ASCII letter or digit has to be named.
fn enum_value(value: &Value) -> Value {
    let text = value.as_str().expect("a value is a text");
    let names_itself = text.bytes().any(|byte| byte.is_ascii_alphanumeric());
    if names_itself { value.clone() } else { json!({"value": text, "name": "named"}) }
}

fn capitalised(word: &str) -> String {
    word[..1].to_uppercase() + &word[1..]
}
