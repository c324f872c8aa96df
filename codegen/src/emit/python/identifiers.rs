//! All declarations of a workspace enter; the identifier of each in its Python module leaves.
//!
//! What two declarations of one module would share goes to the first in the order below; the other gets a `_`.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::names::module;
use super::reducers::drafted;
use crate::emit::casing::{pascal, screaming, snake};
use crate::model::{
    EnumDef, FamilyId, IdVec, Meta, Payload, Record, RecordId, RecordKind, Reducer, Union, UnionForm, Workspace,
};

/// A type and the constant that holds its kind.
#[derive(Debug, Clone)]
pub struct TypeName {
    /// The class or alias.
    pub class: String,
    /// The constant.
    pub kind: String,
}

/// An enum and what stands beside it.
#[derive(Debug, Clone)]
pub struct EnumNames {
    /// The class and its kind.
    pub of: TypeName,
    /// Constant of accepted other texts.
    pub aliases: String,
    /// Constant of each set.
    pub sets: Vec<String>,
    /// Constant of each map.
    pub maps: Vec<String>,
    /// Constant of the order.
    pub rank: String,
}

/// A union and, where it is tagged, what it is made of.
#[derive(Debug, Clone)]
pub struct UnionNames {
    /// The alias and its kind.
    pub of: TypeName,
    /// A class for each tag value.
    pub variants: Vec<String>,
}

/// A module.
#[derive(Debug, Clone)]
pub struct FamilyNames {
    /// Its name.
    pub module: String,
    /// Constant of its version.
    pub schema_version: String,
    /// Constant of the version of the envelope, where it declares the only one.
    pub envelope_version: Option<String>,
    /// Constant of its event types; none where it has no events, or a group of it has the name.
    pub event_types: Option<String>,
    /// Every identifier of the module.
    pub taken: BTreeSet<String>,
}

/// An event.
#[derive(Debug, Clone)]
pub struct EventNames {
    /// The constant of its type on the wire.
    pub constant: String,
    /// The class of its payload, or another name for it.
    pub payload: String,
}

/// A constant table.
#[derive(Debug, Clone)]
pub struct TableNames {
    /// The constant.
    pub constant: String,
    /// The class of a row.
    pub row: String,
}

/// A reducer and what is made of it.
#[derive(Debug, Clone)]
pub struct ReducerNames {
    /// The class of its state.
    pub state: String,
    /// The class of its anomalies.
    pub anomaly: String,
    /// The enum of their kinds.
    pub kinds: String,
    /// The class that takes events one at a time.
    pub reducer: String,
    /// The class that says what each event does.
    pub fold: String,
    /// The class of its slots.
    pub slots: String,
    /// The function over events, here and at the top of the package.
    pub reduce: Offered,
    /// The same for each entity of a log.
    pub reduce_partitioned: Option<Offered>,
}

/// A name that is another one at the top of the package.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Offered {
    /// In its module.
    pub here: String,
    /// At the top.
    pub top: String,
}

/// The identifiers of all declarations, by id.
#[derive(Debug)]
pub struct Identifiers {
    pub families: Vec<FamilyNames>,
    pub scalars: Vec<TypeName>,
    pub types: Vec<TypeName>,
    pub enums: Vec<EnumNames>,
    pub records: Vec<String>,
    pub mixins: Vec<String>,
    pub unions: Vec<UnionNames>,
    pub events: Vec<EventNames>,
    /// The constant of each group's event types.
    pub groups: Vec<String>,
    pub machines: Vec<String>,
    pub tables: Vec<TableNames>,
    /// The constant of each profile.
    pub profiles: Vec<String>,
    pub reducers: Vec<ReducerNames>,
    /// The class of a record that changes as part of the state of a reducer of a family.
    pub drafts: BTreeMap<(FamilyId, RecordId), String>,
}

