//! An empty folder enters; a small project that works stands in it afterwards.

use std::path::{self, PathBuf};

use anyhow::{Context, bail};

use super::console::Console;
use super::generate::Generate;
use super::{Options, Outcome};
use crate::load::CONFIG_FILE;
use crate::output::{self, Created};

#[derive(clap::Args)]
pub(super) struct Init {
    /// The folder of the project; made where it is not there
    #[arg(default_value = ".", hide_default_value = true)]
    folder: PathBuf,
}

/// Everything that people will edit.
const FILES: &[(&str, &str)] = &[
    (CONFIG_FILE, include_str!("../../../templates/init/codegen.toml")),
    ("contracts/base.yaml", include_str!("../../../templates/init/contracts/base.yaml")),
    ("contracts/ticket.yaml", include_str!("../../../templates/init/contracts/ticket.yaml")),
    ("README.md", include_str!("../../../templates/init/README.md")),
    (".gitattributes", include_str!("../../../templates/init/gitattributes")),
    (".pre-commit-config.yaml", include_str!("../../../templates/init/pre-commit-config.yaml")),
    (".github/workflows/contracts.yml", include_str!("../../../templates/init/workflows/contracts.yml")),
];

impl Init {
    pub fn run(&self, options: &Options, console: &Console) -> anyhow::Result<Outcome> {
        let root = path::absolute(options.directory.join(&self.folder)).context("there is no working directory")?;
        if let Some(outer) = root.ancestors().skip(1).find(|folder| folder.join(CONFIG_FILE).exists()) {
            console.message(format_args!("this project lies inside that of `{}`", outer.display()));
        }
        let files: Vec<(&str, &[u8])> = FILES.iter().map(|(path, text)| (*path, text.as_bytes())).collect();
        if let Created::Taken(taken) = output::create(&root, &files)? {
            let taken: Vec<String> = taken.iter().map(|place| format!("`{}`", place.display())).collect();
            bail!("nothing was written, since these are there already: {}", taken.join(", "));
        }
        let inside = Options { directory: root, ..options.clone() };
        let outcome = Generate::default().run(&inside, console)?;
        console.message("next: edit contracts/ticket.yaml and run `codegen`");
        Ok(outcome)
    }
}
