//! Questions about machines enter; what each machine says leaves, a line a question.

use std::io;

use event_contracts::support::{Json, Next};

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
    ($question:ident, $name:literal: $more:expr) => {{
        let (from, to) = ($question.from::<State>(), $question.to::<State>());
        let members = [
            ("allowed", Json::Bool(machine::is_allowed(from, to))),
            ("successors", strings(machine::successors(from))),
            ("terminal", Json::Bool(machine::is_terminal(to))),
            ($name, $more(from, to)),
        ];
        Json::Object(members.into_iter().map(|(key, value)| (key.into(), value)).collect())
    }};
}

/// Asks `machine` over `State`, which stand in scope where this is used; with `payload` also a `Payload`.
macro_rules! edges {
    ($question:ident) => {
        said!($question, "violations": |from, to| strings(machine::violations(from, to)))
    };
    ($question:ident, payload) => {
        said!($question, "violations": |from, to| {
            let payload = Payload::from_json($question.text("payload_text").as_bytes());
            let payload = payload.unwrap_or_else(|faults| panic!("{faults}"));
            strings(machine::violations(from, to, &payload))
        })
    };
}

/// The same for a machine that goes by an `Input`.
macro_rules! inputs {
    ($question:ident) => {
        said!($question, "next": |from, _| {
            match machine::next(from, parsed::<Input>($question.text("input"))) {
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
        // An arm a machine of the workspace, written by `tests::corpus::rust_arms`.
        let answer = include!("machines/arms.rs");
        println!("{}", answer.to_json());
    }
}
