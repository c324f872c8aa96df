//! A workspace enters; a plain description of it leaves, for templates and programs of users: versioned, in one order.
//!
//! Every member is always there: what is not said is null. A new member raises no version; a removed or changed one does.

mod behaviour;
mod declarations;
mod records;
mod types;

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema};
use serde::Serialize;

use crate::model::{self, FamilyId, Workspace};

use behaviour::{Machine, Profile, Reducer};
use declarations::{About, Enum, External, Hook, NamedType, Scalar, Table, about};
use records::{Event, Group, Mixin, Record, Union};

/// The version of the layout.
pub const VERSION: u32 = 1;

/// All contracts of a project, as `codegen export model` prints them and as custom targets see them.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(title = "The model of event contracts")]
pub struct Model<'w> {
    /// The version of this layout.
    pub version: u32,
    /// One for each contract file, by name.
    pub families: Vec<Family<'w>>,
}

/// One contract file. Declarations stand as they were written.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Family<'w> {
    #[serde(flatten)]
    about: About<'w>,
    /// The version of the contract.
    version: &'w str,
    /// Families whose declarations it may name.
    imports: Vec<&'w str>,
    /// Names that may not come back.
    reserved: Reserved<'w>,
    scalars: Vec<Scalar<'w>>,
    types: Vec<NamedType<'w>>,
    externals: Vec<External<'w>>,
    /// Also those made from the variants of a union.
    enums: Vec<Enum<'w>>,
    mixins: Vec<Mixin<'w>>,
    records: Vec<Record<'w>>,
    unions: Vec<Union<'w>>,
    events: Vec<Event<'w>>,
    groups: Vec<Group<'w>>,
    machines: Vec<Machine<'w>>,
    tables: Vec<Table<'w>>,
    profiles: Vec<Profile<'w>>,
    reducers: Vec<Reducer<'w>>,
    hooks: Vec<Hook<'w>>,
}

/// Names that may not come back.
#[derive(Debug, Serialize, JsonSchema)]
struct Reserved<'w> {
    events: &'w [String],
    fields: &'w [String],
    values: &'w [String],
}

/// A declaration of another place.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Ref<'w> {
    /// The family that declares it.
    pub family: &'w str,
    /// Its name there.
    pub name: &'w str,
}

/// The description of all contracts.
pub fn of(workspace: &Workspace) -> Model<'_> {
    let families = workspace.families.entries().map(|(id, family)| of_family(workspace, id, family));
    Model { version: VERSION, families: families.collect() }
}

/// The same as JSON with an end of line.
pub fn json(workspace: &Workspace) -> String {
    let mut text = serde_json::to_string_pretty(&of(workspace)).expect("a model is plain data");
    text.push('\n');
    text
}

/// The JSON Schema of what [`json`] gives, kept in `docs/model.schema.json`.
pub fn json_schema() -> Schema {
    SchemaSettings::draft2020_12().for_serialize().into_generator().into_root_schema_for::<Model<'_>>()
}

fn of_family<'w>(workspace: &'w Workspace, id: FamilyId, family: &'w model::Family) -> Family<'w> {
    macro_rules! own {
        ($collection:ident, $view:expr) => {
            workspace.$collection.iter().filter(|one| one.family == id).map(|one| $view(workspace, one)).collect()
        };
    }
    let is_declared = |record: &&model::Record| record.family == id && record.kind == model::RecordKind::Record;
    Family {
        about: about(&family.meta),
        version: &family.version.0,
        imports: family.imports.iter().map(|id| workspace.families[*id].meta.name.as_str()).collect(),
        reserved: Reserved {
            events: &family.reserved.events,
            fields: &family.reserved.fields,
            values: &family.reserved.values,
        },
        scalars: own!(scalars, declarations::scalar),
        types: own!(types, declarations::named),
        externals: own!(externals, declarations::external),
        enums: own!(enums, declarations::enumeration),
        mixins: own!(mixins, records::mixin),
        records: workspace.records.iter().filter(is_declared).map(|it| records::record(workspace, it)).collect(),
        unions: own!(unions, records::union),
        events: own!(events, records::event),
        groups: own!(groups, records::group),
        machines: own!(machines, behaviour::machine),
        tables: own!(tables, declarations::table),
        profiles: own!(profiles, behaviour::profile),
        reducers: own!(reducers, behaviour::reducer),
        hooks: own!(hooks, declarations::hook),
    }
}

/// Where a declaration stands and how it is called.
fn reference<'w>(workspace: &'w Workspace, family: FamilyId, meta: &'w model::Meta) -> Ref<'w> {
    Ref { family: &workspace.families[family].meta.name, name: &meta.name }
}
