//! Families that share names keep their own; what only one has is found at the top.

use event_contracts::support_::{Schema, Status};
use event_contracts::{FirstPayload, ItemFirst, SecondPayload, event_, match_};

#[test]
fn each_family_keeps_its_types() {
    let first =
        FirstPayload::from_json(br#"{"support":"a","statusFirst":"b","item_first":{"state":["a",1]}}"#).unwrap();
    assert_eq!(first.shared_first.support.as_str(), "a");
    assert_eq!(first.item_first, Some(ItemFirst { schema: None, state: Some((Status::A, 1.into())) }));
    let second = SecondPayload::from_json(br#"{"support":"a","statusSecond":"b"}"#).unwrap();
    assert_eq!(second.to_json(), r#"{"statusSecond":"b","support":"a"}"#);
    assert_eq!(Schema::new("x").unwrap().as_str(), event_::Schema::new("x").unwrap().as_str());
    assert_eq!(Status::A.as_str(), match_::Status::A.as_str());
}
