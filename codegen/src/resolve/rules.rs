//! The rules about names, types and values of a workspace.

use crate::diagnostic::rules;
pub use crate::expr::rules::UNKNOWN_NAME;

rules! {
    NAME_SYNTAX = "name-syntax", Error;
    NAME_CASE = "name-case", Error;
    NAME_RESERVED = "name-reserved", Error;
    NAME_COLLISION = "name-collision", Error;
    NAME_MISSING = "name-missing", Error;
    VERSION_SYNTAX = "version-syntax", Error;
    UNKNOWN_IMPORT = "unknown-import", Error;
    IMPORT_CYCLE = "import-cycle", Error;
    AMBIGUOUS_NAME = "ambiguous-name", Error;
    WRONG_DECLARATION = "wrong-declaration", Error;
    DUPLICATE_EVENT = "duplicate-event", Error;
    TYPE_ARGUMENT = "type-argument", Error;
    TYPE_CYCLE = "type-cycle", Error;
    CONSTRAINT_MISMATCH = "constraint-mismatch", Error;
    UNSATISFIABLE = "unsatisfiable", Error;
    UNKNOWN_FORMAT = "unknown-format", Error;
    PATTERN_UNSAFE = "pattern-unsafe", Error;
    DEFAULT_INVALID = "default-invalid", Error;
    DEFAULT_ON_OPT = "default-on-opt", Error;
    REQUIRED_MISPLACED = "required-misplaced", Error;
    EXAMPLE_INVALID = "example-invalid", Error;
    DUPLICATE_VALUE = "duplicate-value", Error;
    ENUM_EMPTY = "enum-empty", Error;
    ENUM_ALIAS = "enum-alias", Error;
    ENUM_SET_CLASH = "enum-set-clash", Error;
    ENUM_MAP_PARTIAL = "enum-map-partial", Error;
    ENUM_RANK_PARTIAL = "enum-rank-partial", Error;
    DUPLICATE_RULE_CODE = "duplicate-rule-code", Error;
    RULE_FIELD = "rule-field", Error;
    UNION_TAG = "union-tag-declared", Error;
    UNION_PARTIAL = "union-partial", Error;
    UNION_OVERLAP = "union-overlap", Warning;
    GROUP_CYCLE = "group-cycle", Error;
    GROUP_EMPTY = "group-empty", Error;
    MACHINE_NONE = "machine-none-state", Error;
    MACHINE_TERMINAL_EXIT = "machine-terminal-exit", Error;
    MACHINE_REOPEN = "machine-reopen", Error;
    MACHINE_TABLE_PARTIAL = "machine-table-partial", Error;
    EDGE_SHADOWED = "edge-shadowed", Warning;
    MACHINE_WITHOUT_EVENT = "machine-without-event", Error;
    TABLE_PARTIAL = "table-partial", Error;
    TABLE_CELL = "table-cell", Error;
    RESERVED_NAME = "reserved-name", Error;
    EXTERNAL_TYPE = "external-type", Error;
    EXTERNAL_LOSES = "external-loses", Warning;
    EXTERNAL_WEAKER = "external-weaker", Warning;
    HOOK_NAME = "hook-name", Error;
    HOOK_SIGNATURE = "hook-signature", Error;
    HOOK_VECTOR = "hook-vector", Error;
    UNUSED_DECLARATION = "unused-declaration", Warning;
    UNUSED_IMPORT = "unused-import", Warning;
}
