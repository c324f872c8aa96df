//! A number enters; contracts of that many event types leave, alike in shape to those of a real project.
//!
//! An event has 12 fields, 9 of them shared: identifiers, constrained texts, a uuid, a url, an instant, enums and
//! bounded numbers. 100 events make a family.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

const EVENTS_A_FAMILY: usize = 100;

const BASE: &str = "\
language: 1
contract: base
version: 1.0.0
doc: What the events of all families share.
scalars:
  Id:      {base: string, min_length: 1, max_length: 128, doc: Non-empty identifier.}
  Slug:    {base: string, pattern: '[a-z][a-z0-9]*(?:-[a-z0-9]+)*', max_length: 64}
  Uuid:    {base: string, format: uuid}
  Url:     {base: string, format: http-url}
  Instant: {base: string, format: date-time}
  Count:   {base: int, min: 0}
  Percent: {base: float, min: 0, max: 100}
enums:
  ActorType: [human, service, system]
  Priority:  [low, normal, high, urgent]
mixins:
  Shared:
    fields:
      entity_id:    Id
      provider:     {type: Slug, doc: Who keeps the entity.}
      project_uuid: Uuid
      actor_id:     Id
      actor_type:   ActorType
      priority:     Priority
      endpoint_url: Url
      recorded_at:  Instant
      sequence:     Count
";

/// Writes the contracts and a `codegen.toml` without fixtures and docs into an empty folder.
pub fn write(root: &Path, events: usize) -> Result<()> {
    let contracts = root.join("contracts");
    fs::create_dir_all(&contracts).with_context(|| format!("cannot create {}", contracts.display()))?;
    fs::write(root.join("codegen.toml"), "[fixtures]\nenabled = false\n[docs]\nenabled = false\n")?;
    fs::write(contracts.join("base.yaml"), BASE)?;
    for family in 0..events.div_ceil(EVENTS_A_FAMILY) {
        let count = EVENTS_A_FAMILY.min(events - family * EVENTS_A_FAMILY);
        fs::write(contracts.join(format!("family{family:03}.yaml")), contract(family, count))?;
    }
    Ok(())
}

fn contract(family: usize, events: usize) -> String {
    let mut text = format!(
        "language: 1\ncontract: family{family:03}\nversion: 1.0.0\ndoc: Synthetic family {family}.\nimports: [base]\nenums:\n  \
         State{family:03}: [requested, running, done, failed]\nevents:\n"
    );
    for event in 0..events {
        let name = format!("Family{family:03}Event{event:03}Recorded");
        let doc = format!("Something of kind {event} happened to an entity of family {family}.");
        writeln!(
            text,
            "  {name}:\n    doc: {doc}\n    mixins: [Shared]\n    fields:\n      state_{event:03}: {{type: State{family:03}, doc: Where the entity is now.}}\n      \
             note_{event:03}: opt<Id>\n      share_{event:03}: {{type: Percent, doc: Part that is done.}}"
        )
        .expect("a string takes everything");
    }
    text
}
