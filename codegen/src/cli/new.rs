//! The name of a family and of something new enter; its contract has a declaration more afterwards, or is a new file.

use anyhow::bail;

use super::console::Console;
use super::session::Session;
use super::{Options, Outcome};
use crate::diagnostic::{Diagnostics, did_you_mean};
use crate::fmt::{Declaration, head, insert};
use crate::load::{self, Files};
use crate::model::{Family, FamilyId, Workspace};
use crate::output::{self, Created};
use crate::source::SourceMap;

#[derive(clap::Subcommand)]
pub(super) enum New {
    /// Begin a contract
    Family(NewFamily),
    /// Add an event to a contract
    Event(Event),
    /// Add an enum to a contract
    Enum(Enum),
    /// Add a state machine to a contract
    Machine(Machine),
    /// Add a reducer to a contract, with a place for each event
    Reducer(Reducer),
}

#[derive(clap::Args)]
pub(super) struct NewFamily {
    /// The contract, without `.yaml`
    name: String,
    /// A contract that it takes names from
    #[arg(long = "import", value_name = "FAMILY")]
    imports: Vec<String>,
    /// What it is about, in a sentence; without it `lint` asks for one
    #[arg(long, value_name = "TEXT")]
    doc: Option<String>,
}

/// What everything has that is added to a contract.
#[derive(clap::Args)]
struct Named {
    /// The contract, without `.yaml`
    family: String,
    /// What it is called: `TicketReopened` (an event, in the past tense), `TicketState`, `ticket_life`
    name: String,
    /// What it means, in a sentence; without it `lint` asks for one
    #[arg(long, value_name = "TEXT")]
    doc: Option<String>,
}

#[derive(clap::Args)]
pub(super) struct Event {
    #[command(flatten)]
    named: Named,
    /// A field and its type: `--field reason=string`, `--field 'count={type: int, min: 0}'`
    #[arg(long = "field", value_name = "NAME=TYPE", value_parser = field)]
    fields: Vec<(String, String)>,
}

#[derive(clap::Args)]
pub(super) struct Enum {
    #[command(flatten)]
    named: Named,
    /// Its values, in order
    #[arg(required = true)]
    values: Vec<String>,
    /// A set of values: `--set terminal=closed,lost` are states that nothing leaves
    #[arg(long = "set", value_name = "NAME=VALUES", value_parser = names)]
    sets: Vec<(String, Vec<String>)>,
}

#[derive(clap::Args)]
pub(super) struct Machine {
    #[command(flatten)]
    named: Named,
    /// The enum of its states
    #[arg(long, value_name = "ENUM")]
    states: String,
    /// Which states may follow one; `none` is before the first: `--edge none=open --edge open=closed,lost`
    #[arg(long = "edge", value_name = "STATE=STATES", value_parser = names, required = true)]
    edges: Vec<(String, Vec<String>)>,
}

#[derive(clap::Args)]
pub(super) struct Reducer {
    #[command(flatten)]
    named: Named,
    /// How its log is ordered; has to be named where the contract sees several profiles
    #[arg(long)]
    profile: Option<String>,
    /// An event or group that it takes; without any all events of the contract
    #[arg(long, value_name = "NAME")]
    consumes: Vec<String>,
}

fn field(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, ty)) if !name.is_empty() && !ty.is_empty() => Ok((name.to_owned(), ty.to_owned())),
        _ => Err("write a name, `=` and a type of the contract language".to_owned()),
    }
}

fn names(text: &str) -> Result<(String, Vec<String>), String> {
    match text.split_once('=') {
        Some((name, names)) if !name.is_empty() && !names.is_empty() => {
            Ok((name.to_owned(), names.split(',').map(|name| name.trim().to_owned()).collect()))
        }
        _ => Err("write a name, `=` and names with commas between them".to_owned()),
    }
}

impl New {
    pub fn run(&self, options: &Options, console: &Console) -> anyhow::Result<Outcome> {
        let (named, section) = match self {
            Self::Family(family) => return family.create(options, console),
            Self::Event(Event { named, .. }) => (named, "events"),
            Self::Enum(Enum { named, .. }) => (named, "enums"),
            Self::Machine(Machine { named, .. }) => (named, "machines"),
            Self::Reducer(Reducer { named, .. }) => (named, "reducers"),
        };
        let Session { project, mut sources, mut found } = Session::open(options)?;
        let Some(workspace) = crate::resolved(&project.root, &project.config, &mut sources, &mut found)? else {
            bail!("the project has errors; `codegen check` shows them");
        };
        let (id, family) = named.find(&workspace)?;
        let declaration = self.declaration(Declaration::new(&named.name).doc(named.doc.as_deref()), &workspace, id)?;
        let file = family.meta.span.file;
        let path = sources.path(file).to_owned();
        let Some(after) = insert(sources.text(file), section, &declaration) else {
            bail!("`{section}` of `{path}` is written in brackets; give each of them a line of its own first");
        };
        // What the contract would say is judged before it is written.
        let files = Files::on_disk(&project.root)?.with(&path, &after);
        let (mut sources, mut found) = (SourceMap::default(), Diagnostics::default());
        if crate::workspace_in(&files, &project.config, &mut sources, &mut found)?.is_none() {
            return refused(&Session { project, sources, found }, &path, console);
        }
        output::replace(&[(project.root.join(&path), after.as_bytes())])?;
        let name = &named.name;
        console.message(format_args!("`{name}` stands at the end of `{section}` in {path}; next: `codegen lint`"));
        Ok(Outcome::Clean)
    }

