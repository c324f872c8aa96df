"""Values that only a program can build enter; that the host door and the classes take or refuse them is asserted."""

from __future__ import annotations

import copy
import json
import pickle
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from enum import IntEnum, StrEnum
from types import MappingProxyType, ModuleType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st


class Colour(StrEnum):
    RED = "red"


class Level(IntEnum):
    HIGH = 3


def codes(errors: Any) -> list[tuple[str, str]]:
    return [(error.code, error.path) for error in errors]


@pytest.fixture(scope="session")
def node(support: ModuleType) -> Any:
    """A record with all that is special, one key of which Python cannot spell."""
    text, wide = support.string(), support.int64()
    children = support.list_of(support.json_object())
    namespace = {
        "__module__": __name__,
        "__qualname__": f"Node{support.__name__}",
        "_shape": (
            support.Field("class", text, attribute="class_"),
            support.Field("children", children, default=[]),
            support.Field("note", support.optional(text)),
            support.Field("size", support.optional(wide), required=True),
            support.Field("free", support.json_object(), default={}),
        ),
    }
    node_class = type(f"Node{support.__name__}", (support.Record,), namespace)
    setattr(sys.modules[__name__], node_class.__name__, node_class)
    return node_class


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (float("nan"), "number_not_finite"),
        (float("inf"), "number_not_finite"),
        (10**400, "number_not_finite"),
        (2**53, "int_range"),
        (True, "type"),
        (Decimal(1), "type"),
        (1.5, "type"),
    ],
)
def test_an_int_takes_only_whole_numbers_within_range(support: ModuleType, value: Any, code: str) -> None:
    assert codes(support.integer().errors(value)) == [(code, "")]


def test_numbers_of_other_classes_become_plain(support: ModuleType) -> None:
    assert type(support.integer().of(Level.HIGH)) is int
    assert support.integer().of(3.0) == 3
    assert str(support.number().of(-0.0)) == "0.0"
    assert type(support.number().of(3)) is float
    assert type(support.string().of(Colour.RED)) is str


def test_what_json_has_no_type_for_is_other(support: ModuleType) -> None:
    for value in (b"x", {1}, object(), Decimal(1)):
        [error] = support.string().errors(value)
        assert error.params == {"expected": "string", "got": "other"}
    [error] = support.json_object().errors({1: 2})
    assert error.params == {"expected": "object", "got": "other"}
    assert codes(support.json().errors({"a": [b""]})) == [("type", "/a/0")]


def test_lone_surrogates_are_found_everywhere(support: ModuleType) -> None:
    lone = "\ud800"
    assert codes(support.string().errors(lone)) == [("lone_surrogate", "")]
    assert codes(support.enum(Colour).errors(lone)) == [("lone_surrogate", "")]
    assert codes(support.json().errors({"a": [lone]})) == [("lone_surrogate", "/a/0")]
    assert codes(support.json().errors({lone: 1})) == [("lone_surrogate", f"/{lone}")]
    [error] = support.map_of(support.string(), support.json()).errors({lone: 1})
    assert error.params == {"reason": "lone_surrogate"}
    assert codes(support.json().text_errors(f'"{lone}"')) == [("bad_utf8", "")]


def test_a_cycle_ends_at_the_first_value_beyond_the_limit(support: ModuleType, node: Any) -> None:
    endless: list[Any] = []
    endless.append(endless)
    assert codes(support.json().errors(endless)) == [("too_deep", "/0" * 64)]
    parent: dict[str, Any] = {"class": "a", "size": None, "children": []}
    parent["children"].append(parent)
    assert codes(pytest.raises(ValueError, node.of, parent).value.errors) == [("too_deep", "/children/0" * 32)]


def test_sixty_four_levels_are_not_too_deep(support: ModuleType) -> None:
    value: Any = []
    for _ in range(63):
        value = [value]
    assert support.json().errors(value) == ()
    assert codes(support.json().errors([value])) == [("too_deep", "/0" * 64)]


def test_a_value_nested_in_typed_values_cannot_grow_beyond_the_limit(node: Any) -> None:
    inner = node.of({"class": "a", "size": None})
    with pytest.raises(ValueError, match="too_deep"):
        for _ in range(64):
            inner = node(class_="a", size=None, children=[inner])


def test_wide_integers_are_text_on_the_wire_and_int_in_the_class(node: Any) -> None:
    value = node(class_="a", size=2**63 - 1)
    assert value.size == 2**63 - 1
    assert value.to_json() == '{"children":[],"class":"a","free":{},"size":"9223372036854775807"}'
    assert node.parse(value.to_json()) == value
    assert codes(pytest.raises(ValueError, node.of, {"class": "a", "size": 5}).value.errors) == [("type", "/size")]
    assert codes(pytest.raises(ValueError, node, class_="a", size=2**63).value.errors) == [("int_range", "/size")]


def test_none_is_left_out_unless_the_key_must_be_there(node: Any) -> None:
    value = node.of({"class": "a", "size": None, "note": None})
    assert value.to_wire() == {"class": "a", "children": [], "size": None, "free": {}}


