//! The text of `codegen.toml` enters; a configuration leaves, and a finding for every key that says nothing in it.

use regex::Regex;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{Config, Custom, PythonBase, breaking, cloudevents, custom, path, rules};
use crate::diagnostic::{Diagnostic, Diagnostics, did_you_mean};
use crate::source::{FileId, SourceMap, Span};

/// Reads a whole configuration; what is absent or refused keeps its default. Of a text that is no TOML nothing is read.
pub fn read(sources: &SourceMap, file: FileId, out: &mut Diagnostics) -> Config {
    let (table, faults) = DeTable::parse_recoverable(sources.text(file));
    syntax(&faults, file, out);
    if faults.is_empty() { settings(table.get_ref(), file, out) } else { Config::default() }
}

/// A finding for every place where a text is no TOML.
pub(super) fn syntax(faults: &[toml::de::Error], file: FileId, out: &mut Diagnostics) {
    for fault in faults {
        let place = fault.span().unwrap_or_default();
        let place = Span::new(file, place.start, place.end);
        let finding = Diagnostic::new(&rules::CONFIG_SYNTAX, place, fault.message().to_lowercase());
        out.push(finding.help("see https://toml.io for what TOML looks like"));
    }
}

/// What to look at for the settings of `codegen.toml`.
const MANUAL: &str = "`codegen config --show` prints every setting with its value";

fn settings(table: &DeTable<'_>, file: FileId, out: &mut Diagnostics) -> Config {
    let mut config = Config::default();
    let mut folders = Vec::new();
    let mut top = Section::top(table, file, &mut folders, out, MANUAL);
    top.folder("contracts", &mut config.contracts);
    top.folder("schemas", &mut config.schemas);
    top.section("rust", |section| {
        section.flag("enabled", &mut config.rust.enabled);
        section.name("crate", &mut config.rust.crate_name, "[a-z][a-z0-9]*([-_][a-z0-9]+)*");
        section.folder("out", &mut config.rust.out);
    });
    top.section("python", |section| {
        section.flag("enabled", &mut config.python.enabled);
        section.name("package", &mut config.python.package, "[a-z][a-z0-9]*(_[a-z0-9]+)*");
        section.folder("out", &mut config.python.out);
        section.base(&mut config.python.base);
    });
    top.section("typescript", |section| {
        section.flag("enabled", &mut config.typescript.enabled);
        let part = "[a-z0-9]+([-._][a-z0-9]+)*";
        section.name("package", &mut config.typescript.package, &format!("(@{part}/)?{part}"));
        section.folder("out", &mut config.typescript.out);
    });
    top.section("fixtures", |section| {
        section.flag("enabled", &mut config.fixtures.enabled);
        section.folder("out", &mut config.fixtures.out);
    });
    top.section("docs", |section| {
        section.flag("enabled", &mut config.docs.enabled);
        section.folder("out", &mut config.docs.out);
    });
    top.section("cloudevents", |section| cloudevents::read(section, &mut config.cloudevents));
    top.section("lint", |section| section.lint(&mut config.lint));
    top.section("breaking", |section| breaking::read(section, &mut config.breaking));
    custom::read(&mut top, &mut config.custom);
    top.refuse_unknown();
    refuse_overlap(&config, &folders, out);
    config
}

/// One table of the configuration, and what has been asked of it.
pub(super) struct Section<'a> {
    table: &'a DeTable<'a>,
    pub name: &'static str,
    file: FileId,
    known: Vec<&'static str>,
    /// Whether its keys are free.
    takes_any: bool,
    /// The settings that name folders, and where.
    folders: &'a mut Vec<(String, Span)>,
    pub out: &'a mut Diagnostics,
    /// Where to look for what can be said.
    manual: &'static str,
}

impl<'a> Section<'a> {
    /// The table that is the whole file.
    pub fn top(
        table: &'a DeTable<'a>,
        file: FileId,
        folders: &'a mut Vec<(String, Span)>,
        out: &'a mut Diagnostics,
        manual: &'static str,
    ) -> Self {
        Self { table, name: "", file, known: Vec::new(), takes_any: false, folders, out, manual }
    }

