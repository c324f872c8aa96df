//! A YAML text enters; the faults that a stub shows, request by request, leave.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

/// A script that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct ScriptError(#[from] yaml_serde::Error);

/// Faults, in order: each request gets the answer of the first rule that matches it and is not used up. Without one,
/// every event succeeds, and one that was there before is a duplicate.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Script {
    /// The rules.
    #[serde(default)]
    pub(super) rules: Vec<Rule>,
    /// The token that every batch must show; without one nobody is asked.
    pub(super) token: Option<String>,
    /// What the token endpoints give; without it they refuse.
    pub(super) login: Option<Login>,
    /// What the health page says of limits, as it is.
    pub(super) health: Option<Value>,
}

impl Script {
    /// Reads a script.
    pub fn read(text: &str) -> Result<Self, ScriptError> {
        Ok(yaml_serde::from_str(text)?)
    }
}

/// One rule.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rule {
    /// Which requests it is for.
    #[serde(default)]
    pub when: When,
    /// How often it is used; always, if nothing is said.
    pub times: Option<u32>,
    /// What it answers.
    #[serde(default)]
    pub answer: Answering,
}

/// Which requests a rule is for: all that is said must hold.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct When {
    /// Batches of more events than this.
    pub more_than: Option<usize>,
    /// Batches with one of these events.
    #[serde(default)]
    pub contains: Vec<String>,
    /// Batches with an event whose text holds this.
    pub text: Option<String>,
}

/// How a rule answers.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Answering {
    /// The status; 200 if nothing is said.
    pub status: Option<u16>,
    /// Headers beside the usual ones.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// A body of JSON in place of the results.
    pub body: Option<Value>,
    /// A body that is any text.
    pub text: Option<String>,
    /// A body of so many spaces.
    pub fill: Option<usize>,
    /// Results of single events, in place of the usual ones; null leaves one out.
    #[serde(default)]
    pub results: BTreeMap<String, Option<Value>>,
    /// Results beside those of the events.
    #[serde(default)]
    pub more_results: Vec<Value>,
    /// Takes the events before it answers, whatever that is.
    #[serde(default)]
    pub takes: bool,
    /// Closes the connection without an answer.
    #[serde(default)]
    pub drop: bool,
    /// Never answers.
    #[serde(default)]
    pub hold: bool,
    /// Closes after so many bytes of the answer's body.
    pub cut_after: Option<usize>,
}

/// What the token endpoints give.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Login {
    pub username: Option<String>,
    pub password: Option<String>,
    /// The refresh token that is taken; none is refused.
    pub refresh: Option<String>,
    pub access: String,
    #[serde(default)]
    pub team_slug: Option<String>,
}
