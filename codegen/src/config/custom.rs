//! The tables `custom` of `codegen.toml` enter; the targets that are made of templates leave.

use std::collections::BTreeMap;

use serde::Serialize;
use toml::de::DeValue;

use super::path;
use super::read::Section;
use crate::source::{Span, Spanned};

/// A target that is made of a folder of templates.
#[derive(Debug, Clone, Serialize)]
pub struct Custom {
    /// Whether it is generated.
    pub enabled: bool,
    /// Folder of its templates and their `target.toml`.
    pub templates: String,
    /// Folder that it is written to.
    pub out: String,
    /// What its templates are told, in place of what `target.toml` says.
    #[serde(skip_serializing_if = "BTreeMap::is_empty", serialize_with = "without_places")]
    pub options: BTreeMap<String, Spanned<OptionValue>>,
    /// Where `templates` stands.
    #[serde(skip)]
    pub place: Span,
    /// Where `out` stands.
    #[serde(skip)]
    pub out_place: Span,
}

/// Targets are equal wherever they stand.
impl PartialEq for Custom {
    fn eq(&self, other: &Self) -> bool {
        let options = |of: &Self| of.options.iter().map(|(k, v)| (k.clone(), v.value.clone())).collect::<Vec<_>>();
        (self.enabled, &self.templates, &self.out, options(self))
            == (other.enabled, &other.templates, &other.out, options(other))
    }
}

impl Eq for Custom {}

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

fn without_places<S: serde::Serializer>(
    options: &BTreeMap<String, Spanned<OptionValue>>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_map(options.iter().map(|(name, option)| (name, &option.value)))
}

/// Reads every target; one that lacks a folder is left out.
pub(super) fn read(section: &mut Section<'_>, into: &mut Vec<Custom>) {
    section.each_table_named("custom", |section| {
        let mut enabled = true;
        section.flag("enabled", &mut enabled);
        let mut folder = |key| {
            let (folder, place) = section.needed(key)?;
            match path::fault(&folder, place) {
                Some(finding) => section.refuse(finding),
                None => return Some((folder, place)),
            }
            None
        };
        let (templates, out) = (folder("templates"), folder("out"));
        let options = read_options(section);
        if let (Some((templates, place)), Some((out, out_place))) = (templates, out) {
            into.push(Custom { enabled, templates, out, options, place, out_place });
        }
    });
}

/// The table `options`: any names, each with a plain value.
pub(super) fn read_options(section: &mut Section<'_>) -> BTreeMap<String, Spanned<OptionValue>> {
    let mut options = BTreeMap::new();
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
            options.insert(name, Spanned::new(value, key));
        }
    });
    options
}
