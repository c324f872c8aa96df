//! Which files of the support code stand in every package.

use crate::config::PythonBase;

/// Path in the folder of the support code, and content, of what every package has.
pub const FILES: &[(&str, &str)] = &[
    ("__init__.py", include_str!("../../../../templates/python/support/__init__.py")),
    ("anomalies.py", include_str!("../../../../templates/python/support/anomalies.py")),
    ("canonical.py", include_str!("../../../../templates/python/support/canonical.py")),
    ("cells.py", include_str!("../../../../templates/python/support/cells.py")),
    ("cloudevents.py", include_str!("../../../../templates/python/support/cloudevents.py")),
    ("containers.py", include_str!("../../../../templates/python/support/containers.py")),
    ("errors.py", include_str!("../../../../templates/python/support/errors.py")),
    ("fold.py", include_str!("../../../../templates/python/support/fold.py")),
    ("formats.py", include_str!("../../../../templates/python/support/formats.py")),
    ("instants.py", include_str!("../../../../templates/python/support/instants.py")),
    ("kinds.py", include_str!("../../../../templates/python/support/kinds.py")),
    ("lines.py", include_str!("../../../../templates/python/support/lines.py")),
    ("log.py", include_str!("../../../../templates/python/support/log.py")),
    ("machines.py", include_str!("../../../../templates/python/support/machines.py")),
    ("order.py", include_str!("../../../../templates/python/support/order.py")),
    ("records.py", include_str!("../../../../templates/python/support/records.py")),
    ("reducer.py", include_str!("../../../../templates/python/support/reducer.py")),
    ("replay.py", include_str!("../../../../templates/python/support/replay.py")),
    ("saved.py", include_str!("../../../../templates/python/support/saved.py")),
    ("scalars.py", include_str!("../../../../templates/python/support/scalars.py")),
    ("schemas.py", include_str!("../../../../templates/python/support/schemas.py")),
    ("text.py", include_str!("../../../../templates/python/support/text.py")),
    ("unions.py", include_str!("../../../../templates/python/support/unions.py")),
    ("versions.py", include_str!("../../../../templates/python/support/versions.py")),
];

/// The class that contains a record's values.
pub fn record(base: PythonBase) -> &'static str {
    match base {
        PythonBase::Pydantic => include_str!("../../../../templates/python/support/record_pydantic.py"),
        PythonBase::Plain => include_str!("../../../../templates/python/support/record_plain.py"),
    }
}

/// The loader of fixtures.
pub const CONFORMANCE: &str = include_str!("../../../../templates/python/package/conformance.py");

/// The test that an installed package carries.
pub const TEST_CONFORMANCE: &str = include_str!("../../../../templates/python/package/test_conformance.py");
