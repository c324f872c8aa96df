//! A path of keys enters; whether what stands there are names that the contract's author chose leaves.

const SECTIONS: &[&str] = &[
    "scalars", "types", "enums", "records", "unions", "mixins", "events", "groups", "machines", "tables", "profiles",
    "reducers", "hooks",
];

/// Parts of declarations whose keys are names.
const PARTS: &[&str] = &[
    "aliases",
    "anomalies",
    "anomaly_fields",
    "columns",
    "delegate",
    "edges",
    "fields",
    "handle",
    "let",
    "maps",
    "rows",
    "sets",
    "slots",
    "steps",
    "table",
    "variants",
];

/// Whether the path is that of a section, which is always a block.
pub(super) fn is_section(path: &[&str]) -> bool {
    matches!(path, [section] if SECTIONS.contains(section))
}

/// Whether the keys of the mapping at the path are names, whose values stand in one column.
pub(super) fn are_keys(path: &[&str]) -> bool {
    match path {
        [section, _, part] => SECTIONS.contains(section) && PARTS.contains(part),
        [_, _, "maps" | "rows" | "table", _] => true,
        path => is_section(path),
    }
}
