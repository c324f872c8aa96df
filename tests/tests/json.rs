//! Is the text of JSON judged and written as the vectors say?

use codegen::fault::Code;
use codegen::json::{self, MAX_BYTES, Value};
use codegen::model::Format;
use tests::{case::input, vectors};

#[test]
fn every_value_of_type_json_is_read_written_and_digested_as_the_vectors_say() {
    for case in vectors("scalars.json").iter().filter(|case| case["type"] == "json") {
        let id = case["id"].as_str().unwrap();
        match json::read(&input(case)) {
            Ok(value) => {
                assert_eq!(case["valid"], true, "{id}");
                if let Some(canonical) = case["canonical"].as_str() {
                    assert_eq!(json::canonical(&value), canonical, "{id}");
                }
                let digest = case["sha256"].as_str().or(case["canonical_sha256"].as_str());
                assert!(digest.is_none_or(|digest| digest == json::digest(&value)), "{id}");
            }
            Err(code) => assert_eq!(case["code"], code.as_str(), "{id}"),
        }
    }
}

#[test]
fn the_highest_fault_in_rank_stands_alone() {
    for (text, code) in [
        (r#"{"\ud800":1,"\ud800":2}"#, Code::DuplicateKey),
        (r#"{"\ud800":1,"\ud801":2}"#, Code::LoneSurrogate),
        (r#"[1e999,"\udc00"]"#, Code::LoneSurrogate),
        (r#"{"\ud83d\ude00":1,"😀":2}"#, Code::DuplicateKey),
        (r#""\é""#, Code::BadJson),
        (r#""\u00é0""#, Code::BadJson),
    ] {
        assert_eq!(json::read(text.as_bytes()), Err(code), "{text}");
    }
    let closed_too_often = "]".repeat(10) + &"[".repeat(65);
    assert_eq!(json::read(closed_too_often.as_bytes()), Err(Code::TooDeep));
    assert_eq!(json::read(&vec![0xff; MAX_BYTES + 1]), Err(Code::TooLarge));
}

#[test]
fn what_is_written_reads_back_equal() {
    let text = r#"{"a":[1e21,1e-7,0.1,-5,123456789012345680000],"b":"\u0000\u001f\"\\é\u007f"}"#;
    let value = json::read(text.as_bytes()).unwrap();
    assert_eq!(json::read(json::canonical(&value).as_bytes()), Ok(value));
    assert_eq!(json::canonical(&Value::from(-0.0)), "0");
}

#[test]
fn formats_are_those_that_are_published() {
    let text = std::fs::read_to_string(tests::root().join("tests/vectors/formats.json")).unwrap();
    let published: serde_json::Map<String, serde_json::Value> = serde_json::from_str(&text).unwrap();
    assert_eq!(published.len(), Format::ALL.len());
    for format in Format::ALL {
        let profile = &published[format.as_str()];
        assert_eq!(profile["regex"], format.regex());
        assert_eq!(profile["max_code_points"], format.max_code_points());
    }
}