    pub fn section(&mut self, name: &'static str, read: impl FnOnce(&mut Section<'_>)) {
        let Some((value, place)) = self.value(name) else { return };
        let DeValue::Table(table) = value else { return self.refuse_type(name, value, place, "a table") };
        self.within(table, name, read);
    }

    /// Reads a table that stands in this one.
    pub fn within(&mut self, table: &DeTable<'_>, name: &'static str, read: impl FnOnce(&mut Section<'_>)) {
        let mut section = self.inside(name, table);
        read(&mut section);
        section.refuse_unknown();
    }

    /// Reads each table of a list.
    pub fn each_table(&mut self, key: &'static str, read: impl FnMut(&mut Section<'_>)) {
        self.each_table_in(key, self.name, read);
    }

    /// The same for tables that are called by their key.
    pub fn each_table_named(&mut self, key: &'static str, read: impl FnMut(&mut Section<'_>)) {
        self.each_table_in(key, key, read);
    }

    fn each_table_in(&mut self, key: &'static str, name: &'static str, mut read: impl FnMut(&mut Section<'_>)) {
        let Some((value, place)) = self.value(key) else { return };
        let items = if let DeValue::Array(items) = value { items.iter().as_slice() } else { &[] };
        if !matches!(value, DeValue::Array(_)) {
            self.refuse_type(key, value, place, "a list of tables");
        }
        for item in items {
            match item.get_ref() {
                DeValue::Table(table) => self.within(table, name, &mut read),
                other => self.refuse_type(key, other, self.place(item), "a list of tables"),
            }
        }
    }

    /// A text that has to be there.
    pub fn needed(&mut self, key: &'static str) -> Option<(String, Span)> {
        if self.table.get(key).is_none() {
            self.known.push(key);
            let place = self.table.keys().next().map_or(Span::new(self.file, 0, 0), |key| self.place(key));
            let message = format!("`{}` lacks `{key}`", self.name);
            self.refuse(Diagnostic::new(&rules::CONFIG_VALUE, place, message).help(format!("add `{key} = \"..\"`")));
            return None;
        }
        self.text(key)
    }

    /// Keys that nothing asked for yet, with their places; they are known from now on.
    pub fn rest(&mut self) -> Vec<(String, &'a DeValue<'a>, Span)> {
        let rest = self.table.iter().filter(|(key, _)| !self.known.contains(&key.get_ref().as_ref()));
        let rest = rest.map(|(key, value)| (key.get_ref().to_string(), value.get_ref(), self.place(key)));
        let rest: Vec<_> = rest.collect();
        self.takes_any = true;
        rest
    }

    /// Where the value of a key stands.
    pub fn place_of(&self, key: &str) -> Span {
        self.table.get(key).map_or(Span::new(self.file, 0, 0), |value| self.place(value))
    }

    pub fn refuse(&mut self, finding: Diagnostic) {
        self.out.push(finding);
    }

    /// A table inside this one.
    pub fn inside<'b>(&'b mut self, name: &'static str, table: &'b DeTable<'b>) -> Section<'b> {
        Section {
            table,
            name,
            file: self.file,
            known: Vec::new(),
            takes_any: false,
            folders: self.folders,
            out: self.out,
            manual: self.manual,
        }
    }

    pub fn flag(&mut self, key: &'static str, into: &mut bool) {
        match self.value(key) {
            Some((DeValue::Boolean(flag), _)) => *into = *flag,
            Some((value, place)) => self.refuse_type(key, value, place, "`true` or `false`"),
            None => {}
        }
    }

    fn name(&mut self, key: &'static str, into: &mut String, form: &str) {
        let Some((name, place)) = self.text(key) else { return };
        let form = Regex::new(&format!("^(?:{form})$")).expect("the forms of names are fixed");
        if form.is_match(&name) {
            *into = name;
        } else {
            let message = format!("`{}` is no name for a package here", name.escape_debug());
            let finding = Diagnostic::new(&rules::CONFIG_VALUE, place, message);
            self.out.push(finding.help(format!("use lower-case letters and digits, such as `{into}`")));
        }
    }

    fn folder(&mut self, key: &'static str, into: &mut String) {
        let Some((folder, place)) = self.text(key) else { return };
        if let Some(finding) = path::fault(&folder, place) {
            return self.out.push(finding);
        }
        self.folders.push((self.full_name(key), place));
        *into = folder;
    }

    fn base(&mut self, into: &mut PythonBase) {
        let Some((base, place)) = self.text("base") else { return };
        match base.as_str() {
            "pydantic" => *into = PythonBase::Pydantic,
            "plain" => *into = PythonBase::Plain,
            _ => {
                let message = format!("`{}` is no base of Python classes", base.escape_debug());
                let finding = Diagnostic::new(&rules::CONFIG_VALUE, place, message);
                self.out.push(finding.help("use `pydantic` or `plain`"));
            }
        }
    }

    pub fn text(&mut self, key: &'static str) -> Option<(String, Span)> {
        let (value, place) = self.value(key)?;
        if let DeValue::String(text) = value {
            return Some((text.to_string(), place));
        }
        self.refuse_type(key, value, place, "a string");
        None
    }

    pub fn value(&mut self, key: &'static str) -> Option<(&'a DeValue<'a>, Span)> {
        self.known.push(key);
        let value = self.table.get(key)?;
        Some((value.get_ref(), self.place(value)))
    }

    pub fn place<T>(&self, of: &Spanned<T>) -> Span {
        Span::new(self.file, of.span().start, of.span().end)
    }

    pub fn refuse_type(&mut self, key: &str, value: &DeValue<'_>, place: Span, wanted: &str) {
        let message = format!("`{}` is {wanted}, not of type {}", self.full_name(key), value.type_str());
        let finding = Diagnostic::new(&rules::CONFIG_TYPE, place, message);
        self.out.push(finding.help(self.manual));
    }

    pub fn refuse_unknown(&mut self) {
        let is_unknown =
            |key: &&Spanned<_>| !self.takes_any && !self.known.contains(&AsRef::<str>::as_ref(key.get_ref()));
        for key in self.table.keys().filter(is_unknown) {
            let name = key.get_ref();
            let message = format!("unknown setting `{}`", self.full_name(name).escape_debug());
            let help = match did_you_mean(name, self.known.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("the settings here are `{}`", self.known.join("`, `")),
            };
            self.out.push(Diagnostic::new(&rules::CONFIG_UNKNOWN_KEY, self.place(key), message).help(help));
        }
    }

    pub fn full_name(&self, key: &str) -> String {
        if self.name.is_empty() { key.to_owned() } else { format!("{}.{key}", self.name) }
    }
}

