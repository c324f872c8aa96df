//! The answer to a batch enters; what it means for each event leaves. One mapping for every kind of receiver.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{Answer, Reply, TransportError, Verdict};
use crate::delivery::batch::BatchEvent;
use crate::generated::{
    AnswerStep, DeliveryOutcome, EffectCertainty, ErrorCategory, HttpAnswer, ServerVerdict, http_answers,
    server_verdicts,
};

/// The longest text of an error that is kept.
const LONGEST_ERROR: usize = 500;

/// What an answer, or its absence, means for the events of the request.
pub(super) fn answer(events: &[&BatchEvent], reply: Result<Reply, TransportError>, request_bytes: usize) -> Answer {
    match reply {
        Ok(reply) => of_reply(events, &reply, request_bytes),
        Err(error) => {
            let mut answer = of_all(events, HttpAnswer::Transport, None, Some(&error.reason), request_bytes);
            if !error.may_have_arrived {
                set_certainty(&mut answer, EffectCertainty::KnownNoEffect);
            }
            answer
        }
    }
}

fn of_reply(events: &[&BatchEvent], reply: &Reply, request_bytes: usize) -> Answer {
    let body: Option<Value> = serde_json::from_slice(&reply.body).ok();
    let kind = kind(reply.status);
    let text = body.as_ref().and_then(error_text);
    let mut answer = match (kind, &body) {
        (HttpAnswer::Ok200, Some(Value::Object(body))) if body.get("results").is_some_and(Value::is_array) => {
            of_results(events, &body["results"], request_bytes)
        }
        (HttpAnswer::Ok200, _) => {
            of_all(events, kind, Some(reply.status), Some("the answer has no list `results`"), request_bytes)
        }
        (HttpAnswer::BadRequest400, _) if is_about_size(text.as_deref()) => {
            of_all(events, HttpAnswer::TooLarge413, Some(reply.status), text.as_deref(), request_bytes)
        }
        (HttpAnswer::BadRequest400, Some(body)) => match details(body, events) {
            Some(details) => of_details(events, &details, request_bytes),
            None => of_all(events, kind, Some(reply.status), text.as_deref(), request_bytes),
        },
        (HttpAnswer::Protocol412, _) => of_protocol(events, body.as_ref(), request_bytes),
        _ => of_all(events, kind, Some(reply.status), text.as_deref(), request_bytes),
    };
    answer.retry_after = reply.retry_after;
    answer.byte_limit = body.as_ref().and_then(byte_limit);
    answer
}

/// The first kind of which the range holds the status.
fn kind(status: u16) -> HttpAnswer {
    let status = i64::from(status);
    let holds =
        |kind: HttpAnswer| (http_answers::first_status(kind)..=http_answers::last_status(kind)).contains(&status);
    HttpAnswer::ALL.iter().copied().find(|kind| holds(*kind)).unwrap_or(HttpAnswer::Other)
}

/// What an answer means that names no event.
fn of_all(
    events: &[&BatchEvent],
    kind: HttpAnswer,
    status: Option<u16>,
    text: Option<&str>,
    request_bytes: usize,
) -> Answer {
    let is_alone = events.len() == 1;
    let outcome = if is_alone { http_answers::alone(kind) } else { http_answers::outcome(kind) };
    let known = if is_alone { http_answers::alone_category(kind) } else { http_answers::category(kind) };
    let category = if known == ErrorCategory::Unknown { text.map_or(known, by_words) } else { known };
    let error = text.map_or_else(|| without_text(kind, status), shortened);
    let certainty = http_answers::certainty(kind);
    let verdict = |event: &&BatchEvent| Verdict {
        seq: event.seq,
        event_id: event.event_id.clone(),
        outcome,
        http_status: status,
        error: Some(error.clone()),
        category: Some(category),
        raw: None,
        certainty,
    };
    let step = http_answers::step(kind);
    // A batch of one cannot be cut: what it gets is its own.
    let step = match step {
        AnswerStep::Bisect | AnswerStep::Halve if is_alone => AnswerStep::Record,
        step => step,
    };
    Answer {
        kind,
        http_status: status,
        verdicts: events.iter().map(verdict).collect(),
        again: Vec::new(),
        step,
        certainty,
        request_bytes,
        retry_after: None,
        byte_limit: None,
        notes: Vec::new(),
    }
}

