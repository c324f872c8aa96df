//! The text of an expression and what its names mean enter; a typed expression that cannot fail leaves, or located
//! diagnostics.
//!
//! [`parse`] reads a strict subset of CEL, [`check`] types it against an [`Environment`] and narrows optional values,
//! map keys and tagged unions where a test made them certain. What is accepted has the same value under CEL.

mod assignable;
mod ast;
mod check;
mod environment;
mod kind;
mod lex;
mod parse;
mod place;
mod reads;
pub mod rules;
mod text;

pub use assignable::is_assignable;
pub use ast::Ast;
pub use check::{Given, check, check_certain, check_guard, is_free_for_hooks};
pub use environment::{Binding, Environment, Lookup};
pub use kind::{Kind, kind};
pub use parse::parse;
pub use place::{Path, PathStep, RawSource, null_safe, path, raw_source};
pub use reads::reads;
pub use text::{text, text_of_fold};
