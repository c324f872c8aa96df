//! A project enters; how its generated files differ from what its contracts say leaves. Nothing is written.

use super::console::Console;
use super::session::Session;
use super::{Options, Outcome};

pub(super) fn run(options: &Options, console: &Console) -> anyhow::Result<Outcome> {
    let mut session = Session::open(options)?;
    if session.found.has_errors() {
        return Ok(console.findings(&session)?);
    }
    let Session { project, sources, found } = &mut session;
    let Some(plan) = crate::check(&project.root, &project.config, sources, found)? else {
        return Ok(console.findings(&session)?);
    };
    console.differences(&mut session, &plan, plan.differences(), &plan.report_text())?;
    if plan.is_current() {
        console.message(format_args!("up to date: {} files", plan.unchanged()));
        return Ok(Outcome::Clean);
    }
    Ok(Outcome::Findings)
}
