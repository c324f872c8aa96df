//! Do all implementations of one contract decide alike, write alike what they accept, and reduce alike?

use std::path::Path;
use std::thread;

use codegen::config::Config;
use codegen::emit::json_schema;
use codegen::interpret::decode_payload;
use codegen::json::{self, Value, canonical};
use codegen::model::Workspace;
use tests::corpus::{
    Line, Question, Replay, courses, event_lines, fixture_lines, mutant_lines, protocol, questions, replays, saves,
    vector_lines,
};
use tests::implementation::{Implementation, Language};
use tests::project;
use tests::schema_verdicts::SchemaVerdicts;
use tests::vector_contract::vector_contract;

/// More differences are not worth reading.
const SHOWN: usize = 30;

/// Longer payloads are not written again: a line that holds one escaped would be too long.
const LONGEST: usize = json::MAX_BYTES / 2;

/// Calls of the command that cannot be run.
const REFUSED: &[&[&str]] = &[
    &["replay", "nobody"],
    &["replay", "nobody", "--partition", "no/such/file"],
    &["replay", "ledger", "--partition"],
    &["replay", "--partition", "--sorted", "council", "no/such/file"],
    &["validate", "--envelope", "no/such/file"],
    &["validate", "no/such/file", "--envelope=nobody"],
];

/// What every implementation is asked, and what the reference interpreter says to it.
struct Questions {
    /// Lines for the command `validate`.
    lines: Vec<Line>,
    /// The answer to each.
    answers: Vec<String>,
    /// Events and texts of the payloads among them that are valid.
    valid: Vec<Valid>,
    /// Lines that are whole events in an envelope of this name, and the answer to each.
    events: Vec<(String, Vec<Vec<u8>>, Vec<String>)>,
    /// What the machines are asked.
    moves: Vec<Question>,
    /// What the reducers are given.
    replays: Vec<Replay>,
    /// Logs of which they say what they save.
    saves: Vec<String>,
    /// The exit code, standard output and standard error of each call that cannot be run.
    refusals: Vec<(Option<i32>, String, String)>,
}

struct Valid {
    name: String,
    line: String,
    canonical: String,
}

#[test]
fn all_implementations_give_the_same_answers_and_texts() {
    let folder = tempfile::tempdir().unwrap();
    let (contract, cases) = vector_contract();
    project::of_everything(folder.path(), &contract);
    let workspace = project::workspace(folder.path());
    let of_any_value = &cases.iter().find(|case| case.id == "S0705").unwrap().event_type;
    let mut lines = vector_lines(&cases);
    lines.extend(protocol(of_any_value));
    lines.extend(fixture_lines(&folder.path().join("fixtures")));
    lines.extend(mutant_lines(&workspace));
    let questions = Questions::new(folder.path(), &workspace, lines);

    let mut differences = questions.unexpected_answers();
    thread::scope(|scope| {
        let (project, questions) = (folder.path(), &questions);
        let languages = [Language::Rust, Language::Python, Language::TypeScript];
        let languages = languages.map(|language| scope.spawn(move || questions.differences(language, project)));
        differences.extend(questions.schema_differences(&workspace));
        let mut saved = Vec::new();
        for language in languages {
            let (different, states) = language.join().unwrap();
            differences.extend(different);
            saved.push(states);
        }
        differences.extend(questions.differently_saved(&saved));
    });
    let count = differences.len();
    differences.truncate(SHOWN);
    assert!(count == 0, "{count} differences in {} lines\n{}", questions.lines.len(), differences.join("\n"));
}

