//! A project and the name of another version enter; how the two break each other leaves. Nothing is written.

use anyhow::bail;

use super::console::Console;
use super::session::Session;
use super::{Options, Outcome};
use crate::breaking::{self, Side};
use crate::config::Config;
use crate::diagnostic::{Diagnostic, Diagnostics, Severity};
use crate::load;
use crate::source::SourceMap;

#[derive(clap::Args)]
pub(super) struct Breaking {
    /// A folder, a bundle (`codegen export bundle`), or any name of a git commit, such as `main` or `v1.2.0`
    #[arg(long, value_name = "REF|DIR|BUNDLE")]
    against: String,
}

impl Breaking {
    pub fn run(&self, options: &Options, console: &Console) -> anyhow::Result<Outcome> {
        let mut session = Session::open(options)?;
        if session.found.has_errors() {
            return Ok(console.findings(&session)?);
        }
        let Session { project, sources, found } = &mut session;
        let config = &project.config;
        let baseline = load::baseline(&options.directory, &project.root, &config.contracts, &self.against)?;
        // First our own: comments in the files of the other version do not suppress anything here.
        let mut own = Diagnostics::default();
        let Some(new) = crate::resolved(&project.root, config, sources, &mut own)? else {
            session.found = own;
            return Ok(console.findings(&session)?);
        };
        let old_config = baseline.config.clone().unwrap_or_else(|| config.clone());
        let mut old_config = Config { contracts: baseline.contracts, ..old_config };
        // Sources of hooks are no part of what is compared.
        old_config.rust.enabled = false;
        old_config.python.enabled = false;
        old_config.typescript.enabled = false;
        let mut old_found = Diagnostics::default();
        let Some(old) = crate::resolved_in(&baseline.files, &old_config, sources, &mut old_found)? else {
            bail!("the contracts of `{}` have errors; {}", self.against, first(&old_found, sources));
        };
        // What the contracts of one version lack by themselves is the business of `check`.
        let old = Side { workspace: &old, packages: baseline.config.as_ref().map(packages).unwrap_or_default() };
        let new = Side { workspace: &new, packages: packages(config) };
        breaking::compare(&old, &new, &config.breaking, sources, found);
        let outcome = console.findings(&session)?;
        if session.found.sorted(&session.sources).iter().all(|finding| finding.severity == Severity::Note) {
            console.message(format_args!("nothing breaks against {}", self.against));
        }
        Ok(outcome)
    }
}

/// What users write to import what is generated.
fn packages(config: &Config) -> Vec<(&'static str, String)> {
    let targets = [
        (config.rust.enabled, "rust", &config.rust.crate_name),
        (config.python.enabled, "python", &config.python.package),
        (config.typescript.enabled, "typescript", &config.typescript.package),
    ];
    targets.into_iter().filter(|(enabled, ..)| *enabled).map(|(_, target, name)| (target, name.clone())).collect()
}

/// The first error, in one line.
fn first(found: &Diagnostics, sources: &SourceMap) -> String {
    let all = found.sorted(sources);
    let Some(Diagnostic { rule, message, primary, .. }) = all.first() else { return "none can be read".to_owned() };
    match primary {
        Some(label) => {
            let at = sources.position(label.span.file, label.span.start);
            let path = sources.path(label.span.file);
            format!("the first is at {path}:{}:{}: {message} [{}]", at.line, at.column, rule.id)
        }
        None => format!("the first is: {message} [{}]", rule.id),
    }
}
