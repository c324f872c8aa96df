//! The golden exchanges of the contract enter; do the command and the receiver both keep to them?

use eventsync::generated::{GoldenExchange, golden_exchanges};
use serde_json::{Value, json};

use crate::home::Home;
use crate::stub::Stub;

fn json_of(object: &event_contracts::support::Object) -> Value {
    serde_json::from_str(&object.to_json()).unwrap()
}

/// The events of a request, one a line, as a tool captures them.
fn lines(exchange: GoldenExchange) -> String {
    let request = json_of(&golden_exchanges::request(exchange));
    request["events"].as_array().unwrap().iter().flat_map(|event| [event.to_string(), "\n".to_owned()]).collect()
}

#[test]
fn the_command_makes_of_each_golden_answer_what_it_means() {
    for exchange in GoldenExchange::ALL.iter().copied() {
        let name = exchange.as_str();
        let status = golden_exchanges::status(exchange);
        let body = json_of(&golden_exchanges::answer(exchange));
        let script = json!({"rules": [{"times": 1, "answer": {"status": status, "body": body}}]});
        let (home, stub) = (Home::holding(&lines(exchange)), Stub::with_script(&script.to_string()));
        home.external(&stub.url);
        let report = home.run(&["now", "--json"]).json();
        let outcomes = golden_exchanges::outcomes(exchange);
        assert_eq!(report["selected"], outcomes.len(), "{name}: {report}");
        for (key, word) in [("delivered", "success"), ("duplicate", "duplicate"), ("rejected", "rejected")] {
            let expected = outcomes.iter().filter(|outcome| outcome.as_str() == word).count();
            assert_eq!(report[key], expected, "{name}: {key}: {report}");
        }
        let categories: Vec<&str> =
            report["failures"].as_array().unwrap().iter().map(|one| one["category"].as_str().unwrap()).collect();
        let expected: Vec<&str> =
            golden_exchanges::categories(exchange).iter().map(|category| category.as_str()).collect();
        assert_eq!(categories, expected, "{name}: {report}");
    }
}

#[test]
fn the_receiver_answers_as_the_golden_exchanges_do_where_contents_are_right() {
    let stub = Stub::start();
    for exchange in [GoldenExchange::OneStatusChange, GoldenExchange::ThreeTypes, GoldenExchange::Repeated] {
        let home = Home::holding(&lines(exchange));
        home.external(&stub.url);
        let report = home.run(&["now", "--json"]).json();
        let outcomes = golden_exchanges::outcomes(exchange);
        let expected = |word: &str| outcomes.iter().filter(|outcome| outcome.as_str() == word).count();
        let name = exchange.as_str();
        assert_eq!(report["delivered"], expected("success"), "{name}: {report}");
        assert_eq!(report["duplicate"], expected("duplicate"), "{name}: {report}");
    }
    assert_eq!(stub.ids().len(), 4, "a repeated event is taken once");
}
