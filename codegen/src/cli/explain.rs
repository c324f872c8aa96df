//! The id of a rule enters; its page leaves.

use anyhow::bail;
use serde::Serialize;

use super::console::Console;
use super::{Outcome, rules};
use crate::diagnostic::did_you_mean;

#[derive(clap::Args)]
pub(super) struct Explain {
    /// The id that a finding shows, such as `yaml-anchor`
    #[arg(value_name = "RULE")]
    id: String,
}

#[derive(Serialize)]
struct Explanation<'a> {
    id: &'a str,
    severity: &'a str,
    page: &'a str,
}

impl Explain {
    pub fn run(&self, console: &Console) -> anyhow::Result<Outcome> {
        let all = rules::all();
        let Some(rule) = all.iter().find(|rule| rule.id == self.id) else {
            let near = did_you_mean(&self.id, all.iter().map(|rule| rule.id));
            let hint = near.map_or("`codegen rules` lists all".to_owned(), |near| format!("did you mean `{near}`?"));
            bail!("there is no rule `{}`; {hint}", self.id.escape_debug());
        };
        let explanation = Explanation { id: rule.id, severity: rule.severity.as_str(), page: rule.page };
        console.value(&explanation, || rule.page.to_owned())?;
        Ok(Outcome::Clean)
    }
}
