//! A resolved target enters; every address and name that programs make of it leaves, all of one server.

use crate::generated::{ResolvedSyncTarget, WireEndpoint, wire_endpoints};

/// What is spoken to and shown, for one target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Surfaces {
    /// Takes batches of events.
    pub batch_url: String,
    /// Tells whether the server is well, and its limits.
    pub health_url: String,
    /// Takes `WebSocket` connections.
    pub ws_url: String,
    /// Takes snapshots of trackers.
    pub tracker_url: String,
    /// Gives tokens for a password.
    pub token_url: String,
    /// Gives tokens for a refresh token.
    pub token_refresh_url: String,
    /// The server that the record of a drain names.
    pub owner_server_url: String,
    /// For whom, in the same record: the team, else the user.
    pub owner_team_or_user: Option<String>,
    /// The queue file, in the same record.
    pub owner_queue_db_path: String,
    /// The scope that is looked at before a drain.
    pub preflight_scope: String,
}

impl Surfaces {
    /// All of them, each with its name.
    pub fn listed(&self) -> [(&'static str, &str); 10] {
        [
            ("batch_url", &self.batch_url),
            ("health_url", &self.health_url),
            ("ws_url", &self.ws_url),
            ("tracker_url", &self.tracker_url),
            ("token_url", &self.token_url),
            ("token_refresh_url", &self.token_refresh_url),
            ("owner_server_url", &self.owner_server_url),
            ("owner_team_or_user", self.owner_team_or_user.as_deref().unwrap_or_default()),
            ("owner_queue_db_path", &self.owner_queue_db_path),
            ("preflight_scope", &self.preflight_scope),
        ]
    }
}

impl From<&ResolvedSyncTarget> for Surfaces {
    fn from(target: &ResolvedSyncTarget) -> Self {
        let server = target.resolved_server_url().as_str();
        let at = |endpoint| format!("{server}{}", wire_endpoints::path(endpoint));
        let team = target.team_slug().map(ToString::to_string);
        Self {
            batch_url: at(WireEndpoint::Batch),
            health_url: at(WireEndpoint::Health),
            ws_url: websocket(server),
            tracker_url: at(WireEndpoint::TrackerSnapshots),
            token_url: at(WireEndpoint::Token),
            token_refresh_url: at(WireEndpoint::TokenRefresh),
            owner_server_url: server.to_owned(),
            owner_team_or_user: team.or_else(|| target.user_id().map(ToString::to_string)),
            owner_queue_db_path: target.queue_db_path().to_string(),
            preflight_scope: target.derived_queue_scope().to_string(),
        }
    }
}

/// The same server for `WebSocket` connections; another scheme than those of HTTP stays.
fn websocket(server: &str) -> String {
    let Some((scheme, rest)) = server.split_once("://") else { return server.to_owned() };
    let scheme = match scheme.to_ascii_lowercase().as_str() {
        "http" => "ws",
        "https" => "wss",
        _ => scheme,
    };
    format!("{scheme}://{rest}")
}
