"""A schema of `scalars.json` enters, the kind that generated code would make of it leaves."""

from __future__ import annotations

import base64
from enum import StrEnum
from typing import Any

Schema = dict[str, Any]

RENDERED = {
    "^[0-9]+$": "[0-9]+",
    r"^\d+$": "[0-9]+",
    "a.c": r"a[^\n\r\u2028\u2029]c",
    r"^\w{1,3}$": "[0-9A-Z_a-z]{1,3}",
    r"\s+": r"[\t-\r ]+",
}
"""The patterns of the vectors as the generator renders them for Python."""


def input_bytes(case: dict[str, Any]) -> bytes:
    """The input of a case, however it is written."""
    if "bytes" in case:
        return base64.b64decode(case["bytes"])
    if "repeat" in case:
        repeat = case["repeat"]
        return str(repeat["prefix"] + repeat["unit"] * repeat["count"] + repeat["suffix"]).encode()
    return str(case["text"]).encode()


class Maker:
    """Makes kinds out of one support package."""

    def __init__(self, support: Any) -> None:
        self.support = support

    def kind(self, schema: Schema) -> Any:
        rules = schema.get("constraints", {})
        make = getattr(self, f"_{schema['type']}", None)
        return make(schema, rules) if make else self._bounded(schema["type"], rules)

    def _bounded(self, name: str, rules: Schema) -> Any:
        maker = {"int": "integer", "float": "number", "bool": "boolean"}.get(name, name)
        limits = {key: int(value) if name in ("int64", "uint64") else value for key, value in rules.items()}
        return getattr(self.support, maker)(**limits)

    def _string(self, schema: Schema, rules: Schema) -> Any:
        settings = {key: rules[key] for key in ("min_length", "max_length") if key in rules}
        if rules.get("nonblank"):
            settings["non_blank"] = True
        if "format" in schema:
            settings["format"] = schema["format"]
        if "pattern" in rules:
            settings["pattern"] = (rules["pattern"], RENDERED[rules["pattern"]])
        return self.support.string(**settings)

    def _enum(self, schema: Schema, rules: Schema) -> Any:
        members = StrEnum("Members", {f"M{at}": value for at, value in enumerate(rules["values"])})  # type: ignore[misc]
        aliases = {alias: members(value) for alias, value in rules.get("aliases", {}).items()}
        return self.support.enum(members, aliases)

    def _opt(self, schema: Schema, rules: Schema) -> Any:
        return self.support.optional(self.kind(rules["of"]))

    def _list(self, schema: Schema, rules: Schema) -> Any:
        return self.support.list_of(self.kind(rules["of"]), **items(rules))

    def _set(self, schema: Schema, rules: Schema) -> Any:
        return self.support.set_of(self.kind(rules["of"]), **items(rules))

    def _tuple(self, schema: Schema, rules: Schema) -> Any:
        return self.support.tuple_of(*map(self.kind, rules["of"]))

    def _map(self, schema: Schema, rules: Schema) -> Any:
        keys = self.kind(rules.get("keys", {"type": "string"}))
        return self.support.map_of(keys, self.kind(rules["values"]), **items(rules))

    def _record(self, schema: Schema, rules: Schema, extra: tuple[Any, ...] = ()) -> Any:
        fields = tuple(self._field(name, field) for name, field in rules["fields"].items())
        namespace = {
            "__module__": __name__,
            "_shape": (*extra, *fields),
            "_closed": rules.get("closed", False),
            "_rules": tuple(map(self._rule, rules.get("rules", []))),
        }
        return self.support.record(type("Made", (self.support.Record,), namespace))

    def _field(self, name: str, schema: Schema) -> Any:
        settings = {key: schema[key] for key in ("default", "required") if key in schema}
        return self.support.Field(name, self.kind(schema), **settings)

    def _rule(self, rule: Schema) -> Any:
        field, wanted = rule["when"]
        demand = "require_nonblank" if "require_nonblank" in rule else "forbid"
        return self.support.Rule(
            rule["code"],
            (field, rule[demand]),
            when=lambda p: getattr(p, field) == wanted,
            **{demand: (rule[demand],)},
        )

    def _union(self, schema: Schema, rules: Schema) -> Any:
        if "tag" not in rules:
            return self.support.untagged(*map(self.kind, rules["variants"]))
        tags = StrEnum("Tags", {f"T{at}": value for at, value in enumerate(rules["variants"])})  # type: ignore[misc]
        variants = {}
        for value, variant in rules["variants"].items():
            tag = self.support.Field(rules["tag"], self.support.enum(tags, only=(tags(value),)), default=value)
            variants[tags(value)] = self._record(variant, variant["constraints"], (tag,))
        default = rules.get("default_tag")
        return self.support.tagged(rules["tag"], self.support.enum(tags), variants, default and tags(default))


def items(rules: Schema) -> Schema:
    return {key: rules[key] for key in ("min_items", "max_items") if key in rules}
