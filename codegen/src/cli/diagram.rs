//! The name of a machine enters; its drawing leaves.

use anyhow::bail;
use clap::ValueEnum;

use super::session::Session;
use super::{Options, Outcome, console};
use crate::diagnostic::did_you_mean;
use crate::emit::diagram;
use crate::model::{Machine, Workspace};

#[derive(clap::Args)]
pub(super) struct Diagram {
    /// The name of the machine
    machine: String,
    /// What to draw with
    #[arg(long = "as", value_enum, default_value_t = Drawing::Mermaid, value_name = "DRAWING")]
    drawing: Drawing,
}

#[derive(Clone, Copy, ValueEnum)]
enum Drawing {
    /// Text that GitHub and many editors draw
    Mermaid,
    /// A picture that needs nothing else
    Svg,
}

impl Diagram {
    pub fn run(&self, options: &Options) -> anyhow::Result<Outcome> {
        let Session { project, mut sources, mut found } = Session::open(options)?;
        let workspace = crate::workspace(&project.root, &project.config, &mut sources, &mut found)?;
        let Some(workspace) = workspace else {
            bail!("the project has errors; `codegen check` shows them");
        };
        let machine = self.find(&workspace)?;
        console::data(&match self.drawing {
            Drawing::Mermaid => diagram::mermaid(&workspace, machine),
            Drawing::Svg => diagram::svg(&workspace, machine),
        })?;
        Ok(Outcome::Clean)
    }

    fn find<'w>(&self, workspace: &'w Workspace) -> anyhow::Result<&'w Machine> {
        if let Some(found) = workspace.machines.iter().find(|machine| machine.meta.name == self.machine) {
            return Ok(found);
        }
        let names: Vec<&str> = workspace.machines.iter().map(|machine| machine.meta.name.as_str()).collect();
        match did_you_mean(&self.machine, names.iter().copied()) {
            Some(near) => bail!("there is no machine `{}`; did you mean `{near}`?", self.machine),
            None if names.is_empty() => bail!("the contracts declare no machine"),
            None => bail!("there is no machine `{}`; there are {}", self.machine, names.join(", ")),
        }
    }
}
