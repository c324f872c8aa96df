"""A JSON value and a text enter; whether the text stands in the value leaves."""

from ..support import Json


def mentions(value: Json, text: str) -> bool:
    if isinstance(value, list):
        return any(mentions(item, text) for item in value)
    if isinstance(value, dict):
        return any(mentions(item, text) for item in value.values())
    return value == text