def test_a_misspelled_argument_is_refused(node: Any) -> None:
    refusal = pytest.raises(ValueError, node, class_="a", size=1, notes="x").value
    assert codes(refusal.errors) == [("unknown_key", "/notes")]


def test_instances_are_frozen_and_equal_by_value(node: Any) -> None:
    first, second = node(class_="a", size=1), node.parse(b'{"size":"1","class":"a"}')
    assert first == second
    assert hash(first) == hash(second)
    assert first != node(class_="a", size=2)
    assert node(class_="a", size=1, free={"x": 1}) != node(class_="a", size=1, free={"x": True})
    with pytest.raises((AttributeError, ValueError)):
        first.class_ = "b"
    with pytest.raises((AttributeError, ValueError)):
        del first.class_


def test_copies_are_checked_and_pickles_come_back(node: Any) -> None:
    value = node(class_="a", size=1, children=[node(class_="b", size=2)])
    assert value.model_copy(update={"size": 9}).size == 9
    with pytest.raises(ValueError, match="type at /class"):
        value.model_copy(update={"class_": 5})
    assert pickle.loads(pickle.dumps(value)) == value
    assert copy.deepcopy(value) == value
    assert copy.copy(value) == value


def test_errors_can_be_pickled(support: ModuleType) -> None:
    refusal = pytest.raises(support.ContractError, support.integer().of, "x").value
    assert pickle.loads(pickle.dumps(refusal)).errors == refusal.errors
    assert str(refusal) == "type at the value itself"


def test_what_is_handed_out_is_a_copy(node: Any) -> None:
    value = node(class_="a", size=1, free={"list": [1]})
    value.to_wire()["free"]["list"].append(2)
    assert value.to_wire()["free"] == {"list": [1]}
    received = {"list": [1]}
    kept = node(class_="a", size=1, free=received)
    received["list"].append(2)
    assert kept.to_wire()["free"] == {"list": [1]}


def test_a_default_is_never_shared(node: Any) -> None:
    first, second = node(class_="a", size=1), node(class_="a", size=1)
    assert first.free is not second.free


def test_any_mapping_is_an_object(node: Any) -> None:
    assert node.of(MappingProxyType({"class": "a", "size": None})).class_ == "a"


def test_a_record_inside_free_json_is_its_wire_form(support: ModuleType, node: Any) -> None:
    assert support.json_object().of(node(class_="a", size=1))["size"] == "1"


def test_an_untagged_union_writes_what_it_read(support: ModuleType) -> None:
    either = support.untagged(support.int64(), support.integer(), support.list_of(support.int64()))
    for text in ('"5"', '["7"]'):
        assert either.to_json(either.parse(text)) == text


def test_hostile_sizes_end_soon(support: ModuleType) -> None:
    many = b"[" + b"true," * 200_000 + b"true]"
    assert len(support.list_of(support.integer()).text_errors(many)) == 100
    closed = support.record(type("Closed", (support.Record,), {"__module__": __name__, "_closed": True}))
    keys = ",".join(f'"{at:06}":1' for at in range(90_000))
    assert codes(closed.text_errors(f"{{{keys}}}"))[-1] == ("unknown_key", "/000099")
    assert codes(support.json().text_errors("[]" * 500_000)) == [("bad_json", "")]
    assert codes(support.json().text_errors('"' + "\\\\" * 500_000)) == [("bad_json", "")]


def test_threads_do_not_see_each_others_texts(support: ModuleType) -> None:
    texts = ['{"a":1,"a":2}', '{"a":1}', "[1e999]", '["\\ud800"]', "[1"] * 200
    expected = ["duplicate_key", None, "number_not_finite", "lone_surrogate", "bad_json"] * 200

    def first_code(text: str) -> str | None:
        errors = support.json().text_errors(text)
        return errors[0].code if errors else None

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(first_code, texts)) == expected


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**60), 2**60)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@settings(max_examples=300, deadline=None)
@given(value=json_values)
def test_canonical_text_is_a_fixed_point_that_any_parser_reads(support: ModuleType, value: Any) -> None:
    kind = support.json()
    text = kind.to_json(kind.of(value))
    assert kind.to_json(kind.parse(text)) == text
    assert as_floats(json.loads(text)) == as_floats(value)


@settings(max_examples=300, deadline=None)
@given(value=st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_read_back_as_themselves(support: ModuleType, value: float) -> None:
    assert float(support.canonical(value)) == value


@settings(max_examples=200, deadline=None)
@given(text=st.text() | st.binary())
def test_no_text_breaks_the_text_door(support: ModuleType, text: str | bytes) -> None:
    assert len(support.json().text_errors(text)) <= 1


def as_floats(value: Any) -> Any:
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return value
    if isinstance(value, int | float):
        return float(value)
    if isinstance(value, Mapping):
        return {key: as_floats(member) for key, member in value.items()}
    return [as_floats(member) for member in value]
