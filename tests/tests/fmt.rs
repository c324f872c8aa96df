//! Is there one layout for a contract, whatever it looked like, and does it mean the same with every comment kept?

use std::fs;
use std::path::{Path, PathBuf};

use codegen::config::Config;
use codegen::diagnostic::{Diagnostics, render_text};
use codegen::fmt::format;
use codegen::load::yaml::{Node, NodeKind, parse};
use codegen::load::{admit, comments};
use codegen::source::SourceMap;
use tests::layouts::another_layout;
use tests::random::Random;
use tests::{root, tree};

/// A file that was read.
struct Read {
    sources: SourceMap,
    root: Node,
}

impl Read {
    fn new(text: &str) -> Self {
        let (mut sources, mut out) = (SourceMap::default(), Diagnostics::default());
        let file = admit(&mut sources, "contract.yaml", text.as_bytes(), &mut out);
        let root = file.and_then(|file| parse(&sources, file, &mut out));
        let said = || format!("{}\n{text}", render_text(&out.sorted(&sources), &sources, false));
        let root = root.filter(|_| out.is_empty()).unwrap_or_else(|| panic!("{}", said()));
        Self { sources, root }
    }

    fn formatted(&self) -> String {
        let formatted = format(&self.sources, &self.root, &mut Diagnostics::default());
        formatted.unwrap_or_else(|| panic!("refused:\n{}", self.sources.text(self.root.span.file)))
    }

    fn comments(&self) -> Vec<&str> {
        comments(&self.sources, &self.root).into_iter().map(|one| self.sources.snippet(one.span)).collect()
    }

    /// What the file says, without places and styles.
    fn meaning(&self) -> String {
        fn said(node: &Node) -> String {
            match &node.kind {
                NodeKind::Scalar(text, _) => format!("{text:?}"),
                NodeKind::Sequence(items) => format!("{:?}", items.iter().map(said).collect::<Vec<_>>()),
                NodeKind::Mapping(members) => {
                    let members = members.iter().map(|(key, value)| (key.value.as_str(), said(value)));
                    format!("{:?}", members.collect::<Vec<_>>())
                }
            }
        }
        said(&self.root)
    }
}

/// All contracts that tests know.
fn contracts() -> Vec<(PathBuf, String)> {
    let folders = ["order", "corners", "expressions", "names", "foreign"];
    let folders = folders.iter().map(|domain| format!("tests/domains/{domain}/contracts"));
    let folders = folders.chain(["contracts".to_owned()]);
    let mut files: Vec<PathBuf> = folders
        .flat_map(|folder| fs::read_dir(root().join(folder)).unwrap().map(|entry| entry.unwrap().path()))
        .filter(|path| path.extension().is_some_and(|ending| ending == "yaml"))
        .collect();
    files.sort();
    files.into_iter().map(|path| (path.clone(), fs::read_to_string(path).unwrap())).collect()
}

#[test]
fn every_layout_of_a_contract_keeps_meaning_and_comments_and_stays() {
    let contracts = contracts();
    assert!(contracts.len() > 10, "the contracts are where they were");
    for (path, text) in contracts {
        let original = Read::new(&text);
        for seed in 1..=25 {
            let layout = another_layout(&original.root, &mut Random(seed));
            let other = Read::new(&layout);
            assert_eq!(other.meaning(), original.meaning(), "{} {seed}: the layout itself", path.display());
            let formatted = other.formatted();
            let read = Read::new(&formatted);
            assert_eq!(read.meaning(), original.meaning(), "{} {seed}", path.display());
            assert_eq!(read.comments(), other.comments(), "{} {seed}", path.display());
            assert_eq!(read.formatted(), formatted, "{} {seed}: formatted twice, of\n{layout}", path.display());
        }
    }
}

#[test]
fn a_contract_is_laid_out_as_it_is_written_by_hand() {
    let (before, after) = (root().join("tests/layouts/before.yaml"), root().join("tests/layouts/after.yaml"));
    let formatted = Read::new(&fs::read_to_string(before).unwrap()).formatted();
    if std::env::var_os("BLESS").is_some() {
        fs::write(&after, &formatted).unwrap();
    }
    assert_eq!(formatted, fs::read_to_string(after).unwrap());
}

/// What is generated from the contracts in a folder, by path.
fn generated(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let (mut sources, mut out) = (SourceMap::default(), Diagnostics::default());
    let files = codegen::files(folder, &Config::default(), &mut sources, &mut out).unwrap();
    let files = files.unwrap_or_else(|| panic!("{}", render_text(&out.sorted(&sources), &sources, false)));
    files.iter().map(|(path, content)| (path.to_owned(), content.to_vec())).collect()
}

