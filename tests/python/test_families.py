"""Constants, lanes and machines of the lifecycle and the status of work packages enter; they say what contracts/ says."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "generated/python"))

import event_contracts as contracts  # noqa: E402
from event_contracts.lifecycle import Mission, MissionStatus  # noqa: E402
from event_contracts.status import (  # noqa: E402
    LANE_ALIASES,
    LANE_SYNC_V1,
    LANE_SYNC_V2,
    LANE_TERMINAL,
    Lane,
    WpLane,
)

MOVE = {"mission_slug": "m", "wp_id": "WP01", "to_lane": "planned", "actor": "ada", "execution_mode": "worktree"}
LANES = {
    "genesis": ("planned", "planned"),
    "planned": ("planned", "planned"),
    "claimed": ("planned", "planned"),
    "in_progress": ("doing", "doing"),
    "for_review": ("for_review", "for_review"),
    "in_review": ("for_review", "for_review"),
    "approved": ("done", "approved"),
    "done": ("done", "done"),
    "blocked": ("doing", "doing"),
    "canceled": ("planned", "planned"),
}


def test_constants_name_event_types_and_versions() -> None:
    assert contracts.WP_STATUS_CHANGED == "WPStatusChanged"
    assert list(contracts.STATUS_EVENT_TYPES) == ["WPStatusChanged"]
    assert sorted(contracts.LIFECYCLE_EVENT_TYPES) == [
        "MissionCancelled",
        "MissionCompleted",
        "MissionStarted",
        "PhaseEntered",
        "ReviewRollback",
    ]
    assert contracts.MISSION_CANCELLED == "MissionCancelled"
    assert (contracts.LIFECYCLE_SCHEMA_VERSION, contracts.STATUS_SCHEMA_VERSION) == ("1.0.0", "3.0.0")


def test_lanes_have_an_alias_an_end_and_a_place_in_both_sync_protocols() -> None:
    assert {lane.value: (LANE_SYNC_V1[lane].value, LANE_SYNC_V2[lane].value) for lane in Lane} == LANES
    assert {"doing": Lane.IN_PROGRESS} == LANE_ALIASES
    assert Lane("doing") is Lane.IN_PROGRESS
    assert {Lane.DONE, Lane.CANCELED} == LANE_TERMINAL


def move(**more: object) -> contracts.WPStatusChangedPayload:
    return contracts.WPStatusChangedPayload.of({**MOVE, **more})


def test_moves_between_lanes_are_judged_with_their_payload() -> None:
    assert WpLane.violations(None, Lane.PLANNED, move()) == ()
    assert WpLane.violations(Lane.DONE, Lane.PLANNED, move()) == ("terminal_exit", "EDGE")
    assert WpLane.violations(Lane.DONE, Lane.PLANNED, move(force=True, reason="r")) == ()
    refused = ("rewind_must_be_forced", "review_ref_missing")
    assert WpLane.violations(Lane.FOR_REVIEW, Lane.PLANNED, move()) == refused
    assert WpLane.violations(Lane.FOR_REVIEW, Lane.IN_PROGRESS, move(to_lane="doing", review_ref="r")) == ()


def test_an_actor_is_a_text_or_details() -> None:
    assert move(actor={"name": "ada"}).to_wire()["actor"] == {"name": "ada"}
    for actor in (" ", {}, 7):
        with pytest.raises(contracts.ContractError, match="union_none at /actor"):
            move(actor=actor)


def test_a_mission_ends_once() -> None:
    edges = [(before, after) for before in (None, *MissionStatus) for after in MissionStatus]
    allowed = [edge for edge in edges if Mission.is_allowed(*edge)]
    active, completed, cancelled = MissionStatus.ACTIVE, MissionStatus.COMPLETED, MissionStatus.CANCELLED
    assert allowed == [(None, active), (active, completed), (active, cancelled)]
    assert [Mission.is_terminal(status) for status in MissionStatus] == [False, True, True]
