"""The committed package enters; that its wheel alone is all a consumer needs is asserted."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder into which the wheel was installed; nothing is fetched."""
    folder = tmp_path_factory.mktemp("wheel")
    source, wheels, site = folder / "source", folder / "wheels", folder / "site"
    shutil.copytree(ROOT / "generated/python", source)
    run(folder, "build", "--wheel", "--no-isolation", "--outdir", str(wheels), str(source))
    [wheel] = wheels.glob("*.whl")
    run(folder, "pip", "install", "--no-index", "--no-deps", "--target", str(site), str(wheel))
    shutil.rmtree(source)
    return site


def run(site: Path, *module_and_arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    """Runs a module with what is installed in a folder, away from the repository."""
    return subprocess.run(
        [sys.executable, "-m", *module_and_arguments],
        cwd=site.parent,
        env={**os.environ, "PYTHONPATH": str(site)},
        input=stdin,
        capture_output=True,
        text=True,
        check=True,
    )


def test_an_installed_package_proves_itself(installed: Path) -> None:
    told = run(installed, "pytest", "-q", "-p", "no:cacheprovider", "--pyargs", "event_contracts.conformance").stdout
    fixtures = installed / "event_contracts/conformance/fixtures"
    payloads = [path for kind in ("valid", "invalid") for path in fixtures.glob(f"*/{kind}/*.json")]
    generated = list(fixtures.glob("generated/*/*.jsonl"))
    assert payloads
    assert generated
    manifest = json.loads((fixtures / "manifest.json").read_text())["fixtures"]
    goldens = [golden for entry in manifest for golden in entry.get("goldens", [])]
    assert told.splitlines()[-1].startswith(f"{len(payloads) + len(generated) + len(goldens)} passed")


def test_it_is_typed_and_carries_its_schemas(installed: Path) -> None:
    names = {path.name for path in (ROOT / "schemas").glob("*.schema.json")} - {
        "contract.schema.json",
        "contract.draft-07.schema.json",
    }
    assert {path.name for path in (installed / "event_contracts/schemas").iterdir()} == names
    assert (installed / "event_contracts/py.typed").is_file()


def test_fixtures_are_loaded_by_category_and_type(installed: Path) -> None:
    look = """
from event_contracts.conformance import load_fixtures
assert {fixture.fixture_type for fixture in load_fixtures("connector")} >= {"valid", "invalid"}
assert {fixture.category for fixture in load_fixtures("sync", "valid")} == {"sync"}
for unknown in (("nothing",), ("sync", "nothing")):
    try:
        load_fixtures(*unknown)
    except ValueError as error:
        print(error)
"""
    told = subprocess.run(
        [sys.executable, "-c", look], env={**os.environ, "PYTHONPATH": str(installed)}, capture_output=True, text=True
    )
    assert told.stdout.splitlines() == ["no fixtures are of the category 'nothing'", "no fixture type is 'nothing'"]


@pytest.mark.parametrize(
    ("arguments", "stdin", "code", "stdout"),
    [
        (["validate"], "", 0, ""),
        (
            ["validate", "-"],
            "[\n",
            1,
            '{"errors":[{"code":"bad_json","params":{},"path":""}],"id":null,"valid":false}\n',
        ),
        (["validate", "no/such/file"], "", 2, ""),
        ([], "", 2, ""),
    ],
)
def test_the_command_is_installed(installed: Path, arguments: list[str], stdin: str, code: int, stdout: str) -> None:
    command = [sys.executable, str(installed / "bin/event-contracts"), *arguments]
    environment = {**os.environ, "PYTHONPATH": str(installed)}
    told = subprocess.run(command, env=environment, input=stdin, capture_output=True, text=True)
    assert (told.returncode, told.stdout) == (code, stdout)
    assert bool(told.stderr) == (code == 2)