#[test]
fn nothing_that_is_generated_changes_with_the_layout() {
    for domain in ["tests/domains/order", "", "tests/domains/corners"] {
        let folder = tempfile::tempdir().unwrap();
        tree::copy(&root().join(domain).join("contracts"), &folder.path().join("contracts"));
        let before = generated(folder.path());
        assert_eq!(fmt(folder.path(), &[], "").0, 0);
        assert_eq!(fmt(folder.path(), &["--check"], ""), (0, String::new(), String::new()), "{domain}");
        assert!(generated(folder.path()) == before, "{domain}");
    }
}

#[test]
fn the_contracts_of_this_repository_are_laid_out() {
    assert_eq!(fmt(&root(), &["--check"], ""), (0, String::new(), String::new()));
}

/// Exit code, stdout and stderr of `codegen fmt`.
fn fmt(folder: &Path, arguments: &[&str], input: &str) -> (i32, String, String) {
    let mut command = assert_cmd::cargo::cargo_bin_cmd!("codegen-under-test");
    command.current_dir(folder).args(["fmt", "-q"]).args(arguments).env("NO_COLOR", "1");
    let output = command.write_stdin(input).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

const HEAD: &str = "language: 1\nversion: 1.0.0\n";

#[test]
fn contracts_with_errors_are_left_alone_and_the_others_are_written() {
    let folder = tempfile::tempdir().unwrap();
    let wrong = format!("{HEAD}contract:   wrong\nrecord: {{}}\n");
    let right = format!("{HEAD}contract:   right\n");
    tree::write(folder.path(), &[("contracts/wrong.yaml", &wrong), ("contracts/right.yaml", &right)]);
    let (code, said, _) = fmt(folder.path(), &[], "");
    assert!(code == 1 && said.contains("contracts/wrong.yaml:4:1") && said.contains("unknown-key"), "{said}");
    let files = tree::contents(folder.path());
    assert_eq!(files.len(), 2, "nothing else is left behind: {:?}", files.keys());
    assert_eq!(files["contracts/wrong.yaml"], wrong.as_bytes());
    assert_eq!(files["contracts/right.yaml"], format!("{HEAD}contract: right\n").as_bytes());
}

#[test]
fn check_writes_nothing_and_shows_the_difference() {
    let folder = tempfile::tempdir().unwrap();
    let text = format!("{HEAD}contract:   right\n");
    tree::write(folder.path(), &[("contracts/right.yaml", &text)]);
    let (code, said, _) = fmt(folder.path(), &["--check"], "");
    assert!(code == 1 && said.contains("error[contract-layout]") && said.contains("+contract: right"), "{said}");
    let (code, said, _) = fmt(folder.path(), &["--check", "--format", "github"], "");
    assert!(code == 1 && said.contains("line=3,endLine=3,col=1,endColumn=18,title=contract-layout"), "{said}");
    assert_eq!(tree::contents(folder.path())["contracts/right.yaml"], text.as_bytes());
}

#[test]
fn a_layout_that_would_mean_something_else_is_refused() {
    let odd = format!("{HEAD}contract: odd\nx-a:\n  ? |-\n    \"a\"\n  : b\n");
    let (code, text, said) = fmt(Path::new("."), &["-"], &odd);
    assert!(code == 1 && text.is_empty() && said.contains("error[layout-refused]"), "{text}{said}");
}

#[test]
fn an_editor_gets_the_text_or_nothing() {
    let text = format!("{HEAD}contract:   right\r\n");
    let formatted = format!("{HEAD}contract: right\n");
    assert_eq!(fmt(Path::new("."), &["-"], &text), (0, formatted, String::new()));
    let (code, text, said) = fmt(Path::new("."), &["-"], "language: [");
    assert!(code == 1 && text.is_empty() && said.contains("error[yaml-syntax]"), "{text}{said}");
}

#[cfg(unix)]
#[test]
fn permissions_and_links_stay() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let text = format!("{HEAD}contract:   right\n");
    tree::write(folder.path(), &[("contracts/right.yaml", &text)]);
    let file = folder.path().join("contracts/right.yaml");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
    assert_eq!(fmt(folder.path(), &[], "").0, 0);
    assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o640);
    let real = folder.path().join("real.yaml");
    fs::write(&real, text.replace("right", "linked")).unwrap();
    std::os::unix::fs::symlink(&real, folder.path().join("contracts/linked.yaml")).unwrap();
    assert_eq!(fmt(folder.path(), &[], "").0, 0);
    assert!(folder.path().join("contracts/linked.yaml").is_symlink());
    assert_eq!(fs::read_to_string(real).unwrap(), format!("{HEAD}contract: linked\n"));
}
