//! Event contracts enter, generated packages leave:
//! load -> resolve -> model -> { analyze + lint | breaking | emit } -> plan -> write | check.

pub mod analyze;
pub mod breaking;
pub mod cli;
pub mod config;
pub mod diagnostic;
pub mod emit;
pub mod expr;
pub mod fault;
pub mod fmt;
pub mod foreign;
pub mod import;
pub mod interpret;
pub mod json;
pub mod lint;
pub mod load;
pub mod model;
pub mod output;
pub mod pattern;
pub mod resolve;
mod sample;
pub mod source;

use std::path::Path;

use config::Config;
use diagnostic::{Diagnostics, Rule};
use emit::FileSet;
use load::Files;
use load::shape::{Draft, language_schema};
use model::Workspace;
use output::{Plan, Written};
use source::{FileId, SourceMap};

/// What keeps a run from being carried out at all.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// What enters cannot be read.
    #[error(transparent)]
    Load(#[from] load::Error),
    /// What leaves cannot be written.
    #[error(transparent)]
    Output(#[from] output::Error),
}

/// How `generate` ended.
#[derive(Debug)]
pub enum Generated {
    /// The contracts have errors, which are in the findings; nothing was written.
    Faulty,
    /// Files stand in the way that are not ours, or not any more; nothing was written.
    Refused(Plan),
    /// The disk holds what the contracts say.
    Written(Written),
}

/// Writes what the contracts of the project at `root` say. With `overwrite` also over files edited by hand or not ours;
/// `on_wait` is called where another run is at work.
pub fn generate(
    root: &Path,
    config: &Config,
    overwrite: bool,
    on_wait: impl FnOnce(),
    sources: &mut SourceMap,
    out: &mut Diagnostics,
) -> Result<Generated, Error> {
    let mut work = || {
        let Some(files) = files(root, config, sources, out)? else { return Ok(Generated::Faulty) };
        output::recover(root)?;
        let plan = output::plan(root, &config.outputs(), files)?;
        if !plan.refused(overwrite).is_empty() {
            return Ok(Generated::Refused(plan));
        }
        Ok(Generated::Written(plan.write(overwrite, &mut |_| {})?))
    };
    if root.join(&config.contracts).is_dir() {
        output::exclusively(root, on_wait, work)?
    } else {
        // Nothing can come of it, and a folder that is no project gets no lock file.
        work()
    }
}

/// Compares the disk with what the contracts of the project at `root` say; none where they have errors. Writes nothing.
pub fn check(
    root: &Path,
    config: &Config,
    sources: &mut SourceMap,
    out: &mut Diagnostics,
) -> Result<Option<Plan>, Error> {
    output::beside_writers(root, || match files(root, config, sources, out)? {
        Some(files) => Ok(Some(output::plan(root, &config.outputs(), files)?)),
        None => Ok(None),
    })
}

/// Everything that is generated from the contracts of the project at `root`; none where `out` holds an error.
pub fn files(
    root: &Path,
    config: &Config,
    sources: &mut SourceMap,
    out: &mut Diagnostics,
) -> Result<Option<FileSet>, load::Error> {
    let workspace = workspace(root, config, sources, out)?;
    let targets = load::custom_targets(&Files::on_disk(root)?, config, sources, out)?;
    let Some(workspace) = workspace.filter(|_| !out.has_errors()) else { return Ok(None) };
    let custom = emit::custom::emit(&workspace, config, &targets, sources, out);
    let cloudevents = emit::cloudevents::mapping(&workspace, config, out);
    if out.has_errors() {
        return Ok(None);
    }
    let mut fixtures = FileSet::default();
    if config.fixtures.enabled {
        for (path, content) in
            load::fixtures::written_fixtures(&root.join(&config.fixtures.out), emit::fixtures::GENERATED)?
        {
            fixtures.add(path, content);
        }
        emit::fixtures::judge(&workspace, &config.fixtures.out, &fixtures, sources, out);
        if out.has_errors() {
            return Ok(None);
        }
    }
    let mut files = emit::emit(&workspace, config, fixtures, cloudevents);
    files.extend(custom);
    for (name, draft) in EDITOR_SCHEMAS {
        files.add(format!("{}/{name}", config.schemas), language_schema(draft, &emit::header::of_package(config)));
    }
    Ok(Some(files))
}

/// The schemas by which editors complete and check contracts, beside those of the payloads.
const EDITOR_SCHEMAS: [(&str, Draft); 2] =
    [(emit::json_schema::LANGUAGE, Draft::Latest), ("contract.draft-07.schema.json", Draft::Seven)];

/// A contract whose text should be another one.
#[derive(Debug)]
pub struct Layout {
    /// Its file; the text in the sources is the one that it has.
    pub file: FileId,
    /// The text that it should have.
    pub formatted: String,
}

/// The contracts of the project at `root` that `fmt` would change. What cannot be read as a contract is left alone,
/// with its findings in `out`.
pub fn layouts(
    root: &Path,
    config: &Config,
    sources: &mut SourceMap,
    out: &mut Diagnostics,
) -> Result<Vec<Layout>, load::Error> {
    let documents = load::discover(root, &config.contracts, sources, out, |tree, out| {
        load::raw::read_contract(tree, out).map(|_| tree.clone())
    })?;
    let mut layouts = Vec::new();
    for tree in documents.into_iter().filter_map(|document| document.content) {
        let file = tree.span.file;
        if out.has_errors_in(file) {
            continue;
        }
        if let Some(formatted) = fmt::format(sources, &tree, out)
            && formatted != sources.text(file)
        {
            layouts.push(Layout { file, formatted });
        }
    }
    Ok(layouts)
}

/// Loads, resolves and analyses the contracts of the project at `root`; none where `out` holds an error.
pub fn workspace(
    root: &Path,
    config: &Config,
    sources: &mut SourceMap,
    out: &mut Diagnostics,
) -> Result<Option<Workspace>, load::Error> {
    workspace_in(&Files::on_disk(root)?, config, sources, out)
}

/// The same for files wherever they are.
pub fn workspace_in(
    files: &Files,
    config: &Config,
    sources: &mut SourceMap,
    out: &mut Diagnostics,
) -> Result<Option<Workspace>, load::Error> {
    let workspace = analysed(files, config, sources, out)?;
    weigh(config, false, sources, out);
    Ok(workspace.filter(|_| !out.has_errors()))
}

/// Loads and resolves the contracts of the project at `root`, for those who only run them; none where `out` holds an
/// error.
pub fn resolved(
    root: &Path,
    config: &Config,
    sources: &mut SourceMap,
    out: &mut Diagnostics,
) -> Result<Option<Workspace>, load::Error> {
    let workspace = linked(&Files::on_disk(root)?, config, sources, out)?;
    weigh(config, false, sources, out);
    Ok(workspace.filter(|_| !out.has_errors()))
}

/// The same for another version of the project, wherever its files are. Its findings keep the weight that rules have.
pub fn resolved_in(
    files: &Files,
    config: &Config,
    sources: &mut SourceMap,
    out: &mut Diagnostics,
) -> Result<Option<Workspace>, load::Error> {
    let workspace = linked(files, config, sources, out)?;
    Ok(workspace.filter(|_| !out.has_errors()))
}

/// Everything that rules find in the contracts of the project at `root`.
pub fn lint(root: &Path, config: &Config, sources: &mut SourceMap, out: &mut Diagnostics) -> Result<(), load::Error> {
    let workspace = analysed(&Files::on_disk(root)?, config, sources, out)?;
    // What is wrong comes first: on top of it, rules would find what is no fault of its own.
    let workspace = workspace.filter(|_| !out.has_errors());
    if let Some(workspace) = &workspace {
        lint::lint(workspace, out);
        for file in contract_files(sources) {
            if let Some(tree) = load::yaml::parse(sources, file, &mut Diagnostics::default()) {
                lint::spelling(sources, &tree, out);
            }
        }
    }
    weigh(config, workspace.is_some(), sources, out);
    Ok(())
}

/// Contracts with every change made that puts a finding right by itself. One that could not be read afterwards is left
/// out.
pub fn fixes(sources: &SourceMap, found: &Diagnostics) -> Vec<Layout> {
    let texts = lint::fixed(sources, &found.sorted(sources));
    let readable = texts.into_iter().filter(|(_, text)| can_be_read(text));
    readable.map(|(file, formatted)| Layout { file, formatted }).collect()
}

/// Whether a text is a contract by itself.
fn can_be_read(text: &str) -> bool {
    let (mut sources, mut out) = (SourceMap::default(), Diagnostics::default());
    let file = sources.add("", text);
    let tree = load::yaml::parse(&sources, file, &mut out);
    tree.is_some_and(|tree| load::raw::read_contract(&tree, &mut out).is_some()) && !out.has_errors()
}

/// Every rule about contracts, configuration and output.
pub fn rules() -> Vec<&'static Rule> {
    let rooms = [
        analyze::rules::RULES,
        load::rules::RULES,
        load::raw::RULES,
        config::rules::RULES,
        config::target_rules::RULES,
        emit::rules::RULES,
        emit::cloudevents::rules::RULES,
        emit::custom::rules::RULES,
        expr::rules::RULES,
        resolve::REDUCER_RULES,
        resolve::RULES,
        lint::rules::RULES,
        fmt::rules::RULES,
        import::rules::RULES,
        output::rules::RULES,
    ];
    rooms.into_iter().flatten().copied().collect()
}

