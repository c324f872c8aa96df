//! The name of a mode enters; what is kept and where it goes is set, or told.

use clap::Args;

use super::failure::Failure;
use super::{Outcome, print};
use crate::generated::mode_presets;
use crate::policy::modes::{self, ModeSetting};
use crate::store;

/// Show or set what is kept and where it goes
#[derive(Args)]
pub struct ModeArguments {
    /// `TEAMSPACE`, `EXTERNAL_RECEIVER`, `LOCAL_RETENTION` or `OPT_OUT` (also called `TRASH`)
    name: Option<String>,
    /// Where `EXTERNAL_RECEIVER` delivers to
    #[arg(long, value_name = "URL", requires = "name")]
    endpoint: Option<String>,
}

impl ModeArguments {
    pub fn run(self) -> Result<Outcome, Failure> {
        let root = store::root();
        if let Some(name) = &self.name {
            modes::set(&root, modes::parse(name)?, self.endpoint.as_deref())?;
        }
        let setting = modes::read(&root);
        if let Some(diagnostic) = &setting.diagnostic {
            eprintln!("warning: {diagnostic}");
        }
        print(&shown(&setting))?;
        Ok(Outcome::DONE)
    }
}

fn shown(setting: &ModeSetting) -> String {
    let (retention, delivery) = (mode_presets::retention(setting.mode), mode_presets::delivery(setting.mode));
    let endpoint = setting.external_endpoint.as_ref().map_or(String::new(), |url| format!("Endpoint: {url}\n"));
    format!("Mode: {}\nRetention: {retention}\nDelivery: {delivery}\n{endpoint}", setting.mode)
}
