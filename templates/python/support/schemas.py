"""The name of a schema enters, the JSON Schema that this package carries under it leaves."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any, cast

_FOLDER = files(__name__.partition(".")[0]) / "schemas"
_SUFFIX = ".schema.json"
_REFERENCE = "#/$defs/"
_ABOUT = frozenset({"$comment", "default", "deprecated", "description", "examples", "title"})
_DATA = frozenset({"const", "default", "enum", "examples"})


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


def schema_of(name: str) -> dict[str, Any]:
    """The schema of the record `family.Name`, in one piece: a schema around it could not resolve what it refers to."""
    definitions = _definitions()
    found = definitions.get(name, definitions.get(name.partition(".")[2], {"type": "object"}))
    return cast(dict[str, Any], _in_one_piece(found, definitions))


@cache
def _definitions() -> dict[str, Any]:
    definitions: dict[str, Any] = load_schema("bundle")["$defs"]
    return definitions


def _in_one_piece(schema: Any, definitions: dict[str, Any]) -> Any:
    if isinstance(schema, list):
        return [_in_one_piece(item, definitions) for item in cast(Sequence[Any], schema)]
    if not isinstance(schema, dict):
        return schema
    keywords = cast(dict[str, Any], schema)
    whole = {
        keyword: value if keyword in _DATA else _in_one_piece(value, definitions)
        for keyword, value in keywords.items()
        if keyword != "$ref"
    }
    if "$ref" not in keywords:
        return whole
    target = _in_one_piece(definitions[keywords["$ref"].removeprefix(_REFERENCE)], definitions)
    if all(keyword in _ABOUT or keyword.startswith("x-") for keyword in whole):
        return {**target, **whole}
    return {**whole, "allOf": [*whole.get("allOf", []), target]}
