//! The rules about templates of custom targets, and what is made of them.

use crate::diagnostic::rules;

rules! {
    TEMPLATE_SYNTAX = "template-syntax", Error;
    TEMPLATE_ERROR = "template-error", Error;
    TEMPLATE_LIMIT = "template-limit", Error;
    TEMPLATE_PATH = "template-path", Error;
}
