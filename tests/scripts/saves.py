"""Lines `{"events", "reducer"}` enter, the events in their order; what an incremental reducer of the package saves behind
the last of them leaves, a line each."""

import json
import sys

from event_contracts import find_reducer

for line in sys.stdin.buffer:
    asked = json.loads(line)
    reducer = find_reducer(asked["reducer"])
    assert reducer is not None, line
    running = reducer.new()
    for event in asked["events"]:
        running.apply(reducer.PROFILE.kind.of(event))
    sys.stdout.buffer.write(f"{running.save()}\n".encode())
