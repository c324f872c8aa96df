//! Does a date-time name the moment that the vectors say?

use codegen::interpret::{Instant, instant};
use tests::vectors;

#[test]
fn every_accepted_date_time_has_its_instant_and_moments_order_as_they_pass() {
    let mut seen = 0;
    for case in vectors("scalars.json").iter().filter(|case| case["instant"].is_object()) {
        let text: String = serde_json::from_str(case["text"].as_str().unwrap()).unwrap();
        let seconds = case["instant"]["s"].as_str().unwrap().parse().unwrap();
        let nanoseconds = u32::try_from(case["instant"]["ns"].as_u64().unwrap()).unwrap();
        assert_eq!(instant(&text), Some(Instant { seconds, nanoseconds }), "{text}");
        seen += 1;
    }
    assert!(seen > 0);
    assert!(instant("1969-12-31T23:59:59.5Z") < instant("1970-01-01T00:00:00+00:00"));
    assert_eq!(instant("2026-01-01T01:00:00+02:00"), instant("2025-12-31T23:00:00.000Z"));
}
