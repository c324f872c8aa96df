"""Questions about machines enter; what each machine says leaves, a line a question."""

import importlib
import json
import sys
import typing

from event_contracts import Step, canonical, payload_kind


def states_of(machine: type) -> type:
    (base,) = machine.__orig_bases__
    return typing.get_args(base)


for line in sys.stdin.buffer:
    question = json.loads(line)
    machine = getattr(importlib.import_module("event_contracts." + question["family"]), question["machine"])
    states, *others = states_of(machine)
    from_ = None if question["from"] is None else states(question["from"])
    to = states(question["to"])
    answer = {
        "allowed": machine.is_allowed(from_, to),
        "successors": [state.value for state in machine.successors(from_)],
        "terminal": machine.is_terminal(to),
    }
    if "input" in question:
        step = machine.next(from_, others[0](question["input"]))
        answer["next"] = [step.value] if isinstance(step, Step) else ["to", step.value]
    elif "event_type" in question:
        payload = payload_kind(question["event_type"]).parse(question["payload_text"])
        answer["violations"] = list(machine.violations(from_, to, payload))
    else:
        answer["violations"] = list(machine.violations(from_, to))
    sys.stdout.buffer.write(canonical(answer).encode() + b"\n")
