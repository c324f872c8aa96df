"""The pins enter; that this interpreter sees just those packages, and that some are as old as may be, is asserted."""

import sys
import tomllib
from importlib.metadata import distributions
from pathlib import Path

HERE = Path(__file__).parent
PACKAGE = HERE.parents[1] / "generated/python/pyproject.toml"


def normal(name: str) -> str:
    return name.lower().replace("_", "-")


def pins(path: Path) -> dict[str, str]:
    lines = (line.strip() for line in path.read_text().splitlines())
    named = (line.split("==") for line in lines if line and not line.startswith("#"))
    return {normal(name): version for name, version in named}


def test_the_venv_holds_what_is_pinned_and_nothing_else() -> None:
    brought_by_venv = {"pip", "setuptools"}
    installed = {normal(d.metadata["Name"]): d.version for d in distributions()}
    pinned = pins(Path(sys.prefix).with_name("requirements.txt"))
    assert {name: version for name, version in installed.items() if name not in brought_by_venv} == pinned


def test_what_the_package_declares_begins_with_the_oldest_that_is_tried() -> None:
    tried = pins(HERE / "oldest/requirements.txt")
    declared = [text.split(">=") for text in tomllib.loads(PACKAGE.read_text())["project"]["dependencies"]]
    least = {name: versions.split(",")[0] for name, versions in declared}
    assert least == {name: tried[name].removesuffix(".0") for name in least}
    assert "pydantic" in least
