//! What every generated type stands on: one decoder, one writer, and the tables' own types.
//!
//! JSON text enters [`from_json`](record_from_json) and is judged in one pass by the constant table of its type; a
//! typed value or every [`Fault`] leaves. Typed values leave as canonical JSON. The generated types are plain
//! containers; nothing here knows any of them.

mod base64;
mod canonical;
pub mod cloudevents;
mod command;
mod containers;
mod decode;
mod doors;
mod events;
mod fault;
pub mod fold;
mod format;
mod instant;
mod json;
mod lines;
mod macros;
mod moves;
mod number;
mod path;
mod pattern;
mod reader;
mod record;
mod rule;
mod scan;
#[cfg(feature = "serde")]
pub mod serde_door;
mod set;
mod shape;
mod slots;
mod text;
mod text_stage;
mod union;
mod version;

pub use command::run;
pub use doors::{
    check, check_value, checked, constant, from_json, from_value, read_slots, recode, record_from_json, scalar, to_json,
};
pub use events::Envelope;
pub use fault::{Code, Fault, Faults, Limit, Params};
pub use instant::Instant;
pub use json::{Json, Object};
pub use lines::validate_lines;
#[allow(unused_imports, reason = "which of them are used depends on the contracts")]
pub(crate) use macros::{
    choice, container, instant_scalar, number_scalar, record, serde_impls, text_doors, text_scalar, value_doors,
};
pub use number::{Int, Number};
pub use pattern::{Matcher, Pattern, Run, Set as CharSet, Table};
pub use rule::{Condition, Next, Rule, Test, clamped, length};
pub use set::Set;
pub use shape::{Absent, Bounds, Choice, Field, Format, Items, Kind, Order, Shape, Tagged, Text};
pub use slots::{Container, Fields, Kept, Record, Sink, Slot, Slots, Value, fields_from_slot, given, held, write_fields};
pub use version::{Change, Members, Upcast, Version, Versions};
