//! The mode and what shows who we are enter; the receiver that it delivers to leaves.

use std::path::Path;

use super::context::Context;
use super::failure::Failure;
use crate::delivery::receivers::{External, HttpClient, Receiver, Teamspace, TokenSource};
use crate::generated::ModeDelivery;
use crate::policy::modes::HeaderSource;
use crate::policy::saas_is_enabled;
use crate::target::credentials::{self, Secret};
use crate::target::{Surfaces, server};

/// The receiver of the mode; none where it delivers nowhere.
pub fn receiver<'a>(
    context: &Context,
    client: &'a HttpClient,
    token_file: Option<&Path>,
) -> Result<Option<Box<dyn Receiver + 'a>>, Failure> {
    Ok(match context.delivery() {
        ModeDelivery::None => None,
        ModeDelivery::ExternalReceiver => {
            let named = context.mode.external_headers.iter();
            let headers = named.map(|(name, source)| Ok((name.clone(), sendable(name, &header(source)?)?)));
            let headers = headers.collect::<Result<_, Failure>>()?;
            Some(Box::new(External::new(client, context.mode.external_endpoint.clone(), headers)))
        }
        ModeDelivery::Teamspace => {
            let target = context.resolution.target();
            // The environment, or an editor, may name a server that `eventsync server` refuses.
            server::valid(target.resolved_server_url().as_str())?;
            let (token, source) = token(context, token_file)?;
            if let Some(token) = &token {
                sendable("Authorization", token.reveal())?;
            }
            let team = target.team_slug().map(|team| team.as_str().to_owned());
            if let Some(team) = &team {
                sendable("X-Team-Slug", team)?;
            }
            let surfaces = Surfaces::from(target);
            Some(Box::new(Teamspace::new(client, surfaces, team, saas_is_enabled(), token, source)))
        }
    })
}

/// The token: of the file that is named, of the environment, of the credentials.
fn token(context: &Context, file: Option<&Path>) -> Result<(Option<Secret>, TokenSource), Failure> {
    let given = match file {
        Some(path) => Some(read(path)?),
        None => std::env::var("EVENTSYNC_TOKEN").ok(),
    };
    if let Some(token) = given.map(|token| token.trim().to_owned()).filter(|token| !token.is_empty()) {
        let token = Secret::new(&token);
        return Ok((Some(token.clone()), TokenSource::Given(token)));
    }
    let access = credentials::read(&context.root)?.map(|known| known.access);
    Ok((access, TokenSource::Credentials(context.root.clone())))
}

/// The value of a header, from where the configuration says that it is.
fn header(source: &HeaderSource) -> Result<String, Failure> {
    let value = match source {
        HeaderSource::Env(name) => {
            std::env::var(name).map_err(|_| Failure::new(format!("the variable `{name}` of a header is not set")))?
        }
        HeaderSource::File(path) => read(Path::new(path))?,
    };
    Ok(value.trim().to_owned())
}

/// The value, where a header can hold it: nothing would be sent with another, and it would look like trouble on the way.
fn sendable(name: &str, value: &str) -> Result<Secret, Failure> {
    if value.bytes().all(|byte| byte == b'\t' || (b' '..=b'~').contains(&byte)) {
        return Ok(Secret::new(value));
    }
    Err(Failure::new(format!("the value of header `{name}` is not of visible ASCII characters, so it cannot be sent")))
}

fn read(path: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(path).map_err(|error| Failure::new(format!("{}: {error}", path.display())))
}
