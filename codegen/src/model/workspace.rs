//! All contracts of a run, linked.

use super::ids::{
    EnumId, EventId, ExternalId, FamilyId, GroupId, HookId, IdVec, MachineId, MixinId, NamedTypeId, ProfileId,
    RecordId, ReducerId, ScalarId, TableId, UnionId,
};
use super::{
    EnumDef, Event, External, Group, Hook, Machine, Meta, Mixin, NamedType, Presence, Primitive, Profile, Record,
    Reducer, Scalar, Type, Union, Version,
};
use crate::json::Value;

/// All contracts of a run. Collections are ordered by contract name, then as written.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Workspace {
    /// Contract files, by name.
    pub families: IdVec<FamilyId, Family>,
    /// Scalars.
    pub scalars: IdVec<ScalarId, Scalar>,
    /// Composed types with names.
    pub types: IdVec<NamedTypeId, NamedType>,
    /// Foreign types.
    pub externals: IdVec<ExternalId, External>,
    /// Enums, also those made for unions.
    pub enums: IdVec<EnumId, EnumDef>,
    /// Records and payloads.
    pub records: IdVec<RecordId, Record>,
    /// Mixins.
    pub mixins: IdVec<MixinId, Mixin>,
    /// Unions.
    pub unions: IdVec<UnionId, Union>,
    /// Events.
    pub events: IdVec<EventId, Event>,
    /// Groups.
    pub groups: IdVec<GroupId, Group>,
    /// Machines.
    pub machines: IdVec<MachineId, Machine>,
    /// Constant tables.
    pub tables: IdVec<TableId, ConstTable>,
    /// Profiles.
    pub profiles: IdVec<ProfileId, Profile>,
    /// Reducers.
    pub reducers: IdVec<ReducerId, Reducer>,
    /// Hooks.
    pub hooks: IdVec<HookId, Hook>,
}

/// One contract file.
#[derive(Debug, Clone, PartialEq)]
pub struct Family {
    /// Its name (`[a-z][a-z0-9_]*`) and texts.
    pub meta: Meta,
    /// Its version.
    pub version: Version,
    /// Families it may name, in the order given.
    pub imports: Vec<FamilyId>,
    /// Names that may not come back.
    pub reserved: Reserved,
}

/// Names that may not come back, or that are announced.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reserved {
    /// Event types.
    pub events: Vec<String>,
    /// Field names.
    pub fields: Vec<String>,
    /// Enum values.
    pub values: Vec<String>,
}

/// A constant lookup, total over an enum.
#[derive(Debug, Clone, PartialEq)]
pub struct ConstTable {
    /// Name and texts.
    pub meta: Meta,
    /// The file it stands in.
    pub family: FamilyId,
    /// The enum of keys.
    pub key: EnumId,
    /// Columns in order.
    pub columns: Vec<(String, Type)>,
    /// One row a key in order, one canonical wire value a column.
    pub rows: Vec<Vec<Value>>,
}

impl Workspace {
    /// The type with named types looked through (records, unions, scalars and enums stay).
    ///
    /// While contracts are resolved a name may lead nowhere yet, or in a circle: then the name itself is given back.
    pub fn plain<'a>(&'a self, ty: &'a Type) -> &'a Type {
        let mut plain = ty;
        for _ in 0..=self.types.len() {
            match plain {
                Type::Named(id) if usize::from(*id) < self.types.len() => plain = &self.types[*id].ty,
                other => return other,
            }
        }
        plain
    }

    /// The type without an `Opt` around it, named types looked through.
    pub fn unwrapped<'a>(&'a self, ty: &'a Type) -> &'a Type {
        match self.plain(ty) {
            Type::Opt(of) => self.plain(of),
            other => other,
        }
    }

    /// Whether none is a value of the type.
    pub fn is_optional(&self, ty: &Type) -> bool {
        matches!(self.plain(ty), Type::Opt(_))
    }

    /// The event with this text on the wire.
    pub fn event_named(&self, event_type: &str) -> Option<EventId> {
        self.events.entries().find(|(_, event)| event.wire == event_type).map(|(id, _)| id)
    }

    /// Whether a record is what events travel in: it names their type and carries their payload as any object.
    pub fn is_envelope(&self, id: RecordId) -> bool {
        let record = &self.records[id];
        let has = |name, primitive: fn(&Primitive) -> bool| {
            let field = record.field(name).map(|index| &record.fields[index].ty);
            match field.map(|ty| self.plain(ty)) {
                Some(Type::Primitive(plain)) => primitive(plain),
                Some(Type::Scalar(scalar)) => primitive(&self.scalars[*scalar].primitive),
                _ => false,
            }
        };
        has("event_type", |plain| matches!(plain, Primitive::String(_)))
            && has("payload", |plain| matches!(plain, Primitive::Object))
    }

    /// Every record that is an envelope, each with the field that identifies an event, if it has one: what a profile
    /// says, else the one that is usually called so.
    pub fn envelopes(&self) -> impl Iterator<Item = (RecordId, Option<usize>)> {
        self.records.entries().filter(|(id, _)| self.is_envelope(*id)).map(|(id, record)| {
            let told = self.profiles.iter().find(|profile| profile.envelope == id).map(|profile| profile.dedup_by);
            (id, told.or_else(|| record.field("event_id")).or_else(|| record.field("id")))
        })
    }

    /// The version that envelopes carry unless told otherwise: the default of `schema_version` of the only envelope,
    /// where this family declares it.
    pub fn envelope_version(&self, family: FamilyId) -> Option<&str> {
        let mut envelopes = self.records.entries().filter(|(id, _)| self.is_envelope(*id)).map(|(_, record)| record);
        let (Some(record), None) = (envelopes.next(), envelopes.next()) else { return None };
        match &record.fields[record.field("schema_version")?].presence {
            Presence::Default(Value::String(version)) if record.family == family => Some(version),
            _ => None,
        }
    }
}
