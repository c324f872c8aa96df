//! An envelope enters; lines that are whole events in it leave: good ones, their neighbours, and such as test the door.

use codegen::json::{Value, canonical};
use codegen::model::{RecordId, Type, Workspace};

use super::{Instances, Random, mutant};

/// How many events are made of one envelope.
const EVENTS: u64 = 300;

/// Lines for the command `validate --envelope`.
pub fn event_lines(workspace: &Workspace, envelope: RecordId) -> Vec<Vec<u8>> {
    let made = (0..EVENTS).map(|seed| {
        let mut instances = Instances { workspace, random: Random::new(seed) };
        let mut event = event(&mut instances, envelope);
        if let (Value::Object(members), true) = (&mut event, instances.random.once_in(8)) {
            members.remove(*instances.random.pick(&["payload", "event_type", "id", "event_id"]));
        }
        let is_near = instances.random.once_in(2);
        if is_near { mutant(&event, &mut instances.random) } else { canonical(&event).into_bytes() }
    });
    let mut lines: Vec<Vec<u8>> = made.collect();
    let good = event(&mut Instances { workspace, random: Random::new(1) }, envelope);
    lines.extend(at_the_door(&canonical(&good)).map(String::into_bytes));
    // A line end inside would make two lines of it.
    lines.iter_mut().flatten().filter(|byte| **byte == b'\n').for_each(|byte| *byte = b' ');
    lines
}

/// An event that is good but for rules between fields.
fn event(instances: &mut Instances<'_>, envelope: RecordId) -> Value {
    let workspace = instances.workspace;
    let all: Vec<_> = workspace.events.iter().collect();
    let named = *instances.random.pick(&all);
    let mut event = instances.value(&Type::Record(envelope), 0);
    if let Value::Object(members) = &mut event {
        members.insert("event_type".to_owned(), named.wire.as_str().into());
        members.insert("payload".to_owned(), instances.value(&named.payload.ty(), 1));
    }
    event
}

/// What is refused, or accepted, because of the line itself.
fn at_the_door(good: &str) -> impl Iterator<Item = String> {
    let padding = " ".repeat(1 << 20);
    let open = good.trim_end_matches('}');
    let brackets = good.len() - open.len();
    let deep = |depth: usize| format!("{{\"payload\":{}1{}}}", "{\"a\":".repeat(depth), "}".repeat(depth));
    let many: Vec<String> = (0..300).map(|at| format!("\"k{at}\":0")).collect();
    [
        String::new(),
        "[]".to_owned(),
        " \"event\"".to_owned(),
        "{}".to_owned(),
        "{\"id\":{\"b\":1.0,\"a\":-0},\"event_id\":[1e2]}".to_owned(),
        "{\"event_type\":5,\"payload\":{}}".to_owned(),
        "{\"event_type\":\"__proto__\",\"payload\":{}}".to_owned(),
        "{\"event_type\":\"toString\",\"payload\":[]}".to_owned(),
        "{\"id\":1,\"id\":1}".to_owned(),
        format!("{{{}}}", many.join(",")),
        format!("{good}{padding}"),
        format!("{open},\"x\":\"{padding}\"{}", &good[good.len() - brackets..]),
        deep(62),
        deep(63),
        deep(64),
    ]
    .into_iter()
}