fn without_text(kind: HttpAnswer, status: Option<u16>) -> String {
    match status {
        Some(status) => format!("the server answered {status}"),
        None => format!("no answer ({})", kind.as_str()),
    }
}

/// A list of results: each event gets what is said of it.
fn of_results(events: &[&BatchEvent], results: &Value, request_bytes: usize) -> Answer {
    let mut said: BTreeMap<&str, Vec<&Value>> = BTreeMap::new();
    for result in results.as_array().into_iter().flatten() {
        if let Some(id) = result["event_id"].as_str() {
            said.entry(id).or_default().push(result);
        }
    }
    let mut answer = of_all(events, HttpAnswer::Ok200, Some(200), None, request_bytes);
    answer.certainty = EffectCertainty::Terminal;
    answer.verdicts = events.iter().map(|event| of_one(event, said.remove(event.event_id.as_str()))).collect();
    if !said.is_empty() {
        let ids: Vec<&str> = said.keys().take(5).copied().collect();
        answer.notes.push(format!(
            "the server answered about events that were not sent ({}): {}",
            said.len(),
            ids.join(", ")
        ));
    }
    answer
}

fn of_one(event: &BatchEvent, said: Option<Vec<&Value>>) -> Verdict {
    let mut verdict = Verdict {
        seq: event.seq,
        event_id: event.event_id.clone(),
        outcome: DeliveryOutcome::Pending,
        http_status: Some(200),
        error: None,
        category: None,
        raw: None,
        certainty: EffectCertainty::PossiblyEffective,
    };
    let Some(said) = said else {
        verdict.error = Some("the answer does not name the event".to_owned());
        return verdict;
    };
    verdict.raw = Some(said[0].to_string());
    let statuses: Vec<Option<ServerVerdict>> = said.iter().map(|result| known_status(result)).collect();
    let agrees = said.iter().all(|result| result["status"] == said[0]["status"]);
    let Some(status) = statuses[0].filter(|_| agrees) else {
        let written = &said[0]["status"];
        let error =
            if agrees { format!("unknown status {written}") } else { "results that contradict each other".to_owned() };
        (verdict.outcome, verdict.error) = (DeliveryOutcome::Transient, Some(error));
        verdict.category = Some(ErrorCategory::UnknownStatus);
        return verdict;
    };
    (verdict.outcome, verdict.certainty) = (server_verdicts::outcome(status), server_verdicts::certainty(status));
    if status == ServerVerdict::Rejected {
        refuse(&mut verdict, said[0]);
    }
    verdict
}

/// Case counts: only what is exactly one of the words is known.
fn known_status(result: &Value) -> Option<ServerVerdict> {
    let written = result["status"].as_str()?;
    written.parse().ok()
}

fn refuse(verdict: &mut Verdict, result: &Value) {
    let text = ["error_message", "error", "reason", "detail"].iter().find_map(|key| result[*key].as_str());
    let told = ["error_category", "category"].iter().find_map(|key| result[*key].as_str());
    let category = told.and_then(|told| told.parse::<ErrorCategory>().ok());
    let category = category.unwrap_or_else(|| text.map_or(ErrorCategory::Unknown, by_words));
    if category.is_terminal_rejection() {
        verdict.outcome = DeliveryOutcome::TerminalFailed;
    }
    verdict.error = Some(text.map_or_else(|| "the server gave no reason".to_owned(), shortened));
    verdict.category = Some(category);
}

