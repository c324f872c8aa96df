//! Files that every package carries beside its code enter each emitter.

use super::FileSet;
use super::cloudevents::Mapping;

/// What every package carries beside its code; emitters copy it byte for byte and give it a loader.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Assets {
    /// By path relative to the folder of fixtures. `manifest.json` lists the hand-written cases
    /// (`{"fixtures": [{id, path, expected_result, event_type, notes, min_version, expected_errors?}]}`, `path` being
    /// `<category>/{valid,invalid}/<id>.json`; streams have no event type and say `fixture_type: replay` and
    /// `goldens: [{reducer, path, partition?}]`), `generated/manifest.json` those made from the contracts
    /// (`{"files": [{cases, family, min_version, path}]}`, with `event_type` or with `reducer` and `unreached?`).
    pub fixtures: FileSet,
    /// JSON Schemas by file name (`connector_provisioned.schema.json`).
    pub schemas: FileSet,
    /// How events become `CloudEvents`, where that is asked for.
    pub cloudevents: Option<Mapping>,
}
