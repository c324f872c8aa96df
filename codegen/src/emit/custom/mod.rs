//! A workspace and folders of templates enter; the files that custom targets make leave, or located findings.
//!
//! Templates see the description of `emit::view` and nothing else: no disk, no time, no environment. What they do is
//! bounded, so that a loop without end is a finding.

mod faults;
mod filters;
mod items;
pub mod rules;

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::io;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, Expression, Template as Compiled, UndefinedBehavior, Value};

use super::{FileSet, header, view};
use crate::config::target::{Comment, Loaded, Template};
use crate::config::{Config, path};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::Workspace;
use crate::source::SourceMap;
use faults::{Faults, of_manifest};
use items::{Item, items};

/// Steps that the rendering of one file may take; minijinja takes some millions a second.
const FUEL: u64 = 5_000_000;

/// The largest file, in bytes.
const MAX_BYTES: usize = 16 << 20;

/// Everything that the targets make, by path from the project's root.
pub fn emit(
    workspace: &Workspace,
    config: &Config,
    targets: &[Loaded],
    sources: &SourceMap,
    out: &mut Diagnostics,
) -> FileSet {
    let mut files = FileSet::default();
    if targets.is_empty() {
        return files;
    }
    let model = Value::from(Serde(view::of(workspace)));
    for target in targets {
        files.extend(
            Run { config, target, sources, model: &model }.files(out).under(&config.custom[target.custom].out.value),
        );
    }
    files
}

/// One target at work.
struct Run<'r> {
    config: &'r Config,
    target: &'r Loaded,
    sources: &'r SourceMap,
    model: &'r Value,
}

/// What was compiled of one entry of the manifest.
struct Parts<'e> {
    entry: &'e Template,
    body: Compiled<'e, 'e>,
    path: Compiled<'e, 'e>,
    when: Option<Expression<'e, 'e>>,
}

impl Run<'_> {
    fn files(&self, out: &mut Diagnostics) -> FileSet {
        let faults = Faults { sources: self.sources, target: self.target };
        let mut environment = environment(self.model);
        let mut whole = true;
        for (name, file) in &self.target.texts {
            if let Err(error) = environment.add_template(name, self.sources.text(*file)) {
                out.push(faults.syntax(&error));
                whole = false;
            }
        }
        if !whole {
            return FileSet::default();
        }
        let mut made = Made::default();
        for entry in &self.target.target.templates {
            if let Some(parts) = compiled(&environment, entry, out) {
                for item in items(self.model, entry.each) {
                    // One finding an entry: what is wrong in one file is wrong in most.
                    if !self.file(&parts, &item, faults, &mut made, out) {
                        break;
                    }
                }
            }
        }
        made.files
    }

    /// Makes the file of an item, where there is one; false where that failed.
    fn file(&self, parts: &Parts, item: &Item, faults: Faults, made: &mut Made, out: &mut Diagnostics) -> bool {
        let entry = parts.entry;
        let folder = &self.config.custom[self.target.custom].templates.value;
        let header =
            header::of_template(self.config, item.family.as_deref(), &format!("{folder}/{}", entry.file.value));
        let context = self.context(item, &header);
        if let Some(when) = &parts.when {
            match when.eval(&context) {
                Ok(holds) if holds.is_true() => {}
                Ok(_) => return true,
                Err(error) => {
                    let when = entry.when.as_ref().expect("it was compiled");
                    out.push(of_manifest(&rules::TEMPLATE_ERROR, when.place, &error).note(item.note()));
                    return false;
                }
            }
        }
        let path = match parts.path.render(&context) {
            Ok(path) => path,
            Err(error) => {
                out.push(of_manifest(&rules::TEMPLATE_ERROR, entry.path.place, &error).note(item.note()));
                return false;
            }
        };
        if let Some(fault) = path::fault(&path, entry.path.place) {
            out.push(fault.note(item.note()));
            return false;
        }
        if let Some(message) = made.claim(&path) {
            let finding = Diagnostic::new(&rules::TEMPLATE_PATH, entry.path.place, message).note(item.note());
            out.push(finding.help("let `path` name what tells files apart, such as the family and the name"));
            return false;
        }
        match rendered(&parts.body, &context) {
            Ok(body) => {
                made.files.add(path, with_header(&entry.comment, &header, body));
                true
            }
            Err(Refusal::TooLarge) => {
                out.push(faults.too_large(entry, MAX_BYTES).note(item.note()));
                false
            }
            Err(Refusal::Failed(error)) => {
                out.push(faults.rendering(entry, &error, FUEL).note(item.note()));
                false
            }
        }
    }

    fn context(&self, item: &Item, header: &str) -> Value {
        let options = Value::from(Serde(&self.target.options));
        let always = [("model", self.model.clone()), ("options", options), ("header", Value::from(header))];
        Value::from_pairs(always.into_iter().chain(item.variables.iter().cloned()))
    }
}

