//! The rules about changes, and the settings that weigh them.

use crate::diagnostic::rules;

rules! {
    BREAKING_SETTING_UNUSED = "breaking-setting-unused", Warning;
    SOURCE_PACKAGE_SAME = "source-package-same", Error;
    SOURCE_FAMILY_KEPT = "source-family-kept", Error;
    SOURCE_EVENT_KEPT = "source-event-kept", Error;
    SOURCE_DECLARATION_KEPT = "source-declaration-kept", Error;
    SOURCE_DECLARATION_SAME_KIND = "source-declaration-same-kind", Error;
    SOURCE_DECLARATION_SAME_MODULE = "source-declaration-same-module", Error;
    SOURCE_FIELD_KEPT = "source-field-kept", Error;
    SOURCE_FIELD_SAME_TYPE = "source-field-same-type", Error;
    SOURCE_NEW_FIELD_OPTIONAL = "source-new-field-optional", Error;
    SOURCE_RECORD_SAME_FIELDS = "source-record-same-fields", Note;
    SOURCE_RECORD_SAME_MIXINS = "source-record-same-mixins", Error;
    SOURCE_ENUM_VALUE_KEPT = "source-enum-value-kept", Error;
    SOURCE_ENUM_IDENTIFIER_SAME = "source-enum-identifier-same", Error;
    SOURCE_ENUM_SET_KEPT = "source-enum-set-kept", Error;
    SOURCE_MATCH_STAYS_COMPLETE = "source-match-stays-complete", Note;
    SOURCE_UNION_SAME_FORM = "source-union-same-form", Error;
    SOURCE_VARIANT_KEPT = "source-variant-kept", Error;
    SOURCE_SCALAR_SAME_BASE = "source-scalar-same-base", Error;
    SOURCE_MACHINE_SAME_SHAPE = "source-machine-same-shape", Error;
    SOURCE_TABLE_SAME_COLUMNS = "source-table-same-columns", Error;
    WIRE_EVENT_KEPT = "wire-event-kept", Error;
    WIRE_EVENT_TYPE_SAME = "wire-event-type-same", Error;
    WIRE_NEW_FIELD_OPTIONAL = "wire-new-field-optional", Error;
    WIRE_FIELD_NOT_DEMANDED = "wire-field-not-demanded", Error;
    WIRE_FIELD_STAYS_DEMANDED = "wire-field-stays-demanded", Error;
    WIRE_NULL_SAME = "wire-null-same", Error;
    WIRE_DEFAULT_SAME = "wire-default-same", Error;
    WIRE_SAME_TYPE = "wire-same-type", Error;
    WIRE_RANGE_SAME = "wire-range-same", Error;
    WIRE_LENGTH_SAME = "wire-length-same", Error;
    WIRE_ITEMS_SAME = "wire-items-same", Error;
    WIRE_PATTERN_SAME = "wire-pattern-same", Error;
    WIRE_FORMAT_SAME = "wire-format-same", Error;
    WIRE_BLANK_SAME = "wire-blank-same", Error;
    WIRE_UNIQUE_SAME = "wire-unique-same", Error;
    WIRE_ENUM_VALUE_KEPT = "wire-enum-value-kept", Error;
    WIRE_ENUM_VALUE_NOT_ADDED = "wire-enum-value-not-added", Error;
    WIRE_ALIAS_SAME = "wire-alias-same", Error;
    WIRE_RECORD_STAYS_OPEN = "wire-record-stays-open", Error;
    WIRE_CLOSED_RECORD_SAME_FIELDS = "wire-closed-record-same-fields", Error;
    WIRE_RULE_SAME = "wire-rule-same", Error;
    WIRE_UNION_TAG_SAME = "wire-union-tag-same", Error;
    WIRE_VARIANT_KEPT = "wire-variant-kept", Error;
    WIRE_VARIANT_NOT_ADDED = "wire-variant-not-added", Error;
    WIRE_DEFAULT_TAG_SAME = "wire-default-tag-same", Error;
    WIRE_NAME_RESERVED = "wire-name-reserved", Warning;
    WIRE_RESERVED_NAME_KEPT = "wire-reserved-name-kept", Warning;
}
