"""Lines `{"in_order", "lines", "partition", "reducer", "skip_invalid"}` enter; `{"bad", "state"}` leaves for each: what is
told about lines that cannot be used, and the state that the package makes of the others, or null."""

import io
import json
import sys

from event_contracts import canonical, find_reducer, replay_lines

for line in sys.stdin.buffer:
    asked = json.loads(line)
    reducer = find_reducer(asked["reducer"])
    assert reducer is not None, line
    log = io.BytesIO("".join(f"{one}\n" for one in asked["lines"]).encode())
    options = {name: asked[name] for name in ("partition", "in_order", "skip_invalid")}
    replayed = replay_lines(reducer, log, **options)
    bad = canonical([str(bad) for bad in replayed.bad])
    sys.stdout.buffer.write(f'{{"bad":{bad},"state":{replayed.state or "null"}}}\n'.encode())
