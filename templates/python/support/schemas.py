"""The name of a schema enters, the JSON Schema that this package carries under it leaves."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

_FOLDER = files(__name__.partition(".")[0]) / "schemas"
_SUFFIX = ".schema.json"


def list_schemas() -> tuple[str, ...]:
    """The names of all schemas, in order."""
    names = (file.name for file in _FOLDER.iterdir())
    return tuple(sorted(name.removesuffix(_SUFFIX) for name in names if name.endswith(_SUFFIX)))


def load_schema(name: str) -> dict[str, Any]:
    """The schema of this name. Raises `KeyError` where there is none."""
    if name not in list_schemas():
        raise KeyError(f"no schema is named {name!r}")
    schema: dict[str, Any] = json.loads((_FOLDER / f"{name}{_SUFFIX}").read_bytes())
    return schema
