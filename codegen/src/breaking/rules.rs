//! The rules about changes, and the settings that weigh them.

use crate::diagnostic::rules;

rules! {
    BREAKING_SETTING_UNUSED = "breaking-setting-unused", Warning;
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
