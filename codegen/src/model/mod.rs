//! What contracts mean: every name resolved, every value typed, everything in an order that outputs can rely on.
//!
//! `resolve` makes a [`Workspace`]; analysis, interpretation and emitters read it. Nothing here reads files or
//! prints, and nothing here can be wrong: what a contract got wrong was reported before a value of these types exists.

mod decl;
mod enums;
mod event;
mod expression;
mod format;
mod hook;
mod ids;
mod machine;
pub mod names;
mod record;
mod reducer;
mod step;
mod types;
mod version;
mod workspace;

pub use decl::{Deprecation, Meta, Version};
pub use enums::{EnumDef, EnumMap, EnumSet, EnumValue};
pub use event::{Event, Group, Payload};
pub use expression::{CompareOp, Expr, ExprKind, ExprType, Variable, any_of};
pub use format::Format;
pub use hook::{Hook, HookKind, Implementation, Language, Vector, Vectors};
pub use ids::{
    EnumId, EventId, ExternalId, FamilyId, GroupId, HookId, IdVec, MachineId, MixinId, NamedTypeId, ProfileId,
    RecordId, ReducerId, ScalarId, TableId, UnionId,
};
pub use machine::{Cell, Edges, InputTable, Machine, MachineForm, MachineRule, WrittenEdges};
pub use record::{Field, Mixin, Presence, Record, RecordKind, Rule, RuleKind, Union, UnionForm, Variant};
pub use reducer::{
    Anomaly, AnomalyField, Claim, ClaimForm, Concurrent, Delegate, Idempotent, Last, Override, PartitionKey, Profile,
    Reaction, Reducer, ReducerSlot, SlotKind, SlotOutput, TemplatePart, UnknownEvents,
};
pub use step::{Access, Action, Assignment, AssignmentKind, Reached, Report, Step, Target, reached};
pub use types::{
    Bound, EnumType, External, FloatBounds, Int64Bounds, IntBounds, Items, NOT_BLANK, NamedType, Primitive, Scalar,
    Text, Type, Uint64Bounds,
};
pub use version::{Change, Upcast, Versions};
pub use workspace::{ConstTable, Family, Reserved, Workspace};