impl Questions {
    fn new(project: &Path, workspace: &Workspace, lines: Vec<Line>) -> Self {
        let mut validate = assert_cmd::cargo::cargo_bin_cmd!("codegen-under-test");
        validate.args(["validate", "-C"]).arg(project).write_stdin(input(lines.iter().map(|line| &line.bytes[..])));
        let output = validate.output().unwrap();
        let answers: Vec<String> = String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect();
        assert_eq!(answers.len(), lines.len(), "one answer a line");
        let valid = lines.iter().filter_map(|line| {
            let (event_type, text) = line.payload.as_ref().filter(|(_, text)| text.len() < LONGEST)?;
            let value = decode_payload(workspace, workspace.event_named(event_type)?, text).ok()?;
            let payload = Value::from(std::str::from_utf8(text).ok()?);
            let case = Value::object([("event_type", event_type.as_str().into()), ("payload_text", payload)]);
            Some(Valid { name: line.name.clone(), line: canonical(&case), canonical: canonical(&value) })
        });
        let valid = valid.collect();
        let courses = courses(&project.join("fixtures"));
        let (replays, saves) = (replays(workspace, &courses), saves(workspace, &courses));
        let events = workspace.envelopes().map(|(envelope, _)| {
            let name = workspace.records[envelope].meta.name.clone();
            let lines = event_lines(workspace, envelope);
            let answers = event_answers(project, &name, &lines);
            (name, lines, answers)
        });
        let events = events.collect();
        let refusals = REFUSED.iter().map(|arguments| refusal(project, arguments)).collect();
        Self { lines, answers, valid, events, moves: questions(workspace), replays, saves, refusals }
    }

    /// Where the interpreter answers otherwise than vectors, protocol or fixtures say.
    fn unexpected_answers(&self) -> Vec<String> {
        let known = self.lines.iter().zip(&self.answers);
        let known = known.filter_map(|(line, answer)| Some((line, answer, line.answer.as_ref()?)));
        known
            .filter(|(_, answer, expected)| answer != expected)
            .map(|(line, answer, expected)| difference(line, answer, "expected", expected))
            .collect()
    }

    /// Where a generated package answers or writes otherwise than the interpreter, and what its reducers save.
    fn differences(&self, language: Language, project: &Path) -> (Vec<String>, Vec<String>) {
        let package = Implementation::with_programs(language, project, &["canonical", "machines", "replays", "saves"]);
        let name = format!("{language:?}");
        let answers = package.answers(&input(self.lines.iter().map(|line| &line.bytes[..])));
        assert_eq!(answers.len(), self.lines.len(), "{name}: one answer a line");
        let mut differences = Vec::new();
        for ((line, ours), theirs) in self.lines.iter().zip(&self.answers).zip(&answers) {
            if ours != theirs {
                differences.push(difference(line, ours, &name, theirs));
            }
        }
        let texts = package.canonical_texts(&input(self.valid.iter().map(|case| case.line.as_bytes())));
        assert_eq!(texts.len(), self.valid.len(), "{name}: one text a payload");
        for (case, text) in self.valid.iter().zip(&texts) {
            if case.canonical != *text {
                let Valid { name: case, line, canonical } = case;
                differences.push(format!("{case}\n  line       {line}\n  reference  {canonical}\n  {name}  {text}"));
            }
        }
        for (envelope, lines, answers) in &self.events {
            let said = package.event_answers(envelope, &input(lines.iter().map(|line| &line[..])));
            assert_eq!(said.len(), answers.len(), "{name}: one answer an event");
            for ((line, ours), theirs) in
                lines.iter().zip(answers).zip(&said).filter(|((_, ours), theirs)| ours != theirs)
            {
                let line = String::from_utf8_lossy(&line[..line.len().min(2000)]);
                differences.push(format!("{envelope}\n  event      {line}\n  reference  {ours}\n  {name}  {theirs}"));
            }
        }
        let asked: Vec<String> = self.moves.iter().map(|question| question.line(language)).collect();
        let said = package.moves(&input(asked.iter().map(String::as_bytes)));
        assert_eq!(said.len(), asked.len(), "{name}: one answer a question");
        for ((question, asked), said) in self.moves.iter().zip(&asked).zip(&said) {
            if question.answer != *said {
                differences.push(format!("{asked}\n  reference  {}\n  {name}  {said}", question.answer));
            }
        }
        let reduced = package.replays(&input(self.replays.iter().map(|replay| replay.line.as_bytes())));
        assert_eq!(reduced.len(), self.replays.len(), "{name}: one state a log");
        for (replay, theirs) in self.replays.iter().zip(&reduced) {
            if replay.answer != *theirs {
                let Replay { name: log, line, answer } = replay;
                differences.push(format!("{log}\n  log        {line}\n  reference  {answer}\n  {name}  {theirs}"));
            }
        }
        for (arguments, refusal) in REFUSED.iter().zip(&self.refusals) {
            let told = package.run(arguments);
            if told != *refusal {
                differences.push(format!("{arguments:?}\n  reference  {refusal:?}\n  {name}  {told:?}"));
            }
        }
        let saved = package.saves(&input(self.saves.iter().map(String::as_bytes)));
        assert_eq!(saved.len(), self.saves.len(), "{name}: one saved state a log");
        (differences, saved)
    }

