//! A machine enters; the drawing of it leaves, as Mermaid or as SVG.

mod geometry;
mod graph;
mod mermaid;
mod svg;

pub use mermaid::mermaid;
pub use svg::svg;
