"""Lines `{"event_type", "payload_text"}` enter; the canonical text of each payload leaves, by way of its class."""

import json
import sys

from event_contracts import payload_kind

for line in sys.stdin.buffer:
    case = json.loads(line)
    kind = payload_kind(case["event_type"])
    assert kind is not None, line
    text = kind.to_json(kind.parse(case["payload_text"]))
    sys.stdout.buffer.write(text.encode() + b"\n")