    /// Where packages save something else than the first of them: the interpreter saves nothing.
    fn differently_saved(&self, saved: &[Vec<String>]) -> Vec<String> {
        let mut differences = Vec::new();
        for (at, asked) in self.saves.iter().enumerate() {
            let texts: Vec<&str> = saved.iter().map(|texts| texts[at].as_str()).collect();
            if texts.iter().any(|text| *text != texts[0]) {
                differences.push(format!("{asked}\n  saved  {}", texts.join("\n  saved  ")));
            }
        }
        differences
    }

    /// Where another validator decides otherwise by the schemas, though they do not say that they are weaker there.
    fn schema_differences(&self, workspace: &Workspace) -> Vec<String> {
        let files = json_schema::emit(workspace, &Config::default());
        let mut schemas = SchemaVerdicts::new(files.get(json_schema::BUNDLE).unwrap());
        let mut differences = Vec::new();
        for line in &self.lines {
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
}

/// What `codegen` says to lines that are whole events: some are good, and some are at fault in both their parts.
fn event_answers(project: &Path, envelope: &str, lines: &[Vec<u8>]) -> Vec<String> {
    let mut command = assert_cmd::cargo::cargo_bin_cmd!("codegen-under-test");
    command.args(["validate", &format!("--envelope={envelope}"), "-C"]).arg(project);
    let output = command.write_stdin(input(lines.iter().map(|line| &line[..]))).output().unwrap();
    let answers: Vec<String> = String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect();
    assert_eq!(answers.len(), lines.len(), "one answer an event");
    let count = |is: fn(&String) -> bool| answers.iter().filter(|answer| is(answer)).count();
    assert!(count(|answer| answer.ends_with("\"valid\":true}")) > 10, "{envelope}");
    assert!(count(|answer| answer.contains("\"path\":\"/payload/")) > 10, "{envelope}");
    assert!(count(|answer| answer.contains("\"/payload/") && answer.matches("\"code\"").count() > 1) > 2, "{envelope}");
    answers
}

/// What `codegen` says to a call that it cannot run.
fn refusal(project: &Path, arguments: &[&str]) -> (Option<i32>, String, String) {
    let mut command = assert_cmd::cargo::cargo_bin_cmd!("codegen-under-test");
    let output = command.args(arguments).arg("-C").arg(project).output().unwrap();
    let [out, err] = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap());
    assert_eq!((output.status.code(), out.as_str(), err.lines().count()), (Some(2), "", 1), "{err}");
    (Some(2), out, err)
}

/// Lines with their ends.
fn input<'l>(lines: impl Iterator<Item = &'l [u8]>) -> Vec<u8> {
    let mut input = Vec::new();
    for line in lines {
        input.extend_from_slice(line);
        input.push(b'\n');
    }
    input
}

fn difference(line: &Line, answer: &str, who: &str, other: &str) -> String {
    let bytes = String::from_utf8_lossy(&line.bytes);
    let shown: String = bytes.chars().take(400).collect();
    format!("{}\n  line       {shown}\n  reference  {answer}\n  {who}  {other}", line.name)
}
