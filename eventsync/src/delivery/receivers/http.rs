//! A URL, headers and a body enter; the answer of the server leaves, or why there is none.

use std::time::Duration;

/// No answer is longer than this.
const MOST_BYTES: u64 = 8 * 1024 * 1024;

/// What a server answered.
#[derive(Debug)]
pub struct Reply {
    /// The status of the answer.
    pub status: u16,
    /// Seconds that it asks to wait.
    pub retry_after: Option<u64>,
    /// Its body.
    pub body: Vec<u8>,
}

/// Why no answer came, or none that could be read.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{reason}")]
pub struct TransportError {
    /// What went wrong.
    pub reason: String,
    /// Whether the server may have got the request.
    pub may_have_arrived: bool,
}

/// Sends requests. Tests put a server in the same process in its place.
pub trait Poster {
    /// Sends a body.
    fn post(
        &self,
        url: &str,
        headers: &[(String, String)],
        body: &[u8],
        patience: Duration,
    ) -> Result<Reply, TransportError>;
    /// Asks for a page.
    fn get(&self, url: &str, headers: &[(String, String)], patience: Duration) -> Result<Reply, TransportError>;
}

/// The real network. Redirects are never followed: they would carry a token elsewhere.
#[derive(Debug)]
pub struct HttpClient {
    agent: ureq::Agent,
}

impl Default for HttpClient {
    fn default() -> Self {
        let config = ureq::Agent::config_builder()
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            .user_agent(concat!("eventsync/", env!("CARGO_PKG_VERSION")))
            .build();
        HttpClient { agent: config.into() }
    }
}

impl Poster for HttpClient {
    fn post(
        &self,
        url: &str,
        headers: &[(String, String)],
        body: &[u8],
        patience: Duration,
    ) -> Result<Reply, TransportError> {
        let request = self.agent.post(url).config().timeout_global(Some(patience)).build();
        read(headers.iter().fold(request, |request, (name, value)| request.header(name, value)).send(body))
    }

    fn get(&self, url: &str, headers: &[(String, String)], patience: Duration) -> Result<Reply, TransportError> {
        let request = self.agent.get(url).config().timeout_global(Some(patience)).build();
        read(headers.iter().fold(request, |request, (name, value)| request.header(name, value)).call())
    }
}

fn read(answered: Result<ureq::http::Response<ureq::Body>, ureq::Error>) -> Result<Reply, TransportError> {
    let mut response = answered.map_err(|error| {
        let may_have_arrived = !matches!(
            error,
            ureq::Error::HostNotFound
                | ureq::Error::ConnectionFailed
                | ureq::Error::BadUri(_)
                | ureq::Error::Http(_)
                | ureq::Error::Tls(_)
                | ureq::Error::Rustls(_)
        ) && !never_began(&error);
        TransportError { reason: error.to_string(), may_have_arrived }
    })?;
    let retry_after = response.headers().get("retry-after").and_then(|value| value.to_str().ok()?.trim().parse().ok());
    let body = response.body_mut().with_config().limit(MOST_BYTES).read_to_vec();
    let body = body.map_err(|error| TransportError { reason: error.to_string(), may_have_arrived: true })?;
    Ok(Reply { status: response.status().as_u16(), retry_after, body })
}

/// Whether there was never a connection: nobody has the name, or nobody listens there.
fn never_began(error: &ureq::Error) -> bool {
    let ureq::Error::Io(error) = error else { return false };
    // For a name that nobody has the standard library has a text, and no kind.
    error.kind() == std::io::ErrorKind::ConnectionRefused || error.to_string().starts_with("failed to lookup address")
}
