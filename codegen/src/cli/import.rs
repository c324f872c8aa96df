//! JSON Schemas enter; a contract that says the same stands beside the others afterwards, with what it does not say told.

use std::path::{Path, PathBuf};

use anyhow::bail;

use super::console::{self, Console};
use super::session::Session;
use super::{Options, Outcome};
use crate::diagnostic::Diagnostics;
use crate::import::{Imported, Wanted, import};
use crate::load::{self, Files};
use crate::output::{self, Created};
use crate::source::SourceMap;

#[derive(clap::Args)]
pub(super) struct Import {
    /// JSON Schemas (2020-12 or draft-07); of a folder every `*.json` in it. They may refer to each other; nothing is fetched
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The name of the contract; else that of the output, of the schemas, or of the first file
    #[arg(long, value_name = "NAME")]
    family: Option<String>,
    /// An object that is the payload of an event: the `title` of a schema, or of a single file any name
    #[arg(long = "event", value_name = "NAME")]
    events: Vec<String>,
    /// The file to write, `-` for stdout; else `<family>.yaml` in the folder of contracts
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Replace a contract that is there already
    #[arg(long)]
    overwrite: bool,
}

impl Import {
    pub fn run(&self, options: &Options, console: &Console) -> anyhow::Result<Outcome> {
        let mut session = Session::open(options)?;
        if session.found.has_errors() {
            return Ok(console.findings(&session)?);
        }
        let files = load::schema_files(&options.directory, &self.files)?;
        if files.is_empty() {
            bail!("there is no `*.json` in {}", shown(&self.files));
        }
        let is_stdout = self.out.as_deref() == Some(Path::new("-"));
        let out = self.out.as_deref().filter(|_| !is_stdout);
        let stem = out.and_then(Path::file_stem).and_then(|stem| stem.to_str());
        let wanted = Wanted { family: self.family.as_deref().or(stem), events: &self.events };
        let Some(imported) = import(&files, &wanted, &mut session.sources, &mut session.found) else {
            let outcome = console.findings(&session)?;
            console.message("nothing was written");
            return Ok(outcome);
        };
        if is_stdout {
            console::data(&imported.text)?;
            return Ok(console.findings_beside_data(&session));
        }
        self.write(options, console, &session, out, &imported)
    }

    fn write(
        &self,
        options: &Options,
        console: &Console,
        session: &Session,
        out: Option<&Path>,
        imported: &Imported,
    ) -> anyhow::Result<Outcome> {
        let project = &session.project;
        let contracts = project.root.join(&project.config.contracts);
        let place = match out {
            Some(out) => std::path::absolute(options.directory.join(out))?,
            None => contracts.join(format!("{}.yaml", imported.family)),
        };
        let path = place.strip_prefix(&project.root).unwrap_or(&place).to_string_lossy().replace('\\', "/");
        let is_there = place.symlink_metadata().is_ok();
        if is_there && !self.overwrite {
            bail!("nothing was written, since `{path}` is there already; `--overwrite` replaces it");
        }
        // What the project would say to it is asked before it is written.
        if place.parent() == Some(contracts.as_path()) {
            let files = Files::on_disk(&project.root)?.with(&path, &imported.text);
            let (mut sources, mut found) = (SourceMap::default(), Diagnostics::default());
            if crate::workspace_in(&files, &project.config, &mut sources, &mut found)?.is_none() {
                let project =
                    load::project(&options.directory, &mut SourceMap::default(), &mut Diagnostics::default())?;
                let outcome = console.findings(&Session { project, sources, found })?;
                console.message(format_args!("nothing was written: these are errors of the project with `{path}`"));
                return Ok(outcome);
            }
        }
        let outcome = console.findings(session)?;
        let (Some(folder), Some(name)) = (place.parent(), place.file_name().and_then(|name| name.to_str())) else {
            bail!("`{path}` is no file that can be written");
        };
        if is_there {
            output::replace(&[(place.clone(), imported.text.as_bytes())])?;
        } else if let Created::Taken(_) = output::create(folder, &[(name, imported.text.as_bytes())])? {
            bail!("nothing was written, since `{path}` is there already; `--overwrite` replaces it");
        }
        let counted = |count: usize, what: &str| format!("{count} {what}{}", if count == 1 { "" } else { "s" });
        let (events, types) = (counted(imported.events, "event"), counted(imported.types, "type"));
        console.message(format_args!("{events} and {types} in {path}; next: `codegen lint`"));
        Ok(outcome)
    }
}

fn shown(paths: &[PathBuf]) -> String {
    let paths: Vec<String> = paths.iter().map(|path| format!("`{}`", path.display())).collect();
    paths.join(", ")
}
