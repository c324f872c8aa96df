//! What was made of one schema: a type as it stands in a field.

use super::parts::applied;
use crate::load::raw::{RawConstraints, RawType};

/// A type as it stands in a field: bounds of a built-in beside it, null accepted or not.
#[derive(Debug)]
pub struct Made {
    /// The type, without `opt`.
    pub ty: RawType,
    /// What stands beside it.
    pub constraints: RawConstraints,
    /// Whether null is accepted as well.
    pub is_nullable: bool,
    /// Whether the type is a name for something that takes null by itself.
    pub takes_none: bool,
    /// Whether a declaration was made of this very schema, which carries its texts.
    pub is_declared: bool,
}

impl Made {
    /// A type without bounds that does not accept null.
    pub fn of(ty: RawType) -> Self {
        let constraints = RawConstraints::default();
        Self { ty, constraints, is_nullable: false, takes_none: false, is_declared: false }
    }

    /// Whether nothing stands beside the type.
    pub fn constraints_are_empty(&self) -> bool {
        let RawConstraints {
            min,
            max,
            exclusive_min,
            exclusive_max,
            min_length,
            max_length,
            non_blank,
            pattern,
            format,
            min_items,
            max_items,
        } = &self.constraints;
        let bounds = [min, max, exclusive_min, exclusive_max].into_iter().all(Option::is_none);
        let counts = [min_length, max_length, min_items, max_items].into_iter().all(Option::is_none);
        bounds && counts && non_blank.is_none() && pattern.is_none() && format.is_none()
    }

    /// The type with `opt` around it where null is accepted, and its bounds.
    pub fn optional(self) -> (RawType, RawConstraints) {
        let is_wrapped = self.is_nullable && !self.takes_none;
        let ty = if is_wrapped { applied("opt", vec![self.ty]) } else { self.ty };
        (ty, self.constraints)
    }
}
