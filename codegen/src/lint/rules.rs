//! The rules about contracts that are right and could be better.

use crate::diagnostic::rules;

rules! {
    NAME_REPEATS_KIND = "name-repeats-kind", Warning;
    FIELD_CASE = "field-case", Warning;
    VALUE_CASE = "value-case", Warning;
    CODE_CASE = "code-case", Warning;
    FIELD_TWIN = "field-twin", Warning;
    MISSING_DOC = "missing-doc", Warning;
    MISSING_FIELD_DOC = "missing-field-doc", Note;
    DOC_REPEATS_NAME = "doc-repeats-name", Note;
    DOC_TODO = "doc-todo", Warning;
    PATTERN_WITHOUT_EXAMPLE = "pattern-without-example", Warning;
    FIELD_TYPE_DIFFERS = "field-type-differs", Warning;
    TIME_AS_TEXT = "time-as-text", Warning;
    ID_MAY_BE_EMPTY = "id-may-be-empty", Warning;
    FLOAT_FOR_MONEY = "float-for-money", Warning;
    OPTIONAL_COLLECTION = "optional-collection", Note;
    COUNT_MAY_BE_NEGATIVE = "count-may-be-negative", Warning;
    PERCENT_UNBOUNDED = "percent-unbounded", Warning;
    UNIT_MISSING = "unit-missing", Warning;
    RANGE_UNCHECKED = "range-unchecked", Note;
    SCHEMA_WEAKER = "schema-weaker-than-contract", Warning;
    ENUM_SET_TRIVIAL = "enum-set-trivial", Warning;
    ENUM_SETS_EQUAL = "enum-sets-equal", Note;
    ENUM_MAP_CONSTANT = "enum-map-constant", Warning;
    VALUE_TWIN = "value-twin", Warning;
    UNION_UNTAGGED_RECORDS = "union-untagged-records", Warning;
    VARIANT_FIELD_DIFFERS = "variant-field-differs", Note;
    LATE_REQUIRED_FIELD = "late-required-field", Warning;
    VERSION_AHEAD = "version-ahead", Warning;
    DEPRECATED_REQUIRED = "deprecated-required", Warning;
    DEPRECATED_USE = "deprecated-use", Warning;
    DEFAULT_DEPRECATED = "default-deprecated", Warning;
    REPLACEMENT_DEPRECATED = "replacement-deprecated", Warning;
    DEPRECATED_OVERDUE = "deprecated-overdue", Note;
    CLOSED_EVENT = "closed-event", Note;
    SECRET_FIELD = "secret-field", Warning;
    URL_AS_TEXT = "url-as-text", Warning;
    UNBOUNDED = "unbounded", Note;
    UNCHECKED_JSON = "unchecked-json", Note;
    REDUNDANT_SPELLING = "redundant-spelling", Warning;
    SUPPRESSION_INVALID = "suppression-invalid", Error;
    SUPPRESSION_UNUSED = "suppression-unused", Warning;
}
