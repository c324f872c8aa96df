//! Pinned requirements enter; two Python venvs and a folder of npm packages that hold just these leave.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::run::{command, root, succeeds};

/// What tests of generated code need beside cargo.
#[derive(Debug)]
pub struct Environment {
    /// The interpreter of the venv.
    pub python: PathBuf,
    /// That of a venv with the oldest packages that a generated one declares.
    pub oldest_python: PathBuf,
    /// Where the npm packages lie.
    pub node_modules: PathBuf,
}

/// Makes what is absent or was made from other pins; what stands already costs nothing.
pub fn environment() -> Result<Environment> {
    let found = [version_of("python3", (3, 11))?, version_of("node", (20, 0))?, version_of("npm", (10, 0))?];
    let missing: Vec<&str> = found.iter().filter_map(|version| version.as_ref().err()).map(String::as_str).collect();
    ensure!(missing.is_empty(), "the generated packages cannot be tested:\n  {}", missing.join("\n  "));
    let [python, node, _] = found.map(|version| version.expect("nothing is missing"));
    browser()?;
    tracer()?;
    Ok(Environment {
        python: venv("tests/python", &python)?,
        oldest_python: venv("tests/python/oldest", &python)?,
        node_modules: node_modules(&node)?,
    })
}

/// Installs Debian's browser where there is none and we may; the reference for people is looked at with it.
fn browser() -> Result<()> {
    let places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
    let is_there = std::env::var_os("TESTS_CHROMIUM").is_some() || places.iter().any(|place| Path::new(place).exists());
    ensure!(
        is_there || installed("chromium"),
        "no browser is there and Debian's cannot be installed; install chromium, or name a browser in TESTS_CHROMIUM"
    );
    Ok(())
}

/// Installs Debian's strace where there is none and we may; what `eventsync` does to its files is recorded with it. Other
/// systems have nothing like it, and the tests that need it are not built there.
fn tracer() -> Result<()> {
    let is_there = !cfg!(target_os = "linux") || Command::new("strace").arg("--version").output().is_ok();
    ensure!(is_there || installed("strace"), "strace is not there and Debian's cannot be installed; install strace");
    Ok(())
}

fn installed(package: &str) -> bool {
    let mut install = command("apt-get", &["install", "--yes", "--quiet", "--no-install-recommends", package]);
    install.env("DEBIAN_FRONTEND", "noninteractive");
    let done = succeeds(&mut command("apt-get", &["update", "--quiet"])).and_then(|_| succeeds(&mut install));
    matches!(done, Ok(true))
}

/// What `PROGRAM --version` says, or what is wrong with it for the user to read.
fn version_of(program: &str, least: (u32, u32)) -> Result<Result<String, String>> {
    let wanted = format!("{program} {}.{} or newer", least.0, least.1);
    let output = match Command::new(program).arg("--version").output() {
        Ok(output) => output,
        Err(error) if error.kind() == ErrorKind::NotFound => {
            return Ok(Err(format!("{program} is not installed; {wanted} is needed")));
        }
        Err(error) => return Err(error).with_context(|| format!("cannot run {program}")),
    };
    let said = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    Ok(if version(&said) >= least { Ok(said) } else { Err(format!("{program} is `{said}`; {wanted} is needed")) })
}

/// Major and minor of `Python 3.11.7`, `v20.20.2` or `10.8.2`; zeros where there is no number.
fn version(said: &str) -> (u32, u32) {
    let number = said.rsplit(' ').next().unwrap_or_default().trim_start_matches('v');
    let mut parts = number.split('.').map(|part| part.parse().unwrap_or_default());
    (parts.next().unwrap_or_default(), parts.next().unwrap_or_default())
}

/// The interpreter of the venv in a folder, made from the requirements beside it.
fn venv(folder: &str, version: &str) -> Result<PathBuf> {
    let (venv, requirements) = (format!("{folder}/.venv"), format!("{folder}/requirements.txt"));
    let python = root().join(&venv).join("bin/python");
    made_from(&root().join(&venv), version, &[&requirements], || {
        let pip = ["-m", "pip", "install", "--disable-pip-version-check", "--quiet", "--requirement", &requirements];
        Ok(succeeds(&mut command("python3", &["-m", "venv", &venv]))? && succeeds(&mut command(&python, &pip))?)
    })?;
    Ok(python)
}

fn node_modules(version: &str) -> Result<PathBuf> {
    let folder = root().join("tests/typescript/node_modules");
    let pins = ["tests/typescript/package.json", "tests/typescript/package-lock.json"];
    made_from(&folder, version, &pins, || {
        let npm = ["ci", "--no-audit", "--no-fund", "--prefix", "tests/typescript"];
        succeeds(&mut command("npm", &npm))
    })?;
    Ok(folder)
}

/// Runs `make` unless the folder holds a stamp that says it was made by this version from these pins.
fn made_from(folder: &Path, version: &str, pins: &[&str], make: impl FnOnce() -> Result<bool>) -> Result<()> {
    let mut wanted = format!("{version}\n");
    for pin in pins {
        wanted += &fs::read_to_string(root().join(pin)).with_context(|| format!("cannot read {pin}"))?;
    }
    let stamp = folder.join("made-from-pins");
    if fs::read_to_string(&stamp).is_ok_and(|made_from| made_from == wanted) {
        return Ok(());
    }
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            return Err(error).with_context(|| format!("cannot remove {}", folder.display()));
        }
        _ => {}
    }
    ensure!(make()?, "cannot install what {} pins (is the package registry reachable?)", pins[0]);
    fs::write(&stamp, wanted).with_context(|| format!("cannot write {}", stamp.display()))
}

#[cfg(test)]
mod tests {
    use super::{version, version_of};

    #[test]
    fn each_program_says_its_version_in_its_own_way() {
        let said = ["Python 3.11.7", "v20.20.2", "10.8.2", "Python 3.9.0rc1", "no version"];
        assert_eq!(said.map(version), [(3, 11), (20, 20), (10, 8), (3, 9), (0, 0)]);
    }

    #[test]
    fn a_program_that_is_missing_or_too_old_is_named_with_what_is_needed() {
        let missing = version_of("no-such-program", (3, 11)).expect("that is an answer").unwrap_err();
        assert_eq!(missing, "no-such-program is not installed; no-such-program 3.11 or newer is needed");
        let old = version_of("cargo", (9999, 0)).expect("cargo runs these tests").unwrap_err();
        assert!(old.ends_with("; cargo 9999.0 or newer is needed"), "{old}");
    }
}
