//! The tables `custom` of `codegen.toml` enter; the targets that are made of templates leave.

use std::collections::BTreeMap;

use serde::Serialize;
use toml::de::DeValue;

use super::read::Section;
use super::{Placed, path};

/// A target that is made of a folder of templates.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Custom {
    /// Whether it is generated.
    pub enabled: bool,
    /// Folder of its templates and their `target.toml`.
    pub templates: Placed<String>,
    /// Folder that it is written to.
    pub out: Placed<String>,
    /// What its templates are told, in place of what `target.toml` says.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub options: Options,
}

/// Options by name.
pub type Options = BTreeMap<String, Placed<OptionValue>>;

/// The value of an option.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum OptionValue {
    /// `true` or `false`
    Flag(bool),
    /// A number without a point.
    Integer(i64),
    /// A text.
    Text(String),
}

impl OptionValue {
    /// The word for its kind in findings.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Flag(_) => "a boolean",
            Self::Integer(_) => "an integer",
            Self::Text(_) => "a string",
        }
    }
}

/// Reads every target; one that lacks a folder is left out.
pub(super) fn read(section: &mut Section<'_>, into: &mut Vec<Custom>) {
    section.each_table_named("custom", |section| {
        let mut enabled = true;
        section.flag("enabled", &mut enabled);
        let mut folder = |key| {
            let (value, place) = section.needed(key)?;
            match path::fault(&value, place) {
                Some(finding) => section.refuse(finding),
                None => return Some(Placed { value, place }),
            }
            None
        };
        let (templates, out) = (folder("templates"), folder("out"));
        let options = read_options(section);
        if let (Some(templates), Some(out)) = (templates, out) {
            into.push(Custom { enabled, templates, out, options });
        }
    });
}

/// The table `options`: any names, each with a plain value.
pub(super) fn read_options(section: &mut Section<'_>) -> Options {
    let mut options = Options::new();
    section.section("options", |section| {
        for (name, value, key) in section.rest() {
            let place = section.place_of(&name);
            let value = match value {
                DeValue::Boolean(flag) => OptionValue::Flag(*flag),
                DeValue::String(text) => OptionValue::Text(text.to_string()),
                DeValue::Integer(number) => {
                    let Ok(number) = i64::from_str_radix(number.as_str(), number.radix()) else {
                        section.refuse_type(&name, value, place, "an integer of 64 bits");
                        continue;
                    };
                    OptionValue::Integer(number)
                }
                other => {
                    section.refuse_type(&name, other, place, "a boolean, an integer or a string");
                    continue;
                }
            };
            options.insert(name, Placed { value, place: key });
        }
    });
    options
}
