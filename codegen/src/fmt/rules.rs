//! The rules about the layout of contract files.

use crate::diagnostic::rules;

rules! {
    CONTRACT_LAYOUT = "contract-layout", Error;
    LAYOUT_REFUSED = "layout-refused", Error;
}
