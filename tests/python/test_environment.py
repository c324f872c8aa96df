"""The pins enter; that this interpreter sees just those packages is asserted."""

from importlib.metadata import distributions
from pathlib import Path

PINS = Path(__file__).with_name("requirements.txt")


def normal(name: str) -> str:
    return name.lower().replace("_", "-")


def test_the_venv_holds_what_is_pinned_and_nothing_else() -> None:
    lines = (line.strip() for line in PINS.read_text().splitlines())
    pinned = dict(line.split("==") for line in lines if line and not line.startswith("#"))
    brought_by_venv = {"pip", "setuptools"}
    installed = {d.metadata["Name"]: d.version for d in distributions()}
    assert {normal(name): version for name, version in installed.items() if name not in brought_by_venv} == {
        normal(name): version for name, version in pinned.items()
    }
