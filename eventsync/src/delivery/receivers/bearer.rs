//! A target and what shows who we are enter; the two receivers that speak HTTP leave.

use std::time::Duration;

use serde_json::Value;

use super::tokens::{self, LoginError};
use super::{Answer, Gate, MOST_EVENTS, Poster, Receiver, Survey, body, mapping};
use crate::delivery::batch::BatchEvent;
use crate::delivery::targets::Facts;
use crate::generated::{DrainBlockedReason, GateKind};
use crate::target::Surfaces;
use crate::target::credentials::Secret;

/// How long an answer to a batch may take.
const PATIENCE: Duration = Duration::from_secs(60);
/// How long the server may take to tell its limits; without them the pass goes on.
const HEALTH_PATIENCE: Duration = Duration::from_secs(10);
/// Bytes of a batch where the server tells nothing.
pub(super) const USUAL_BYTES: usize = 262_144;
/// Bytes of a batch at most.
const MOST_BYTES: usize = 524_288;

/// Where the token comes from.
#[derive(Debug)]
pub enum TokenSource {
    /// The operator gave it for this run: it cannot be renewed.
    Given(Secret),
    /// The file of credentials below this root.
    Credentials(std::path::PathBuf),
}

/// The hosted service.
pub struct Teamspace<'a> {
    poster: &'a dyn Poster,
    surfaces: Surfaces,
    team_slug: Option<String>,
    is_enabled: bool,
    token: Option<Secret>,
    source: TokenSource,
}

impl<'a> Teamspace<'a> {
    /// The service behind these addresses. `token` is what `source` holds now, if anything.
    pub fn new(
        poster: &'a dyn Poster,
        surfaces: Surfaces,
        team_slug: Option<String>,
        is_enabled: bool,
        token: Option<Secret>,
        source: TokenSource,
    ) -> Self {
        Teamspace { poster, surfaces, team_slug, is_enabled, token, source }
    }
}

impl Receiver for Teamspace<'_> {
    fn endpoint_url(&self) -> &str {
        &self.surfaces.batch_url
    }

    fn auth_headers(&self) -> Vec<(String, Secret)> {
        let bearer = self.token.as_ref().map(|token| ("Authorization", format!("Bearer {}", token.reveal())));
        let team = self.team_slug.as_ref().map(|team| ("X-Team-Slug", team.clone()));
        bearer.into_iter().chain(team).map(|(name, value)| (name.to_owned(), Secret::new(value))).collect()
    }

    fn gates(&self) -> Vec<Gate> {
        let gate =
            |kind, is_open, reason, hint: &str| Gate { kind, is_open, reason: Some(reason), hint: hint.to_owned() };
        let has_team = self.team_slug.as_deref().is_some_and(|team| !team.is_empty() && team != "local");
        let is_known = self.token.is_some();
        vec![
            gate(
                GateKind::SaasEnabled,
                self.is_enabled,
                DrainBlockedReason::SaasDisabled,
                "sync is switched off: unset SPEC_KITTY_ENABLE_SAAS_SYNC, or set it to 1",
            ),
            // Who is not logged in has no team either; what helps is to log in.
            gate(
                GateKind::PrivateTeamspace,
                has_team || !is_known,
                DrainBlockedReason::PrivateTeamspaceGate,
                "the credentials name no team: log in again with `eventsync login` as a member of one",
            ),
            gate(
                GateKind::AuthPresent,
                is_known,
                DrainBlockedReason::MissingAuth,
                "nobody is logged in: run `eventsync login`, or set EVENTSYNC_TOKEN",
            ),
        ]
    }

    fn deliver(&mut self, events: &[&BatchEvent]) -> Answer {
        post(self.poster, &self.surfaces.batch_url, &self.auth_headers(), events)
    }

    fn renew(&mut self) -> Result<bool, LoginError> {
        let TokenSource::Credentials(root) = &self.source else { return Ok(false) };
        let used = self.token.as_ref().map(Secret::reveal).unwrap_or_default();
        let renewed = tokens::refresh(self.poster, &self.surfaces.token_refresh_url, root, used)?;
        let is_renewed = renewed.is_some();
        self.token = renewed.or(self.token.take());
        Ok(is_renewed)
    }

    fn survey(&mut self) -> Survey {
        let health = self.poster.get(&self.surfaces.health_url, &revealed(&self.auth_headers()), HEALTH_PATIENCE).ok();
        let health: Value = health.and_then(|reply| serde_json::from_slice(&reply.body).ok()).unwrap_or_default();
        let fact = |key: &str| health[key].as_str().map(str::to_owned);
        let limits = &health["sync_ingress"]["limits"];
        let told = |key: &str| limits[key].as_u64();
        let most_events = told("max_events_per_batch").and_then(|most| usize::try_from(most).ok());
        Survey {
            byte_budget: mapping::byte_limit(&health).map_or(USUAL_BYTES, within),
            most_events: most_events.unwrap_or(MOST_EVENTS).clamp(1, MOST_EVENTS),
            waits: (told("retry_after_min_seconds").unwrap_or(0), told("retry_after_max_seconds").unwrap_or(u64::MAX)),
            facts: Facts {
                server_instance_id: fact("server_instance_id"),
                deployment_id: fact("deployment_id"),
                environment_name: fact("environment_name"),
                git_sha: fact("git_sha"),
            },
        }
    }
}

