"""Lines `{"lines", "partition", "reducer"}` enter; `{"bad", "state"}` leaves for each: the numbers of the lines that are
no envelopes, and the state that the package makes of the others."""

import io
import json
import sys

from event_contracts import find_reducer, replay_lines

for line in sys.stdin.buffer:
    asked = json.loads(line)
    reducer = find_reducer(asked["reducer"])
    assert reducer is not None, line
    log = io.BytesIO("".join(f"{one}\n" for one in asked["lines"]).encode())
    replayed = replay_lines(reducer, log, partition=asked["partition"], skip_invalid=True)
    bad = ",".join(str(bad.line) for bad in replayed.bad)
    sys.stdout.buffer.write(f'{{"bad":[{bad}],"state":{replayed.state}}}\n'.encode())
