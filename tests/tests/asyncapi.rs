//! Is the `AsyncAPI` document one, by the published schema, and do its messages decide as our schemas do?

use codegen::config::Config;
use codegen::emit::asyncapi;
use serde_json::{Value, json};
use tests::{node_modules, project, root};

fn exported(domain: &str) -> Value {
    let workspace = project::workspace(&root().join(domain));
    serde_json::from_str(&asyncapi::document(&workspace, &Config::default())).expect("the document is JSON")
}

#[test]
fn every_document_is_asyncapi_by_its_published_schema() {
    let path = node_modules().join("@asyncapi/specs/schemas/3.1.0.json");
    let schema: Value = serde_json::from_slice(&std::fs::read(path).expect("the schema is installed")).expect("JSON");
    let validator = jsonschema::draft7::options().build(&schema).expect("the schema is one");
    for domain in ["", "tests/domains/order", "tests/domains/corners"] {
        let document = exported(domain);
        let faults: Vec<_> = validator.iter_errors(&document).map(|fault| fault.to_string()).collect();
        assert!(faults.is_empty(), "{domain}: {}", faults.join("\n"));
    }
    let mut broken = exported("");
    broken["channels"] = json!([]);
    assert!(!validator.is_valid(&broken), "the schema does look");
}

#[test]
fn the_command_prints_the_document_of_the_project() {
    let command = || assert_cmd::cargo::cargo_bin_cmd!("codegen-under-test");
    let output = command().args(["export", "asyncapi", "-C"]).arg(root()).output().expect("the command runs");
    assert_eq!((output.status.code(), output.stderr), (Some(0), Vec::new()));
    let printed: Value = serde_json::from_slice(&output.stdout).expect("the document is JSON");
    assert_eq!(printed, exported(""));
    let faulty = project::parcel("language: 1\ncontract: parcel\nversion: x\n");
    let output = command().args(["export", "asyncapi", "-C"]).arg(faulty.path()).output().expect("the command runs");
    let told = String::from_utf8(output.stderr).expect("messages are text");
    assert_eq!(
        (output.status.code(), output.stdout),
        (Some(2), Vec::new()),
        "the file that it is printed to holds nothing"
    );
    assert!(told.starts_with("error: ") && told.contains("`codegen check`"), "{told}");
}

#[test]
fn a_message_is_the_envelope_with_the_payload_of_its_event() {
    let document = exported("");
    let mut schema = document["components"]["messages"]["ConnectorRevoked"]["payload"].clone();
    schema["components"] = document["components"].clone();
    let validator = jsonschema::draft7::options().build(&schema).expect("the payload's schema is one");
    let payload = json!({
        "connector_id": "c", "connector_type": "t", "provider": "p", "mission_id": "m",
        "project_uuid": "123e4567-e89b-12d3-a456-426614174000", "actor_id": "a", "actor_type": "human",
        "endpoint_url": "https://example.org", "recorded_at": "2026-01-01T00:00:00Z", "revocation_reason": "r",
    });
    let event = json!({
        "event_id": "01J00000000000000000000000", "event_type": "ConnectorRevoked", "aggregate_id": "a",
        "timestamp": "2026-01-01T00:00:00Z", "node_id": "n", "lamport_clock": 1,
        "project_uuid": "123e4567-e89b-12d3-a456-426614174000", "correlation_id": "01J00000000000000000000000",
        "payload": payload,
    });
    assert!(
        validator.is_valid(&event),
        "{:?}",
        validator.iter_errors(&event).map(|f| f.to_string()).collect::<Vec<_>>()
    );
    for (place, value) in [
        ("/event_type", json!("ConnectorProvisioned")),
        ("/lamport_clock", json!(-1)),
        ("/payload/actor_type", json!("robot")),
        ("/payload/connector_id", json!("")),
    ] {
        let mut wrong = event.clone();
        *wrong.pointer_mut(place).expect("a member of the event") = value;
        assert!(!validator.is_valid(&wrong), "{place}");
    }
    let message = &document["components"]["messages"]["ConnectorRevoked"];
    assert_eq!(message["description"], "Access to the provider was withdrawn.");
    assert_eq!(
        document["channels"]["connector"]["messages"]["ConnectorRevoked"]["$ref"],
        "#/components/messages/ConnectorRevoked"
    );
}
