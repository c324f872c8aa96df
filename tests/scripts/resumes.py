"""Lines `{"events", "reducer"}` enter, the events in their order: a reducer of the package takes them one at a time, is
saved and resumed before each. The state leaves for each line, or what was different."""

import json
import sys
from typing import Any

from event_contracts import SavedStateError, find_reducer


def resumed(reducer: Any, case: dict[str, Any]) -> str:
    kind = reducer.PROFILE.kind
    events = [kind.of(event) for event in case["events"]]
    whole = reducer.of(reversed(events)).to_json()
    running = reducer.new()
    for at, event in enumerate([*events, None]):
        saved = running.save()
        rest = reducer.resume(saved)
        if rest.save() != saved:
            return json.dumps({"different": f"saved again at {at}", "saved": saved, "again": rest.save()})
        for other in events[at:]:
            rest.apply(other)
        if (state := rest.finish().to_json()) != whole:
            return json.dumps({"different": f"resumed at {at}", "whole": whole, "resumed": state})
        if event is not None:
            running.apply(event)
            running.apply(event)
    try:
        reducer.resume(saved[:-1])
        return json.dumps({"different": "half a saved state is taken"})
    except SavedStateError:
        return json.dumps({"state": running.finish().to_json(), "saved": saved})


for line in sys.stdin.buffer:
    case = json.loads(line)
    reducer = find_reducer(case["reducer"])
    assert reducer is not None, line
    sys.stdout.write(resumed(reducer, case) + "\n")
