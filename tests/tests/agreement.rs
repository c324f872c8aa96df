//! Do all implementations of one contract decide alike?

use std::thread;

use codegen::config::Config;
use codegen::emit::json_schema;
use codegen::interpret::{decode_payload, validate_lines};
use codegen::json;
use codegen::model::Workspace;
use tests::corpus::{Line, fixture_lines, mutant_lines, protocol, vector_lines};
use tests::implementation::Implementation;
use tests::project;
use tests::schema_verdicts::SchemaVerdicts;
use tests::vector_contract::vector_contract;

/// More differences are not worth reading.
const SHOWN: usize = 30;

#[test]
fn all_implementations_give_the_same_answers() {
    let folder = tempfile::tempdir().unwrap();
    let (vectors, cases) = vector_contract();
    project::of_everything(folder.path(), &vectors);
    let workspace = project::workspace(folder.path());
    let of_any_value = &cases.iter().find(|case| case.id == "S0705").unwrap().event_type;
    let mut lines = vector_lines(&cases);
    lines.extend(protocol(of_any_value));
    lines.extend(fixture_lines(&folder.path().join("fixtures")));
    lines.extend(mutant_lines(&workspace));

    let input = [lines.iter().map(|line| &line.bytes[..]).collect::<Vec<_>>().join(&b'\n'), vec![b'\n']].concat();
    let reference = reference(&workspace, &input);
    assert_eq!(reference.len(), lines.len(), "one answer a line");
    let mut differences = Vec::new();
    for (line, answer) in lines.iter().zip(&reference) {
        match &line.answer {
            Some(expected) if expected != answer => differences.push(difference(line, answer, "expected", expected)),
            _ => {}
        }
    }
    thread::scope(|scope| {
        let (project, input) = (folder.path(), &input);
        let generated = Implementation::ALL.into_iter().filter(|package| package.folder(project).exists());
        let packages: Vec<_> =
            generated.map(|package| (package, scope.spawn(move || package.answers(project, input)))).collect();
        differences.extend(schema_differences(&workspace, &lines));
        for (package, answers) in packages {
            let answers = answers.join().unwrap();
            assert_eq!(answers.len(), lines.len(), "{package:?}: one answer a line");
            for ((line, ours), theirs) in lines.iter().zip(&reference).zip(&answers) {
                if ours != theirs {
                    differences.push(difference(line, ours, &format!("{package:?}"), theirs));
                }
            }
        }
    });
    let count = differences.len();
    differences.truncate(SHOWN);
    assert!(count == 0, "{count} differences in {} lines\n{}", lines.len(), differences.join("\n"));
}

/// What the reference interpreter answers.
fn reference(workspace: &Workspace, input: &[u8]) -> Vec<String> {
    let mut output = Vec::new();
    validate_lines(workspace, input, &mut output).unwrap();
    String::from_utf8(output).unwrap().lines().map(str::to_owned).collect()
}

/// Where another validator decides otherwise by the schemas, though they do not say that they are weaker there.
fn schema_differences(workspace: &Workspace, lines: &[Line]) -> Vec<String> {
    let files = json_schema::emit(workspace, &Config::default());
    let mut schemas = SchemaVerdicts::new(files.get(json_schema::BUNDLE).unwrap());
    let mut differences = Vec::new();
    for line in lines {
        let Some((event_type, text)) = &line.payload else { continue };
        let Ok(payload) = json::read(text) else { continue };
        let event = workspace.event_named(event_type).unwrap();
        let faults = decode_payload(workspace, event, text).err().unwrap_or_default();
        let accepted = schemas.accepts(event_type, &payload);
        let is_excused = accepted && faults.iter().all(|fault| schemas.overlooks(fault));
        if accepted != faults.is_empty() && !is_excused {
            differences.push(difference(line, &format!("{faults:?}"), "schema accepts", &accepted.to_string()));
        }
    }
    differences
}

fn difference(line: &Line, answer: &str, who: &str, other: &str) -> String {
    let bytes = String::from_utf8_lossy(&line.bytes);
    let shown: String = bytes.chars().take(400).collect();
    format!("{}\n  line       {shown}\n  reference  {answer}\n  {who}  {other}", line.name)
}
