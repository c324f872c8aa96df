//! Can a foreign tool make types of the emitted schemas?

use codegen::config::Config;
use codegen::emit::json_schema;
use serde_json::Value;
use tests::{project, root};
use typify::{TypeSpace, TypeSpaceSettings};

/// The schema without what `typify` 0.8 does not know: conditions between fields.
fn without_rules(schema: &mut Value) {
    match schema {
        Value::Object(members) => {
            let is_rule = |one: &Value| one["$comment"].as_str().is_some_and(|text| text.starts_with("rule "));
            members.retain(|key, value| key != "allOf" || !value.as_array().is_some_and(|all| all.iter().all(is_rule)));
            members.values_mut().for_each(without_rules);
        }
        Value::Array(items) => items.iter_mut().for_each(without_rules),
        _ => {}
    }
}

#[test]
fn typify_makes_a_struct_with_every_field_of_a_payload() {
    for folder in [root(), root().join("tests/domains/order")] {
        let workspace = project::workspace(&folder);
        for (name, text) in json_schema::emit(&workspace, &Config::default()).iter() {
            let mut schema: Value = serde_json::from_slice(text).unwrap();
            // It finds no names for an enum of signs. A union is no struct, a bundle many.
            let Some(properties) = schema["properties"].as_object().map(serde_json::Map::len) else { continue };
            if schema["$defs"].get("Comparison").is_some() {
                continue;
            }
            without_rules(&mut schema);
            let mut types = TypeSpace::new(&TypeSpaceSettings::default());
            types.add_root_schema(serde_json::from_value(schema.clone()).unwrap()).unwrap();
            let file: syn::File = syn::parse2(types.to_stream()).unwrap();
            let title = schema["title"].as_str().unwrap();
            let made = file.items.iter().find_map(|item| match item {
                // It writes `WPStatusChanged` with one capital letter a word.
                syn::Item::Struct(made) if made.ident.to_string().eq_ignore_ascii_case(title) => Some(&made.fields),
                _ => None,
            });
            let made = made.unwrap_or_else(|| panic!("{name}: no struct {title}"));
            assert_eq!(made.len(), properties, "{name}");
        }
    }
}
