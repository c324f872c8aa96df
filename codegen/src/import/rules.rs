//! The rules about schemas that are imported.

use crate::diagnostic::rules;

rules! {
    IMPORT_SCHEMA = "import-schema", Error;
    IMPORT_NAME = "import-name", Error;
    IMPORT_LOSES = "import-loses", Warning;
    IMPORT_RENAMES = "import-renames", Note;
    IMPORT_NULL = "import-null", Note;
}
