//! What a server said about itself, before and now, enters; a signal leaves if it looks set up anew. Nothing is done.

use crate::generated::{
    Id, Provenance, ResetField, ResetSeverity, ResetSignal, ResetSignalChangedFields, TargetId, Text, reset_fields,
};

/// What a server says about itself; what it does not say is none.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Facts {
    /// The installation.
    pub server_instance_id: Option<String>,
    /// The deployment; a new one alone means nothing.
    pub deployment_id: Option<String>,
    /// What it is called.
    pub environment_name: Option<String>,
    /// The source that it was built from.
    pub git_sha: Option<String>,
}

impl Facts {
    fn of(&self, field: ResetField) -> Option<&str> {
        match field {
            ResetField::ServerInstanceId => self.server_instance_id.as_deref(),
            ResetField::EnvironmentName => self.environment_name.as_deref(),
            ResetField::GitSha => self.git_sha.as_deref(),
        }
        .filter(|text| !text.is_empty())
    }

    /// The facts as the contract declares them: what it does not take was not said.
    pub fn provenance(&self) -> Provenance {
        let id = |text: &Option<String>| text.as_deref().and_then(|text| Id::new(text).ok());
        let text = |text: &Option<String>| text.as_deref().and_then(|text| Text::new(text).ok());
        Provenance {
            server_instance_id: id(&self.server_instance_id),
            deployment_id: id(&self.deployment_id),
            environment_name: text(&self.environment_name),
            git_sha: text(&self.git_sha),
        }
    }
}

/// A signal where a stable fact was known and is another one now.
pub fn reset_signal(target_id: &str, previous: &Facts, current: &Facts) -> Option<ResetSignal> {
    let differs = |field: &ResetField| {
        let (before, now) = (previous.of(*field), current.of(*field));
        before.is_some() && now.is_some() && before != now
    };
    let changed: Vec<ResetField> = ResetField::ALL.iter().copied().filter(differs).collect();
    let is_warning = changed.iter().any(|field| reset_fields::severity(*field) == ResetSeverity::Warning);
    Some(ResetSignal {
        target_id: TargetId::new(target_id).ok()?,
        // None where nothing changed: a signal names at least one field.
        changed_fields: ResetSignalChangedFields::new(changed).ok()?,
        previous: previous.provenance(),
        current: current.provenance(),
        severity: if is_warning { ResetSeverity::Warning } else { ResetSeverity::Hint },
        recommendation: Id::new(&format!(
            "if this server lost its events, `eventsync redrain --target {target_id}` sends them again"
        ))
        .ok()?,
    })
}