/// No folder may be another one, or lie inside it: generated files would stand among those written by hand. Folders
/// that differ in case alone are one folder on some systems.
fn refuse_overlap(config: &Config, written: &[(String, Span)], out: &mut Diagnostics) {
    let folders = [
        ("contracts", &config.contracts),
        ("schemas", &config.schemas),
        ("rust.out", &config.rust.out),
        ("python.out", &config.python.out),
        ("typescript.out", &config.typescript.out),
        ("fixtures.out", &config.fixtures.out),
        ("docs.out", &config.docs.out),
    ];
    let place = |setting: &str| written.iter().rev().find(|(name, _)| name == setting).map(|(_, place)| *place);
    let folders = folders.map(|(setting, folder)| (setting, folder, place(setting)));
    let custom = config.custom.iter().flat_map(|custom| {
        let Custom { templates, out, .. } = custom;
        [(TEMPLATES, &templates.value, Some(templates.place)), ("custom.out", &out.value, Some(out.place))]
    });
    let folders: Vec<_> = folders.into_iter().chain(custom).collect();
    let inner = |path: &str| format!("{}/", path.to_lowercase());
    for (at, (setting, folder, place)) in folders.iter().enumerate() {
        let overlaps = |(name, other, _): &&(&str, &String, Option<Span>)| {
            // Several targets may be made of one folder of templates.
            let both_read = *setting == TEMPLATES && *name == TEMPLATES && folder == other;
            !both_read && (inner(other).starts_with(&inner(folder)) || inner(folder).starts_with(&inner(other)))
        };
        let Some((other, path, other_place)) = folders[..at].iter().find(overlaps) else { continue };
        let Some(place) = (*place).max(*other_place) else { continue };
        let message = format!("`{setting}` and `{other}` are not apart: `{folder}` and `{path}`");
        let finding = Diagnostic::new(&rules::CONFIG_OVERLAP, place, message);
        out.push(finding.help("give each its own folder, none inside another"));
    }
}

const TEMPLATES: &str = "custom.templates";