/// Names every declaration.
pub fn identifiers(workspace: &Workspace) -> Identifiers {
    let mut modules = Modules { taken: vec![BTreeSet::new(); workspace.families.len()] };
    // Types first: their names are those of the contract.
    let scalars = all(&workspace.scalars, |item| modules.type_name(item.family, &item.meta));
    let types = all(&workspace.types, |item| modules.type_name(item.family, &item.meta));
    let enum_types = all(&workspace.enums, |item| modules.type_name(item.family, &item.meta));
    let records = all(&workspace.records, |item| modules.claim(item.family, record_name(item)));
    let mixins = all(&workspace.mixins, |item| modules.claim(item.family, item.meta.name.clone()));
    let union_types = all(&workspace.unions, |item| modules.type_name(item.family, &item.meta));
    let events = all(&workspace.events, |event| EventNames {
        payload: match event.payload {
            Payload::Record(id) if is_own(&workspace.records[id]) => records[usize::from(id)].clone(),
            _ => modules.claim(event.family, payload_name(&event.meta)),
        },
        constant: modules.claim(event.family, screaming(&event.meta.name)),
    });
    let groups = all(&workspace.groups, |group| modules.claim(group.family, event_types(&group.meta.name)));
    let families = (workspace.families.entries())
        .map(|(id, family)| {
            let wanted = event_types(&family.meta.name);
            let has_events = workspace.events.iter().any(|event| event.family == id);
            let is_group =
                workspace.groups.iter().any(|group| group.family == id && event_types(&group.meta.name) == wanted);
            FamilyNames {
                module: module(&family.meta.name),
                schema_version: modules.claim(id, format!("{}_SCHEMA_VERSION", screaming(&family.meta.name))),
                envelope_version: workspace
                    .envelope_version(id)
                    .map(|_| modules.claim(id, "SCHEMA_VERSION".to_owned())),
                event_types: (has_events && !is_group).then(|| modules.claim(id, wanted)),
                taken: BTreeSet::new(),
            }
        })
        .collect();
    let machines = all(&workspace.machines, |item| modules.claim(item.family, pascal(&item.meta.name)));
    let tables = all(&workspace.tables, |item| TableNames {
        constant: modules.claim(item.family, screaming(&item.meta.name)),
        row: modules.claim(item.family, pascal(&item.meta.name) + "Row"),
    });
    let enums = (workspace.enums.iter().zip(enum_types)).map(|(item, of)| modules.beside_enum(item, of)).collect();
    let unions = (workspace.unions.iter().zip(union_types))
        .map(|(item, of)| UnionNames { variants: modules.variants(workspace, item), of })
        .collect();
    let profiles =
        all(&workspace.profiles, |item| modules.claim(item.family, format!("{}_PROFILE", screaming(&item.meta.name))));
    let reducers = all(&workspace.reducers, |item| modules.reducer(workspace, item));
    let drafts = drafted(workspace).into_iter().map(|(family, record)| {
        let name = modules.claim(family, format!("_{}Draft", workspace.records[record].meta.name));
        ((family, record), name)
    });
    let drafts = drafts.collect();
    let mut families: Vec<FamilyNames> = families;
    for (family, taken) in families.iter_mut().zip(modules.taken) {
        family.taken = taken;
    }
    Identifiers {
        families,
        scalars,
        types,
        enums,
        records,
        mixins,
        unions,
        events,
        groups,
        machines,
        tables,
        profiles,
        reducers,
        drafts,
    }
}

fn all<I: From<usize> + Into<usize>, T, N>(items: &IdVec<I, T>, name: impl FnMut(&T) -> N) -> Vec<N> {
    items.iter().map(name).collect()
}

fn record_name(record: &Record) -> String {
    if is_own(record) { payload_name(&record.meta) } else { record.meta.name.clone() }
}

/// Whether a record was declared with its event.
fn is_own(record: &Record) -> bool {
    matches!(record.kind, RecordKind::Payload(_))
}

fn payload_name(event: &Meta) -> String {
    format!("{}Payload", event.name)
}

fn event_types(name: &str) -> String {
    format!("{}_EVENT_TYPES", screaming(name))
}

/// What is taken in each module.
struct Modules {
    taken: Vec<BTreeSet<String>>,
}

impl Modules {
    fn claim(&mut self, family: FamilyId, wanted: String) -> String {
        let taken = &mut self.taken[usize::from(family)];
        let mut name = wanted;
        while !taken.insert(name.clone()) {
            name.push('_');
        }
        name
    }

    fn type_name(&mut self, family: FamilyId, meta: &Meta) -> TypeName {
        let class = self.claim(family, meta.name.clone());
        TypeName { class, kind: self.claim(family, screaming(&meta.name)) }
    }

    fn reducer(&mut self, workspace: &Workspace, item: &Reducer) -> ReducerNames {
        let of_family = workspace.reducers.iter().filter(|other| other.family == item.family).count();
        let family = &workspace.families[item.family].meta.name;
        let name = pascal(&item.meta.name);
        let subject = if of_family == 1 { family } else { &item.meta.name };
        let top = format!("reduce_{}_events", snake(subject));
        let here = if of_family == 1 { "reduce".to_owned() } else { top.clone() };
        let mut offered = |suffix: &str| Offered {
            here: self.claim(item.family, format!("{here}{suffix}")),
            top: format!("{top}{suffix}"),
        };
        let (reduce, partitioned) = (offered(""), item.partition_by.as_ref().map(|_| offered("_partitioned")));
        let mut class = |wanted: String| self.claim(item.family, wanted);
        ReducerNames {
            state: class(format!("Reduced{name}State")),
            anomaly: class(format!("{name}Anomaly")),
            kinds: class(format!("{name}AnomalyKind")),
            reducer: class(format!("{name}Reducer")),
            fold: class(format!("{name}Fold")),
            slots: class(format!("_{name}Slots")),
            reduce,
            reduce_partitioned: partitioned,
        }
    }

    fn beside_enum(&mut self, item: &EnumDef, of: TypeName) -> EnumNames {
        let prefix = screaming(&item.meta.name);
        let mut constant = |name: &str| self.claim(item.family, format!("{prefix}_{}", screaming(name)));
        EnumNames {
            sets: item.sets.iter().map(|set| constant(&set.name)).collect(),
            maps: item.maps.iter().map(|map| constant(&map.name)).collect(),
            aliases: constant("aliases"),
            rank: constant("rank"),
            of,
        }
    }

    fn variants(&mut self, workspace: &Workspace, union: &Union) -> Vec<String> {
        let UnionForm::Tagged { tag_type, .. } = &union.form else { return Vec::new() };
        let values = &workspace.enums[*tag_type].values;
        values.iter().map(|value| self.claim(union.family, union.meta.name.clone() + &pascal(&value.name))).collect()
    }
}
