//! A slot enters; its printed value leaves, null where nothing is printed.

use super::cell::Cell;
use crate::json::Value;
use crate::model::{ReducerSlot, SlotOutput, Type, Workspace};

/// The value as the slot asks for it.
pub fn slot(workspace: &Workspace, slot: &ReducerSlot, cell: &Cell) -> Value {
    match (slot.output, cell, workspace.unwrapped(&slot.ty)) {
        (SlotOutput::ValuesByKey, Cell::Map(entries), Type::Map(_, of, _)) => {
            Value::Array(entries.by_key.values().map(|(_, cell)| cell.value(workspace, of)).collect())
        }
        (SlotOutput::Values, Cell::Map(entries), Type::Map(_, of, _)) => {
            Value::Array(entries.by_arrival().into_iter().map(|cell| cell.value(workspace, of)).collect())
        }
        _ => cell.value(workspace, &slot.ty),
    }
}
