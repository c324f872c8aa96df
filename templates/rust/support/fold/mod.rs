//! What every generated reducer stands on: order, copies, groups, parts of the state that can be taken back, anomalies,
//! saved states and logs.
//!
//! A reducer of the contract is a [`Fold`]: typed code, one function an event. Everything around that is here, once.

mod anomaly;
mod block;
mod cell;
mod event;
mod folding;
mod group;
mod hash;
mod ids;
mod incremental;
mod key;
mod lines;
mod list;
mod map;
mod maybe;
mod members;
mod payload;
mod replay;
mod saved;
mod sha256;
mod sorted;
mod texts;
mod unsorted;
mod value;

pub use anomaly::{Recorded, raw_member, raw_text};
#[allow(unused_imports, reason = "whether there are reducers depends on the contracts")]
pub(crate) use cell::cells;
pub use cell::{Cell, Plain, parts};
pub use event::{Entry, Event, Log};
pub use folding::{Flow, Fold, Folding, Part, Route, SavedSlot, Tally, Together};
pub use group::Groups;
pub use incremental::{Incremental, OutOfOrder};
pub use key::Key;
pub use lines::{BadLine, File, Reducer, ReplayOptions, Replayed, Source, find, replay, replay_source};
pub use list::List;
pub use map::{AtStart, Map};
pub use maybe::Maybe;
pub use members::Members;
pub use payload::Payload;
pub use replay::{FoldParts, PartKey, Partitioned, reduce, reduce_parts};
pub use saved::NotSaved;
pub use value::{
    at, converted, count, finished, float, has, instant, integer, is_blank, json, json_codes, json_float, json_int, json_of,
    json_text, known, member, set, some, spelled, start, taken, text, truth, unsigned, value_of, whole,
};
