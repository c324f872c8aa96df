//! Free text enters, one token of a sink leaves: no text can end its sink early or read back as another value.
//!
//! Two kinds of text exist. *Values* (enum texts, defaults, examples, patterns) read back equal from every string
//! encoder; characters that are not seen are written as escapes. *Prose* (docs, titles, notes) is shown to people:
//! its words are kept, every mark that a tool would act on is made inert, and what is not seen is named (`U+200B`).

pub mod html;
pub mod json;
pub mod markdown;
pub mod mermaid;
pub mod python;
pub mod rust;
pub mod sql;
mod text;
pub mod toml;
pub mod typescript;
pub mod yaml;

pub use text::prose_lines;