/// A receiver of the operator's own.
pub struct External<'a> {
    poster: &'a dyn Poster,
    endpoint: Option<String>,
    headers: Vec<(String, Secret)>,
}

impl<'a> External<'a> {
    /// The receiver at this endpoint, with the operator's headers.
    pub fn new(poster: &'a dyn Poster, endpoint: Option<String>, headers: Vec<(String, Secret)>) -> Self {
        External { poster, endpoint, headers }
    }
}

impl Receiver for External<'_> {
    fn endpoint_url(&self) -> &str {
        self.endpoint.as_deref().unwrap_or_default()
    }

    fn auth_headers(&self) -> Vec<(String, Secret)> {
        self.headers.clone()
    }

    fn gates(&self) -> Vec<Gate> {
        vec![Gate {
            kind: GateKind::EndpointConfigured,
            is_open: self.endpoint.is_some(),
            reason: None,
            hint: "no endpoint is set: run `eventsync mode EXTERNAL_RECEIVER --endpoint URL`".to_owned(),
        }]
    }

    fn deliver(&mut self, events: &[&BatchEvent]) -> Answer {
        post(self.poster, self.endpoint_url(), &self.auth_headers(), events)
    }

    fn renew(&mut self) -> Result<bool, LoginError> {
        Ok(false)
    }

    fn survey(&mut self) -> Survey {
        Survey { byte_budget: USUAL_BYTES, most_events: MOST_EVENTS, waits: (0, u64::MAX), facts: Facts::default() }
    }
}

/// The budget that a server's limit leaves: a tenth is kept free.
pub fn within(limit: usize) -> usize {
    (limit / 10 * 9).clamp(1, MOST_BYTES)
}

fn wire_headers() -> Vec<(String, String)> {
    const HEADERS: [(&str, &str); 4] = [
        ("Content-Type", "application/json"),
        ("Content-Encoding", "gzip"),
        ("X-Spec-Kitty-Sync-Protocol", "2.0"),
        ("X-SpecKitty-Protocol-Version", "2.0"),
    ];
    HEADERS.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn revealed(headers: &[(String, Secret)]) -> Vec<(String, String)> {
    headers.iter().map(|(name, value)| (name.clone(), value.reveal().to_owned())).collect()
}

fn post(poster: &dyn Poster, url: &str, auth: &[(String, Secret)], events: &[&BatchEvent]) -> Answer {
    let (compressed, length) = body::body(events);
    let headers: Vec<(String, String)> = wire_headers().into_iter().chain(revealed(auth)).collect();
    let reply = poster.post(url, &headers, &compressed, PATIENCE);
    mapping::answer(events, reply, length)
}