    fn declaration(&self, begun: Declaration, workspace: &Workspace, family: FamilyId) -> anyhow::Result<Declaration> {
        Ok(match self {
            Self::Family(_) => unreachable!("a family is a file"),
            Self::Event(event) => begun.fields(&event.fields),
            Self::Enum(of) => begun.list("values", &of.values).lists("sets", &of.sets),
            Self::Machine(machine) => begun.member("states", &machine.states).lists("edges", &machine.edges),
            Self::Reducer(reducer) => reducer.declaration(begun, workspace, family)?,
        })
    }
}

/// Tells what keeps a declaration from being written.
fn refused(session: &Session, path: &str, console: &Console) -> anyhow::Result<Outcome> {
    let outcome = console.findings(session)?;
    console.message(format_args!("nothing was written: these are errors of `{path}` as it would be"));
    Ok(outcome)
}

impl NewFamily {
    fn create(&self, options: &Options, console: &Console) -> anyhow::Result<Outcome> {
        let Session { project, mut sources, mut found } = Session::open(options)?;
        if !load::is_contract_name(&self.name) {
            let name = self.name.escape_debug();
            bail!("`{name}` is no name of a contract: a lower-case letter, then letters, digits or `_`, 64 at most");
        }
        let contracts = &project.config.contracts;
        let path = format!("{contracts}/{}.yaml", self.name);
        let schema = format!("{}{}", "../".repeat(contracts.split('/').count()), project.config.schemas);
        let schema = format!("{schema}/contract.draft-07.schema.json");
        let text = head(&self.name, self.doc.as_deref(), &self.imports, &schema);
        if project.root.join(&path).symlink_metadata().is_ok() {
            bail!("there is `{path}` already; `codegen new event {}` adds to it", self.name);
        }
        let files = Files::on_disk(&project.root)?.with(&path, &text);
        if crate::workspace_in(&files, &project.config, &mut sources, &mut found)?.is_none() {
            return refused(&Session { project, sources, found }, &path, console);
        }
        if let Created::Taken(_) = output::create(&project.root, &[(&path, text.as_bytes())])? {
            bail!("somebody else made `{path}` meanwhile");
        }
        console.message(format_args!("{path} is a contract; next: `codegen new event {}`", self.name));
        Ok(Outcome::Clean)
    }
}

impl Named {
    fn find<'w>(&self, workspace: &'w Workspace) -> anyhow::Result<(FamilyId, &'w Family)> {
        let names = || workspace.families.iter().map(|family| family.meta.name.as_str());
        match workspace.families.entries().find(|(_, family)| family.meta.name == self.family) {
            Some(found) => Ok(found),
            None => match did_you_mean(&self.family, names()) {
                Some(near) => bail!("there is no contract `{}`; did you mean `{near}`?", self.family),
                None => bail!(
                    "there is no contract `{}`; there are {}",
                    self.family,
                    names().collect::<Vec<_>>().join(", ")
                ),
            },
        }
    }
}

impl Reducer {
    /// A reducer that counts its events, with an empty handler for each.
    fn declaration(&self, begun: Declaration, workspace: &Workspace, family: FamilyId) -> anyhow::Result<Declaration> {
        let profile = self.profile(workspace, family)?;
        let own = workspace.events.iter().filter(|event| event.family == family && !event.unreduced);
        let own: Vec<String> = own.map(|event| event.meta.name.clone()).collect();
        let consumes = if self.consumes.is_empty() { own } else { self.consumes.clone() };
        if consumes.is_empty() {
            bail!("`{}` declares no event to reduce; `--consumes` names others", self.named.family);
        }
        let group = |name: &String| workspace.groups.iter().find(|group| group.meta.name == *name);
        let events = consumes.iter().flat_map(|name| match group(name) {
            Some(group) => group.events.iter().map(|event| workspace.events[*event].meta.name.clone()).collect(),
            None => vec![name.clone()],
        });
        let handlers: Vec<(String, Vec<String>)> = events.map(|event| (event, Vec::new())).collect();
        let told = "\"payload of {e.event_type} is invalid at {error.path}: {error.code}\"";
        Ok(begun
            .member("profile", &profile)
            .list("consumes", &consumes)
            .block("slots", [("event_count".to_owned(), "{count: deduped}".to_owned())])
            .block("anomalies", [("malformed_payload".to_owned(), told.to_owned())])
            .lists("handle", &handlers))
    }

    fn profile(&self, workspace: &Workspace, family: FamilyId) -> anyhow::Result<String> {
        if let Some(profile) = &self.profile {
            return Ok(profile.clone());
        }
        let imports = &workspace.families[family].imports;
        let seen = workspace.profiles.iter().filter(|it| it.family == family || imports.contains(&it.family));
        let names: Vec<&str> = seen.map(|profile| profile.meta.name.as_str()).collect();
        match names[..] {
            [only] => Ok(only.to_owned()),
            [] => {
                let family = &self.named.family;
                bail!("`{family}` sees no profile, which orders a log: declare one under `profiles`, or import one")
            }
            _ => bail!("there are several profiles; say which by `--profile`: {}", names.join(", ")),
        }
    }
}