/// The files made so far, and what is taken: paths that differ in case alone are one on some systems.
#[derive(Default)]
struct Made {
    files: FileSet,
    taken: BTreeMap<String, (String, bool)>,
}

impl Made {
    /// Takes a path and the folders above it; what is wrong where it cannot have them.
    fn claim(&mut self, path: &str) -> Option<String> {
        let ends = path.match_indices('/').map(|(at, _)| at);
        for end in ends.chain([path.len()]) {
            let (part, is_file) = (&path[..end], end == path.len());
            match self.taken.entry(part.to_lowercase()) {
                Entry::Vacant(free) => _ = free.insert((part.to_owned(), is_file)),
                Entry::Occupied(known) => {
                    let (other, was_file) = known.get();
                    if is_file || *was_file || other != part {
                        return Some(if other == path {
                            format!("two files would be `{path}`")
                        } else {
                            format!("`{path}` and `{other}` cannot both be there")
                        });
                    }
                }
            }
        }
        None
    }
}

fn environment(model: &Value) -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|_| AutoEscape::None);
    let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).keep_trailing_newline(true).build();
    environment.set_syntax(syntax.expect("blocks keep their usual marks"));
    environment.set_formatter(filters::print);
    environment.set_debug(true);
    environment.set_fuel(Some(FUEL));
    filters::add(&mut environment);
    items::add_lookup(&mut environment, model);
    environment
}

fn compiled<'e>(environment: &'e Environment<'e>, entry: &'e Template, out: &mut Diagnostics) -> Option<Parts<'e>> {
    let body = environment.get_template(&entry.file.value).expect("every template that is named was read");
    let mut refuse = |span, error| out.push(of_manifest(&rules::TEMPLATE_SYNTAX, span, &error));
    let path = environment.template_from_str(&entry.path.value).map_err(|error| refuse(entry.path.place, error)).ok();
    let when = match &entry.when {
        Some(when) => match environment.compile_expression(&when.value) {
            Ok(compiled) => Some(compiled),
            Err(error) => {
                refuse(when.place, error);
                return None;
            }
        },
        None => None,
    };
    Some(Parts { entry, body, path: path?, when })
}

enum Refusal {
    TooLarge,
    Failed(minijinja::Error),
}

fn rendered(body: &Compiled, context: &Value) -> Result<String, Refusal> {
    let mut text = Bounded::default();
    match body.render_captured_to(context.clone(), &mut text) {
        Ok(_) => Ok(String::from_utf8(text.bytes).expect("templates write text")),
        Err(_) if text.is_full => Err(Refusal::TooLarge),
        Err(error) => Err(Refusal::Failed(error)),
    }
}

/// A text that ends growing.
#[derive(Default)]
struct Bounded {
    bytes: Vec<u8>,
    is_full: bool,
}

impl io::Write for Bounded {
    fn write(&mut self, more: &[u8]) -> io::Result<usize> {
        if self.bytes.len() + more.len() > MAX_BYTES {
            self.is_full = true;
            return Err(io::Error::other("the file is too large"));
        }
        self.bytes.extend_from_slice(more);
        Ok(more.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The text behind its first line, with one LF at its end.
fn with_header(comment: &Comment, header: &str, body: String) -> String {
    let mut text = match comment {
        Comment::Between { start, end } => {
            let line = format!("{start} {header} {end}");
            format!("{}\n{body}", line.trim_end())
        }
        Comment::None => body,
    };
    text.truncate(text.trim_end_matches('\n').len());
    text.push('\n');
    text
}
