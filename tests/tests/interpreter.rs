//! Does the reference interpreter give the verdicts, errors and canonical texts that the vectors say?

use codegen::fault::Fault;
use codegen::interpret::decode_payload;
use codegen::json::{self, Value, canonical};
use tests::project::workspace;
use tests::tree;
use tests::vector_contract::vector_contract;

#[test]
fn every_vector_is_judged_as_it_says() {
    let (contract, cases) = vector_contract();
    let folder = tempfile::tempdir().unwrap();
    tree::write(folder.path(), &[("contracts/vectors.yaml", &contract)]);
    let workspace = workspace(folder.path());
    let mut differences = Vec::new();
    for case in &cases {
        let event = workspace.event_named(&case.event_type).unwrap();
        let judged = decode_payload(&workspace, event, &case.payload);
        let errors =
            judged.as_ref().err().map(|faults| faults.iter().map(Fault::to_value).collect()).unwrap_or_default();
        let expected = json::read(serde_json::to_string(&case.errors).unwrap().as_bytes()).unwrap();
        if Value::Array(errors) != expected {
            differences.push(format!("{}: {judged:?}, expected {}", case.id, canonical(&expected)));
        }
        let text = judged.ok().map(|value| canonical(value.get("v").unwrap_or(&Value::Null)));
        if text.is_some() && case.canonical.is_some() && text != case.canonical {
            differences.push(format!("{}: {text:?}, expected {:?}", case.id, case.canonical));
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}
