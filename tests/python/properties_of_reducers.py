"""Random logs of missions enter; that order, repetition and interruption change nothing in their state is asserted.

`tests/tests/python_reducers.rs` runs this against a package that has the reducers.
"""

from __future__ import annotations

import json
from typing import Any

import event_contracts as contracts
import pytest
from event_contracts import lifecycle, status
from event_contracts.base import Envelope
from hypothesis import given, settings
from hypothesis import strategies as st

MANY = settings(max_examples=150, deadline=None, print_blob=True)
LANES = [lane.value for lane in status.Lane] + ["doing", "nothing"]
TIMES = ["2026-01-01T00:00:00Z", "2026-01-01T00:00:00.0Z", "2026-01-01T01:00:00+01:00", "2025-12-31T23:59:59.9Z"]
NAMES = st.sampled_from(["m", "", "__proto__", "constructor", "x"])

STARTED = st.fixed_dictionaries({"mission_id": NAMES, "mission_type": NAMES, "initial_phase": NAMES, "actor": NAMES})
ENDED = st.fixed_dictionaries({"mission_id": NAMES, "mission_type": NAMES, "final_phase": NAMES, "actor": NAMES})
CANCELLED = st.fixed_dictionaries({"mission_id": NAMES, "reason": NAMES, "actor": NAMES})
ENTERED = st.fixed_dictionaries({"mission_id": NAMES, "phase_name": NAMES, "actor": NAMES})
MOVED = st.fixed_dictionaries(
    {
        "mission_slug": st.just("s"),
        "wp_id": NAMES,
        "from_lane": st.sampled_from([None, *LANES]),
        "to_lane": st.sampled_from(LANES),
        "actor": st.sampled_from(["a", {"role": "r"}, " "]),
        "force": st.booleans(),
        "reason": st.sampled_from([None, "r", " "]),
        "execution_mode": st.just("worktree"),
        "review_ref": st.sampled_from([None, "R"]),
    }
)
TYPED = st.one_of(
    *(
        st.tuples(st.just(event_type), payloads)
        for event_type, payloads in [
            ("MissionStarted", STARTED),
            ("MissionCompleted", ENDED),
            ("MissionCancelled", CANCELLED),
            ("PhaseEntered", ENTERED),
            ("WPStatusChanged", MOVED),
            ("WPStatusChanged", MOVED),
            ("Elsewhere", MOVED),
        ]
    )
)


@st.composite
def events(draw: st.DrawFn) -> list[Envelope]:
    """A log in which ids come again, some with another content."""
    made = []
    for _ in range(draw(st.integers(0, 12))):
        event_type, payload = draw(TYPED)
        number = draw(st.integers(0, 15))
        clock = draw(st.sampled_from([0, 1, 2, 2**53 - 1]))
        envelope = {
            "event_id": f"01J0000000000000000000{number:04}",
            "event_type": event_type,
            "aggregate_id": "a",
            "timestamp": draw(st.sampled_from(TIMES)),
            "node_id": "n",
            "lamport_clock": clock,
            "project_uuid": "123e4567-e89b-12d3-a456-426614174000",
            "correlation_id": f"01J0000000000000000000000{draw(st.sampled_from('12'))}",
            "payload": payload,
        }
        made.append(Envelope.of(envelope))
    return made


REDUCERS = [lifecycle.MissionReducer, status.WpStatusReducer]


@pytest.mark.parametrize("reducer", REDUCERS, ids=["mission", "wp_status"])
@MANY
@given(data=st.data())
def test_order_and_repetition_change_nothing(reducer: Any, data: st.DataObject) -> None:
    log = data.draw(events())
    again = data.draw(st.permutations(log)) + data.draw(st.lists(st.sampled_from(log), max_size=5) if log else st.just([]))
    assert reducer.of(again) == reducer.of(log)
    assert reducer.of_parts(again) == reducer.of_parts(log)


@pytest.mark.parametrize("reducer", REDUCERS, ids=["mission", "wp_status"])
@MANY
@given(data=st.data())
def test_a_log_can_be_interrupted_anywhere(reducer: Any, data: st.DataObject) -> None:
    log = [placed.event for placed in reducer.PROFILE.in_order(data.draw(events()))]
    running = reducer.new()
    for event in log:
        if data.draw(st.booleans()):
            running = reducer.resume(running.save())
        running.apply(event)
    assert running.finish() == reducer.of(log)


@pytest.mark.parametrize("reducer", REDUCERS, ids=["mission", "wp_status"])
@MANY
@given(log=events())
def test_a_state_reads_back_as_itself(reducer: Any, log: list[Envelope]) -> None:
    state = reducer.of(log)
    assert type(state).parse(state.to_json()) == state
    assert json.loads(state.to_json()) == json.loads(json.dumps(state.to_wire()))


@MANY
@given(log=events(), text=st.text() | st.binary(), cut=st.integers(0, 2000))
def test_nothing_but_a_saved_state_is_resumed(log: list[Envelope], text: str | bytes, cut: int) -> None:
    running = lifecycle.MissionReducer.new()
    for placed in lifecycle.MissionReducer.PROFILE.in_order(log):
        running.apply(placed.event)
    saved = running.save()
    others: list[Any] = [text, saved[: min(cut, len(saved) - 1)], "{}", "[]", '{"reducer":1}']
    saved_value = json.loads(saved)
    others += [json.dumps({**saved_value, name: wrong}) for name in saved_value for wrong in (7, [7], {"x": [7]})]
    for other in others:
        with pytest.raises(contracts.SavedStateError):
            lifecycle.MissionReducer.resume(other)


def test_what_is_wrong_with_a_saved_state_is_told() -> None:
    saved = json.loads(lifecycle.MissionReducer.new().save())
    told = pytest.raises(contracts.SavedStateError, status.WpStatusReducer.resume, json.dumps(saved))
    assert told.value.reason == "other_reducer"
    saved["version"] = "0.0.1"
    told = pytest.raises(contracts.SavedStateError, lifecycle.MissionReducer.resume, json.dumps(saved))
    assert told.value.reason == "other_version"


def test_an_event_that_comes_too_late_is_refused() -> None:
    envelope = {
        "event_id": "01J00000000000000000000001",
        "event_type": "PhaseEntered",
        "aggregate_id": "a",
        "timestamp": TIMES[0],
        "node_id": "n",
        "lamport_clock": 2,
        "project_uuid": "123e4567-e89b-12d3-a456-426614174000",
        "correlation_id": "01J00000000000000000000001",
    }
    running = lifecycle.MissionReducer.new()
    running.apply(Envelope.of(envelope))
    early = Envelope.of({**envelope, "event_id": "01J00000000000000000000002", "lamport_clock": 1})
    told = pytest.raises(contracts.EventOrderError, running.apply, early)
    assert told.value.event_id == "01J00000000000000000000002"
    assert running.finish().event_count == 1


def test_functions_and_types_are_offered_at_the_top() -> None:
    assert contracts.reduce_lifecycle_events is lifecycle.reduce
    assert contracts.reduce_status_events_partitioned is status.reduce_partitioned
    assert contracts.ReducedMissionState is lifecycle.ReducedMissionState
    assert contracts.reduce_lifecycle_events([]).to_json() == (
        '{"anomalies":[],"event_count":0,"phases_entered":[],"wp_states":{}}'
    )
