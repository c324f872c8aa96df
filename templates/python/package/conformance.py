"""A category of fixtures enters; its cases leave.

`python -m pytest --pyargs` on this package judges all of them.
"""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any, Final, Literal, NamedTuple, TypeAlias, get_args

FixtureType: TypeAlias = Literal["valid", "invalid", "replay"]
"""What is shown: an accepted payload, a refused one, or a log with the state it is reduced to."""


class Golden(NamedTuple):
    """What a log is reduced to."""

    reducer: str
    partition: bool
    """Each entity by itself."""
    content: bytes
    """The printed state, a line of canonical JSON."""


class Fixture(NamedTuple):
    """A case."""

    id: str
    category: str
    fixture_type: FixtureType
    event_type: str
    """Of the payload; empty where a log is shown."""
    notes: str
    min_version: str
    """The version of the family that brought what the case shows."""
    expected_errors: tuple[tuple[str, str], ...] | None
    """Code and path of each error, in order; none where the case does not say."""
    content: bytes
    """The payload, or the log as JSON Lines."""
    goldens: tuple[Golden, ...] = ()
    """What each reducer makes of the log."""


_FOLDER: Final = files(__name__) / "fixtures"


class Cases(NamedTuple):
    """Cases that were made from the contract of an event."""

    event_type: str
    content: bytes
    """JSON Lines that `event-contracts validate` takes; with each stands what has to come back."""


class Replays(NamedTuple):
    """Logs that were made from the contract of a reducer."""

    reducer: str
    content: bytes
    """JSON Lines of `{"id", "events", "state", "partition"}`: the state is what has to come of the events."""


def list_fixtures() -> tuple[Fixture, ...]:
    """Every case that was written by hand, in the order of the manifest."""
    return tuple(_fixture(entry) for entry in _manifest("manifest.json").get("fixtures", []))


def list_generated() -> tuple[Cases, ...]:
    """The cases that were made from the contracts, by event."""
    listed = _manifest("generated/manifest.json").get("files", [])
    return tuple(Cases(entry["event_type"], _read(entry["path"])) for entry in listed if "event_type" in entry)


def list_generated_replays() -> tuple[Replays, ...]:
    """The logs that were made from the contracts, by reducer."""
    listed = _manifest("generated/manifest.json").get("files", [])
    return tuple(Replays(entry["reducer"], _read(entry["path"])) for entry in listed if "reducer" in entry)


def load_fixtures(category: str, fixture_type: FixtureType | None = None) -> tuple[Fixture, ...]:
    """The cases of a category, or those of one type. Raises `ValueError` where either is unknown."""
    fixtures = list_fixtures()
    if category not in {fixture.category for fixture in fixtures}:
        raise ValueError(f"no fixtures are of the category {category!r}")
    if fixture_type is not None and fixture_type not in get_args(FixtureType):
        raise ValueError(f"no fixture type is {fixture_type!r}")
    of_category = (fixture for fixture in fixtures if fixture.category == category)
    return tuple(fixture for fixture in of_category if fixture_type in (None, fixture.fixture_type))


def _fixture(entry: dict[str, Any]) -> Fixture:
    category, *kind, _ = entry["path"].split("/")
    errors = entry.get("expected_errors")
    return Fixture(
        id=entry["id"],
        category=category,
        fixture_type=entry["fixture_type"] if "fixture_type" in entry else kind[0],
        event_type=entry.get("event_type", ""),
        notes=entry["notes"],
        min_version=entry["min_version"],
        expected_errors=None if errors is None else tuple((error["code"], error["path"]) for error in errors),
        content=_read(entry["path"]),
        goldens=tuple(_golden(golden) for golden in entry.get("goldens", [])),
    )


def _golden(entry: dict[str, Any]) -> Golden:
    return Golden(entry["reducer"], entry.get("partition", False), _read(entry["path"]))


def _manifest(path: str) -> dict[str, Any]:
    """What a manifest says; nothing where the package carries none."""
    if not _FOLDER.joinpath(*path.split("/")).is_file():
        return {}
    manifest: dict[str, Any] = json.loads(_read(path))
    return manifest


def _read(path: str) -> bytes:
    return _FOLDER.joinpath(*path.split("/")).read_bytes()
