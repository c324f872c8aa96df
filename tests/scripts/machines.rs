//! Questions about machines enter; what each machine says leaves, a line a question.

use std::io;

use event_contracts::support::{Json, Next};
use event_contracts::{connector, corners, expressions, order, shipment};

/// One question, by member.
struct Question(Json);

impl Question {
    fn text(&self, member: &str) -> &str {
        match &self.0 {
            Json::Object(members) => match members.get(member) {
                Some(Json::String(text)) => text,
                _ => panic!("no {member}: {}", self.0),
            },
            other => panic!("no question: {other}"),
        }
    }

    fn from<T: std::str::FromStr>(&self) -> Option<T> {
        match &self.0 {
            Json::Object(members) if members.get("from") == Some(&Json::Null) => None,
            _ => Some(parsed(self.text("from"))),
        }
    }

    fn to<T: std::str::FromStr>(&self) -> T {
        parsed(self.text("to"))
    }
}

fn parsed<T: std::str::FromStr>(text: &str) -> T {
    text.parse().unwrap_or_else(|_| panic!("no member: {text}"))
}

fn strings<T: ToString>(items: impl IntoIterator<Item = T>) -> Json {
    Json::Array(items.into_iter().map(|item| Json::String(item.to_string().into())).collect())
}

macro_rules! said {
    ($question:ident, $family:ident :: $machine:ident, $state:ident, $name:literal: $more:expr) => {{
        let (from, to) = ($question.from::<$family::$state>(), $question.to::<$family::$state>());
        let members = [
            ("allowed", Json::Bool($family::$machine::is_allowed(from, to))),
            ("successors", strings($family::$machine::successors(from))),
            ("terminal", Json::Bool($family::$machine::is_terminal(to))),
            ($name, $more(from, to)),
        ];
        Json::Object(members.into_iter().map(|(key, value)| (key.into(), value)).collect())
    }};
}

macro_rules! edges {
    ($question:ident, $family:ident :: $machine:ident, $state:ident) => {
        said!($question, $family::$machine, $state, "violations": |from, to| strings($family::$machine::violations(from, to)))
    };
    ($question:ident, $family:ident :: $machine:ident, $state:ident, $payload:ident) => {
        said!($question, $family::$machine, $state, "violations": |from, to| {
            let payload = $family::$payload::from_json($question.text("payload_text").as_bytes());
            let payload = payload.unwrap_or_else(|faults| panic!("{faults}"));
            strings($family::$machine::violations(from, to, &payload))
        })
    };
}

macro_rules! inputs {
    ($question:ident, $family:ident :: $machine:ident, $state:ident, $input:ident) => {
        said!($question, $family::$machine, $state, "next": |from, _| {
            match $family::$machine::next(from, parsed::<$family::$input>($question.text("input"))) {
                Next::To(state) => strings(["to", state.as_str()]),
                Next::Stay => strings(["stay"]),
                Next::Refuse => strings(["refuse"]),
            }
        })
    };
}

fn main() {
    for line in io::stdin().lines() {
        let line = line.expect("lines are UTF-8");
        let question = Question(Json::from_json(line.as_bytes()).unwrap_or_else(|faults| panic!("{faults}: {line}")));
        let answer = match question.text("machine") {
            "connector_lifecycle" => edges!(question, connector::connector_lifecycle, ConnectorState),
            "order_flow" => edges!(question, order::order_flow, OrderState, OrderStateChangedPayload),
            "moods" => edges!(question, corners::moods, Mood, CornersTextsPayload),
            "lanes" => edges!(question, expressions::lanes, Lane, Held1Payload),
            "parcel" => inputs!(question, shipment::parcel, ShipmentState, Scan),
            "ladder" => inputs!(question, corners::ladder, Rung, Side),
            other => panic!("`{other}` is a machine that this program does not know yet: add a line"),
        };
        println!("{}", answer.to_json());
    }
}
