//! The text of a `target.toml` enters; which files a custom target makes of which template leaves.

use std::collections::BTreeMap;

use toml::de::{DeTable, DeValue};

use super::custom::{OptionValue, Options, read_options};
use super::read::{Section, syntax};
use super::{Placed, path, rules, target_rules};
use crate::diagnostic::{Diagnostic, Diagnostics, did_you_mean};
use crate::source::{FileId, SourceMap, Span};

/// The name of the manifest in a folder of templates.
pub const TARGET_FILE: &str = "target.toml";

/// The only version of manifests there is.
const VERSION: &str = "1";

const MANUAL: &str = "docs/custom-targets.md shows every key of `target.toml`";

/// A folder of templates.
#[derive(Debug)]
pub struct Target {
    /// What its options are where `codegen.toml` does not say.
    pub options: Options,
    /// At least one.
    pub templates: Vec<Template>,
}

/// A template, and the files that are made of it.
#[derive(Debug)]
pub struct Template {
    /// Its file, from the folder of the target.
    pub file: Placed<String>,
    /// What there is a file for.
    pub each: Each,
    /// The path of such a file, from the target's output: a template itself.
    pub path: Placed<String>,
    /// There is a file only where this expression holds.
    pub when: Option<Placed<String>>,
    /// How the format writes a comment.
    pub comment: Comment,
}

/// How a format writes a comment of one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Comment {
    /// Not at all: what the first line says is the matter of the template.
    None,
    /// Between marks.
    Between {
        /// Before it.
        start: String,
        /// Behind it; empty where the end of the line ends it.
        end: String,
    },
}

/// What there is a file for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Each {
    /// One for everything.
    Workspace,
    /// One for each contract.
    Family,
    /// One for each declaration of a kind: its name, and that of the list in a family.
    Declaration(&'static str, &'static str),
}

impl Each {
    /// Every word for it.
    const ALL: [(&'static str, Self); 10] = [
        ("workspace", Self::Workspace),
        ("family", Self::Family),
        ("event", Self::Declaration("event", "events")),
        ("record", Self::Declaration("record", "records")),
        ("union", Self::Declaration("union", "unions")),
        ("enum", Self::Declaration("enum", "enums")),
        ("scalar", Self::Declaration("scalar", "scalars")),
        ("machine", Self::Declaration("machine", "machines")),
        ("reducer", Self::Declaration("reducer", "reducers")),
        ("table", Self::Declaration("table", "tables")),
    ];
}

/// A target whose files were read.
#[derive(Debug)]
pub struct Loaded {
    /// Index into [`super::Config::custom`].
    pub custom: usize,
    /// Its manifest.
    pub target: Target,
    /// Its options with those that `codegen.toml` gives.
    pub options: BTreeMap<String, OptionValue>,
    /// The texts of its templates and of what they may include, by path from its folder.
    pub texts: BTreeMap<String, FileId>,
}

/// Reads a manifest; none where it has errors.
pub fn read(sources: &SourceMap, file: FileId, out: &mut Diagnostics) -> Option<Target> {
    let (table, faults) = DeTable::parse_recoverable(sources.text(file));
    syntax(&faults, file, out);
    if !faults.is_empty() {
        return None;
    }
    let before = out.error_count();
    let target = manifest(table.get_ref(), file, out);
    if out.error_count() == before { Some(target) } else { None }
}

fn manifest(table: &DeTable<'_>, file: FileId, out: &mut Diagnostics) -> Target {
    let mut folders = Vec::new();
    let mut top = Section::top(table, file, &mut folders, out, MANUAL);
    version(&mut top, file);
    let usual = comment(&mut top);
    let options = read_options(&mut top);
    let mut templates = Vec::new();
    top.each_table_named("template", |section| templates.extend(template(section, usual.as_ref())));
    if templates.is_empty() && !table.contains_key("template") {
        let finding = Diagnostic::new(&target_rules::TARGET_MANIFEST, Span::new(file, 0, 0), "there is no template");
        top.refuse(finding.help("add `[[template]]` with `file`, `each` and `path`"));
    }
    top.refuse_unknown();
    Target { options, templates }
}

fn version(top: &mut Section<'_>, file: FileId) {
    let (given, place) = match top.value("version") {
        Some((DeValue::Integer(number), _)) if number.as_str() == VERSION => return,
        Some((DeValue::Integer(number), place)) => (format!("`version` is {}", number.as_str()), place),
        Some((value, place)) => return top.refuse_type("version", value, place, "an integer"),
        None => ("there is no `version`".to_owned(), Span::new(file, 0, 0)),
    };
    let finding = Diagnostic::new(&target_rules::TARGET_MANIFEST, place, given);
    top.refuse(finding.help("this version of codegen reads `version = 1`"));
}

fn template(section: &mut Section<'_>, usual: Option<&Comment>) -> Option<Template> {
    let file = section.needed("file");
    let each = section.needed("each");
    let path = section.needed("path");
    let when = section.text("when").map(|(when, place)| Placed { value: when, place });
    let own = comment(section);
    let marks = own.as_ref().or(usual);
    let (file, file_place) = file?;
    if let Some(finding) = path::fault(&file, file_place) {
        section.refuse(finding);
    }
    if marks.is_none() {
        let message = format!("nothing says how files of `{}` write a comment", file.escape_debug());
        let finding = Diagnostic::new(&target_rules::TARGET_MANIFEST, file_place, message);
        section.refuse(
            finding.help("add `comment = \"//\"`, `comment = [\"<!--\", \"-->\"]`, or `comment = false` for none"),
        );
    }
    let (each, each_place) = each?;
    let Some((_, each)) = Each::ALL.iter().find(|(word, _)| *word == each) else {
        let message = format!("there is no file for each `{}`", each.escape_debug());
        let words = Each::ALL.map(|(word, _)| word);
        let help = did_you_mean(&each, words)
            .map_or_else(|| format!("use one of `{}`", words.join("`, `")), |near| format!("did you mean `{near}`?"));
        section.refuse(Diagnostic::new(&rules::CONFIG_VALUE, each_place, message).help(help));
        return None;
    };
    let (path, place) = path?;
    Some(Template {
        file: Placed { value: file, place: file_place },
        each: *each,
        path: Placed { value: path, place },
        when,
        comment: marks?.clone(),
    })
}

/// What is said about comments.
fn comment(section: &mut Section<'_>) -> Option<Comment> {
    let (value, place) = section.value("comment")?;
    let text = |value: &DeValue<'_>| match value {
        DeValue::String(text) if !text.contains(['\n', '\r']) => Some(text.to_string()),
        _ => None,
    };
    match value {
        DeValue::Boolean(false) => return Some(Comment::None),
        DeValue::String(_) => {
            if let Some(start) = text(value) {
                return Some(Comment::Between { start, end: String::new() });
            }
        }
        DeValue::Array(marks) => {
            let marks: Option<Vec<String>> = marks.iter().map(|mark| text(mark.get_ref())).collect();
            if let Some([start, end]) = marks.as_deref() {
                return Some(Comment::Between { start: start.clone(), end: end.clone() });
            }
        }
        _ => {}
    }
    let wanted = "what begins a comment, a list of what begins and ends one, or `false`";
    section.refuse_type("comment", value, place, wanted);
    // One finding is enough.
    Some(Comment::None)
}
