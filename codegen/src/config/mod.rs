//! The text of `codegen.toml` enters; a complete configuration leaves, every setting with its default.

mod breaking;
mod cloudevents;
mod custom;
mod lint;
pub mod path;
mod placed;
mod read;
pub mod rules;
pub mod target;
pub mod target_rules;

pub use breaking::{Accepted, Breaking, Compatibility, Weight};
pub use cloudevents::CloudEvents;
pub use custom::{Custom, OptionValue};
pub use lint::{Ignore, Level, Lint, Setting};
pub use placed::Placed;
pub use read::read;

use serde::Serialize;

/// What to read and which targets to write. All paths are relative to the folder of `codegen.toml`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Config {
    /// Folder of the contracts.
    pub contracts: String,
    /// Folder of the JSON Schemas.
    pub schemas: String,
    /// The Rust crate.
    pub rust: Rust,
    /// The Python package.
    pub python: Python,
    /// The TypeScript package.
    pub typescript: TypeScript,
    /// The conformance corpus.
    pub fixtures: Fixtures,
    /// The reference for people.
    pub docs: Docs,
    /// How events are mapped to `CloudEvents`.
    pub cloudevents: CloudEvents,
    /// What rules weigh.
    pub lint: Lint,
    /// What `breaking` reports.
    pub breaking: Breaking,
    /// Targets that are made of templates.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub custom: Vec<Custom>,
}

/// The Rust target.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Rust {
    /// Whether it is generated.
    pub enabled: bool,
    /// Name of the crate (`event-contracts`).
    #[serde(rename = "crate")]
    pub crate_name: String,
    /// Its folder.
    pub out: String,
}

/// The Python target.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Python {
    /// Whether it is generated.
    pub enabled: bool,
    /// Import name of the package (`event_contracts`).
    pub package: String,
    /// Its folder.
    pub out: String,
    /// What payload classes are made of.
    pub base: PythonBase,
}

/// What Python payload classes are made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum PythonBase {
    /// Frozen pydantic v2 models.
    Pydantic,
    /// A light base class of the package itself; no dependency.
    Plain,
}

/// The TypeScript target.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TypeScript {
    /// Whether it is generated.
    pub enabled: bool,
    /// Name of the package (`event-contracts`).
    pub package: String,
    /// Its folder.
    pub out: String,
}

/// The conformance corpus.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fixtures {
    /// Whether it is generated.
    pub enabled: bool,
    /// Its folder.
    pub out: String,
}

/// The reference for people: a static site, and the same pages as Markdown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Docs {
    /// Whether it is generated.
    pub enabled: bool,
    /// Its folder.
    pub out: String,
}

impl Config {
    /// The folders that are written to: those of the targets that are not switched off.
    pub fn outputs(&self) -> Vec<&str> {
        let targets = [
            (self.rust.enabled, &self.rust.out),
            (self.python.enabled, &self.python.out),
            (self.typescript.enabled, &self.typescript.out),
            (self.fixtures.enabled, &self.fixtures.out),
            (self.docs.enabled, &self.docs.out),
            (true, &self.schemas),
        ];
        let custom = self.custom.iter().map(|custom| (custom.enabled, &custom.out.value));
        targets.into_iter().chain(custom).filter(|(enabled, _)| *enabled).map(|(_, folder)| folder.as_str()).collect()
    }

    /// The languages that are generated, as `codegen.toml` and contracts call them.
    pub fn languages(&self) -> Vec<&'static str> {
        let all =
            [(self.rust.enabled, "rust"), (self.python.enabled, "python"), (self.typescript.enabled, "typescript")];
        all.into_iter().filter(|(enabled, _)| *enabled).map(|(_, language)| language).collect()
    }

    /// The configuration as `codegen.toml` would say it in full.
    pub fn to_toml(&self) -> String {
        toml::to_string_pretty(self).expect("a configuration is tables of strings and booleans")
    }
}

impl Default for Config {
    fn default() -> Self {
        Self {
            contracts: "contracts".into(),
            schemas: "schemas".into(),
            rust: Rust { enabled: true, crate_name: "event-contracts".into(), out: "generated/rust".into() },
            python: Python {
                enabled: true,
                package: "event_contracts".into(),
                out: "generated/python".into(),
                base: PythonBase::Pydantic,
            },
            typescript: TypeScript {
                enabled: true,
                package: "event-contracts".into(),
                out: "generated/typescript".into(),
            },
            fixtures: Fixtures { enabled: true, out: "fixtures".into() },
            docs: Docs { enabled: true, out: "docs/reference".into() },
            cloudevents: CloudEvents::default(),
            lint: Lint::default(),
            breaking: Breaking::default(),
            custom: Vec::new(),
        }
    }
}