/// A refusal that names events: those are rejected, the others are sent once more.
fn of_details(events: &[&BatchEvent], details: &[Value], request_bytes: usize) -> Answer {
    let named: BTreeMap<&str, &Value> =
        details.iter().filter_map(|detail| Some((detail["event_id"].as_str()?, detail))).collect();
    let mut answer = of_all(events, HttpAnswer::BadRequest400, Some(400), None, request_bytes);
    answer.step = AnswerStep::Record;
    for (verdict, event) in answer.verdicts.iter_mut().zip(events) {
        if let Some(detail) = named.get(event.event_id.as_str()) {
            (verdict.outcome, verdict.raw) = (DeliveryOutcome::Rejected, Some(detail.to_string()));
            refuse(verdict, detail);
        } else {
            verdict.outcome = DeliveryOutcome::Transient;
            verdict.error = Some("refused together with others of its batch".to_owned());
            answer.again.push(event.seq);
        }
    }
    answer
}

/// The details of a refusal, where they name at least one event of the request: a list, or a list written as a text.
fn details(body: &Value, events: &[&BatchEvent]) -> Option<Vec<Value>> {
    let written = body.get("details")?;
    let list = match written {
        Value::Array(list) => list.clone(),
        Value::String(text) => serde_json::from_str(text).ok()?,
        _ => return None,
    };
    let ids: BTreeSet<&str> = events.iter().map(|event| event.event_id.as_str()).collect();
    list.iter().any(|detail| detail["event_id"].as_str().is_some_and(|id| ids.contains(id))).then_some(list)
}

/// Client and server do not understand each other: nothing is parked, and the operator is told what to do.
fn of_protocol(events: &[&BatchEvent], body: Option<&Value>, request_bytes: usize) -> Answer {
    let body = body.unwrap_or(&Value::Null);
    let guidance = body["sync_protocol"]["upgrade_guidance"].as_str().or_else(|| body["error_description"].as_str());
    let guidance = guidance.unwrap_or("the server does not take this version of the sync protocol");
    let category = body["error_code"].as_str().and_then(|code| code.parse::<ErrorCategory>().ok());
    let category = category.filter(|category| category.is_protocol()).unwrap_or(ErrorCategory::ProtocolMismatch);
    let mut answer = of_all(events, HttpAnswer::Protocol412, Some(412), Some(guidance), request_bytes);
    for verdict in &mut answer.verdicts {
        verdict.category = Some(category);
    }
    answer.notes.push(shortened(guidance));
    answer
}

fn set_certainty(answer: &mut Answer, certainty: EffectCertainty) {
    answer.certainty = certainty;
    for verdict in &mut answer.verdicts {
        verdict.certainty = certainty;
    }
}

fn error_text(body: &Value) -> Option<String> {
    let found = ["error", "error_description", "detail", "message"].iter().find_map(|key| body[*key].as_str());
    found.map(str::to_owned)
}

fn is_about_size(text: Option<&str>) -> bool {
    text.is_some_and(|text| ["too large", "oversized"].iter().any(|words| text.to_ascii_lowercase().contains(words)))
}

/// What a text is about, where the status does not say.
fn by_words(text: &str) -> ErrorCategory {
    const WORDS: [(ErrorCategory, &[&str]); 3] = [
        (ErrorCategory::SchemaMismatch, &["invalid", "schema", "field", "missing", "type"]),
        (ErrorCategory::AuthExpired, &["token", "expired", "unauthorized", "401"]),
        (ErrorCategory::ServerError, &["internal", "500", "timeout", "unavailable"]),
    ];
    let text = text.to_ascii_lowercase();
    let found = WORDS.iter().find(|(_, words)| words.iter().any(|word| text.contains(word)));
    found.map_or(ErrorCategory::Unknown, |(category, _)| *category)
}

fn shortened(text: &str) -> String {
    text.chars().filter(|one| !one.is_control()).take(LONGEST_ERROR).collect()
}

/// What a server says of the bytes that it takes.
pub(super) fn byte_limit(body: &Value) -> Option<usize> {
    let limits = [&body["limits"], &body["sync_ingress"]["limits"]];
    let told = limits.iter().find_map(|limits| limits["max_decompressed_bytes_per_batch"].as_u64())?;
    usize::try_from(told).ok()
}
