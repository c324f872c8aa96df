"""Entries of the old book enter; visits leave."""

from ..support import JsonObject


def visit_of_entry(payload: JsonObject) -> JsonObject:
    if "number" not in payload:
        return {}
    return {"badge": payload["number"], "visitor": payload["number"]}
