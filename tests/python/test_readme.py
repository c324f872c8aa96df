"""The Python of README.md enters; that each line gives what stands behind it is asserted."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def test_every_line_gives_what_stands_behind_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(ROOT / "generated/python")
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    [shown] = re.findall(r"^```python\n(.*?)^```$", readme, re.MULTILINE | re.DOTALL)
    names: dict[str, object] = {}
    told = 0
    for line in shown.splitlines():
        code, said, value = line.partition("  # ")
        if said:
            assert str(eval(code, names)) == value, code
            told += 1
        else:
            exec(code, names)
    assert told > 0
