//! A request enters; what the script, or a server in good health, answers to it leaves.

use serde_json::value::RawValue;
use serde_json::{Value, json};

use super::Known;
use super::exchange::{Answered, Request};
use super::script::{Answering, Login, Rule};
use crate::journal::envelope::Head;

/// The answer to a request. What it takes is recorded before that.
pub(super) fn answer(known: &mut Known, request: &Request) -> Answered {
    match (request.method.as_str(), request.path.as_str()) {
        ("GET", "/api/v1/sync/health/") => {
            json(200, &known.script.health.clone().unwrap_or_else(|| json!({"status": "ok"})))
        }
        ("POST", "/api/v1/token/") => login(known.script.login.as_ref(), request, false),
        ("POST", "/api/v1/token/refresh/") => login(known.script.login.as_ref(), request, true),
        ("POST", _) => batch(known, request),
        _ => json(404, &json!({"error": "no such page"})),
    }
}

/// Events of a batch, each with its id and its bytes.
fn events(body: &[u8]) -> Option<Vec<(String, &[u8])>> {
    #[derive(serde::Deserialize)]
    struct Batch<'a> {
        #[serde(borrow)]
        events: Vec<&'a RawValue>,
    }
    let batch: Batch<'_> = serde_json::from_slice(body).ok()?;
    let mut events = Vec::with_capacity(batch.events.len());
    for raw in batch.events {
        let bytes = raw.get().as_bytes();
        events.push((Head::read(bytes).ok()?.event_id()?.to_owned(), bytes));
    }
    Some(events)
}

fn batch(known: &mut Known, request: &Request) -> Answered {
    if let Some(token) = &known.script.token
        && request.header("authorization") != Some(&format!("Bearer {token}"))
    {
        return json(401, &json!({"error": "the token is missing or wrong"}));
    }
    let Some(events) = events(&request.body) else { return json(400, &json!({"error": "this is no batch of events"})) };
    let chosen = known.script.rules.iter_mut().find(|rule| rule.times != Some(0) && matches(rule, &events));
    let answering = match chosen {
        Some(rule) => {
            rule.times = rule.times.map(|times| times - 1);
            rule.answer.clone()
        }
        None => Answering::default(),
    };
    by_script(known, &events, answering)
}

fn matches(rule: &Rule, events: &[(String, &[u8])]) -> bool {
    let when = &rule.when;
    let holds = |text: &str| events.iter().any(|(_, event)| String::from_utf8_lossy(event).contains(text));
    when.more_than.is_none_or(|most| events.len() > most)
        && (when.contains.is_empty() || events.iter().any(|(id, _)| when.contains.contains(id)))
        && when.text.as_deref().is_none_or(holds)
}

fn by_script(known: &mut Known, events: &[(String, &[u8])], answering: Answering) -> Answered {
    let status = answering.status.unwrap_or(200);
    let takes_all = answering.takes;
    let answers_usually =
        status == 200 && answering.body.is_none() && answering.text.is_none() && answering.fill.is_none();
    let body = if answers_usually {
        Some(json!({"results": results(known, events, &answering)}))
    } else {
        if takes_all {
            for (id, event) in events {
                known.take(id, event);
            }
        }
        answering.body
    };
    let text = answering.text.or_else(|| answering.fill.map(|length| " ".repeat(length)));
    let bytes = text.map(String::into_bytes).or_else(|| body.map(|body| body.to_string().into_bytes()));
    Answered {
        status,
        headers: answering.headers.into_iter().collect(),
        body: bytes.unwrap_or_default(),
        is_dropped: answering.drop,
        is_held: answering.hold,
        cut_after: answering.cut_after,
    }
}

/// What is said of each event: as the script has it, else success, or duplicate where it is there already.
fn results(known: &mut Known, events: &[(String, &[u8])], answering: &Answering) -> Vec<Value> {
    let mut results = Vec::new();
    for (id, event) in events {
        let said = match answering.results.get(id) {
            Some(None) => continue,
            Some(Some(said)) => said.clone(),
            // Held or dropped before it stored anything, unless the script says that it takes.
            None if (answering.hold || answering.drop) && !answering.takes => continue,
            None => json!({"status": if known.take(id, event) { "success" } else { "duplicate" }}),
        };
        let mut result = json!({"event_id": id});
        if let (Some(result), Value::Object(said)) = (result.as_object_mut(), said) {
            result.extend(said);
        }
        results.push(result);
    }
    results.extend(answering.more_results.iter().cloned());
    results
}

fn login(login: Option<&Login>, request: &Request, is_refresh: bool) -> Answered {
    let asked: Value = serde_json::from_slice(&request.body).unwrap_or_default();
    let is = |key: &str, known: &Option<String>| known.is_some() && asked[key].as_str() == known.as_deref();
    let granted = login.filter(|login| {
        if is_refresh {
            is("refresh", &login.refresh)
        } else {
            is("username", &login.username) && is("password", &login.password)
        }
    });
    match granted {
        Some(login) => json(
            200,
            &json!({"access": login.access, "refresh": login.refresh, "access_lifetime": 900,
                "refresh_lifetime": 604_800, "team_slug": login.team_slug}),
        ),
        None => json(401, &json!({"error": "no such user, or another password"})),
    }
}

fn json(status: u16, body: &Value) -> Answered {
    let headers = vec![("Content-Type".to_owned(), "application/json".to_owned())];
    Answered { status, headers, body: body.to_string().into_bytes(), ..Answered::default() }
}
