//! The rules about folders of templates and their `target.toml`.

use crate::diagnostic::rules;

rules! {
    TARGET_MANIFEST = "target-manifest", Error;
    TARGET_FILE = "target-file", Error;
    TARGET_OPTION = "target-option", Error;
}