/// The contracts among the files that were read.
fn contract_files(sources: &SourceMap) -> Vec<FileId> {
    let is_contract = |file: &FileId| Path::new(sources.path(*file)).extension().is_some_and(|ending| ending == "yaml");
    sources.files().filter(is_contract).collect()
}

/// Gives findings the weight that the project gives them; all rules were asked where they are `complete`.
fn weigh(config: &Config, complete: bool, sources: &SourceMap, out: &mut Diagnostics) {
    let all = rules();
    let suppressions = lint::suppressions(sources, &contract_files(sources), &lint::weighable(&all), out);
    lint::weigh(&config.lint, &all, &suppressions, complete, sources, out);
    // A change that leaves no contract is none to offer.
    out.retain(|finding| {
        if !finding.fix.is_empty() && !lint::fixed(sources, &[finding]).iter().all(|(_, text)| can_be_read(text)) {
            finding.fix.clear();
        }
        true
    });
}

/// The contracts as meant, and what can never happen in them among the findings; none where an error keeps them from
/// meaning anything.
fn analysed(
    files: &Files,
    config: &Config,
    sources: &mut SourceMap,
    out: &mut Diagnostics,
) -> Result<Option<Workspace>, load::Error> {
    let workspace = linked(files, config, sources, out)?;
    if let Some(workspace) = &workspace {
        analyze::analyze(workspace, out);
    }
    Ok(workspace)
}

/// The contracts as meant; none where an error keeps them from meaning anything.
fn linked(
    files: &Files,
    config: &Config,
    sources: &mut SourceMap,
    out: &mut Diagnostics,
) -> Result<Option<Workspace>, load::Error> {
    let documents = load::discover_in(files, &config.contracts, sources, out, load::raw::read_contract)?;
    let (mut read, mut unread) = (Vec::new(), Vec::new());
    for document in documents {
        match document.content {
            Some(contract) => read.push(contract),
            None => unread.push(document.name),
        }
    }
    let schemas = load::foreign_schemas(files, &config.contracts, &read, out)?;
    let hooks = load::hook_files(files, config, &read, sources, out)?;
    let ambiguous_patterns = config.lint.lowers(&resolve::PATTERN_UNSAFE);
    Ok(resolve::resolve_with(sources, &read, &unread, &schemas, &hooks, ambiguous_patterns, out))
}
