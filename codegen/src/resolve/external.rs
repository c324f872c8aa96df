//! A reference to a foreign JSON Schema enters; a type that every target can check leaves.

use super::types::UNRESOLVED;
use super::{Resolver, rules};
use crate::diagnostic::Diagnostic;
use crate::load::raw::RawText;
use crate::model::Type;

impl Resolver<'_> {
    pub(super) fn external(&mut self, schema: &RawText, _name: &RawText) -> Type {
        let message = format!("the schema `{}` is not read by this version", schema.value);
        self.out.push(Diagnostic::new(&rules::WRONG_DECLARATION, schema.span, message));
        UNRESOLVED
    }
}
