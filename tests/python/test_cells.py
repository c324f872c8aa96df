"""Random changes of lists, sets and maps enter; that they stay what plain Python says, and can be taken back, is asserted."""

from __future__ import annotations

import json
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

NAMES = st.sampled_from(["", "a", "b", "__proto__", "constructor", "é", "😀", "～"])
FREE = st.recursive(
    st.none() | st.booleans() | st.sampled_from([0, 1, 1.0, 2, "1", "a"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(NAMES, inner, max_size=2),
    max_leaves=4,
)
ITEMS = NAMES | st.tuples(NAMES, st.integers(0, 2)) | FREE
CHANGES = st.lists(st.tuples(st.sampled_from(["append", "append_unique", "add", "drop", "put"]), ITEMS, NAMES), max_size=30)
MANY = settings(max_examples=300, deadline=None, print_blob=True)


def same(value: Any) -> str:
    """What two values have in common exactly where JSON calls them equal."""
    return json.dumps(value, sort_keys=True).replace(".0", "")


@MANY
@given(changes=CHANGES, since=st.integers(0, 30))
def test_a_list_is_what_a_list_would_be(support: ModuleType, changes: list[Any], since: int) -> None:
    items, plain, undo = support.Items(), [], []
    kept: list[Any] = []
    for at, (change, value, _) in enumerate(changes):
        if at == since:
            items.__adopt__(undo)
            kept = list(plain)
        is_there = any(same(other) == same(value) for other in plain)
        if change in ("append", "put") or (change in ("append_unique", "add") and not is_there):
            plain.append(value)
        elif change == "drop" and is_there:
            del plain[[same(other) for other in plain].index(same(value))]
        getattr(items, {"put": "append", "add": "append_unique"}.get(change, change))(value)
        assert (value in items) == any(same(other) == same(value) for other in plain)
    assert list(map(same, items.__freeze__())) == list(map(same, plain))
    if len(changes) > since:
        for take_back in reversed(undo):
            take_back()
        assert list(map(same, items.__freeze__())) == list(map(same, kept))
        assert all(value in items for value in kept)
        assert len(items) == len(kept)


@MANY
@given(changes=CHANGES, since=st.integers(0, 30))
def test_a_set_is_what_a_set_would_be(support: ModuleType, changes: list[Any], since: int) -> None:
    members, undo = support.Members(support.json()), []
    plain: dict[str, Any] = {}
    kept: dict[str, Any] = {}
    for at, (change, value, _) in enumerate(changes):
        if at == since:
            members.__adopt__(undo)
            kept = dict(plain)
        if change == "drop":
            plain.pop(same(value), None)
            members.drop(value)
        else:
            plain.setdefault(same(value), value)
            members.add(value)
        assert len(members) == len(plain)
    assert sorted(map(same, members.__freeze__())) == sorted(plain)
    texts = [support.canonical(member) for member in members.__freeze__()]
    assert texts == sorted(texts)
    if len(changes) > since:
        for take_back in reversed(undo):
            take_back()
        assert sorted(map(same, members.__freeze__())) == sorted(kept)


@MANY
@given(changes=CHANGES, since=st.integers(0, 30))
def test_a_map_knows_in_which_order_its_keys_came(support: ModuleType, changes: list[Any], since: int) -> None:
    entries, undo = support.Entries(), []
    plain: dict[str, Any] = {}
    kept: dict[str, Any] = {}
    for at, (change, value, key) in enumerate(changes):
        if at == since:
            entries.__adopt__(undo)
            kept = dict(plain)
        if change == "drop":
            plain.pop(key, None)
            entries.drop(key)
        elif change == "append":
            plain.setdefault(key, value)
            entries.at(key, lambda value=value: value)
        else:
            plain[key] = value
            entries.put(key, value)
    assert list(map(same, entries.by_arrival())) == list(map(same, plain.values()))
    assert list(map(same, entries.by_key())) == [same(plain[key]) for key in sorted(plain)]
    if len(changes) > since:
        for take_back in reversed(undo):
            take_back()
        assert [(key, same(value)) for key, value in entries.pairs()] == [(key, same(kept[key])) for key in kept]


@pytest.mark.parametrize("count", [0, 2**53 - 2, 2**53 - 1])
def test_a_count_stops_where_binary64_does(support: ModuleType, count: int) -> None:
    assert support.increased(count) == min(count + 1, 2**53 - 1)
