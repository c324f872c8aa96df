"""JSON Lines of envelopes enter; the state of a reducer leaves as text, or the lines that kept it from being made."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO, NamedTuple

from .errors import ContractError, Error, TextFaults
from .lines import MAX_LINE, each_line
from .log import Log, PartitionedLog
from .order import Placed, Profile
from .reducer import Reducer
from .text import read


class BadLine(NamedTuple):
    """A line that could not be used."""

    line: int
    """Its number, from 1."""
    errors: tuple[Error, ...]
    """What is wrong with it; empty where it only stands in the wrong place."""

    def __str__(self) -> str:
        if not self.errors:
            return f"line {self.line}: sorts before the line above it"
        told = ", ".join(f'{error.code} at "{error.path}"' for error in self.errors)
        return f"line {self.line}: {told}"


class Replayed(NamedTuple):
    """What a log came to."""

    state: str | None
    """As canonical JSON; none where a line kept it from being made."""
    bad: tuple[BadLine, ...]
    """Lines that were left out, or that stopped it."""


def replay_lines(
    reducer: type[Reducer[Any, Any]],
    source: BinaryIO,
    *,
    partition: bool = False,
    in_order: bool = False,
    skip_invalid: bool = False,
) -> Replayed:
    """Reduces a log of one envelope a line.

    With `partition` each entity by itself. With `in_order` the log is folded as it is read, and only state and ids are
    kept. With `skip_invalid` lines that are no envelope are left out.
    """
    bad: list[BadLine] = []
    profile = reducer.PROFILE
    events = _received(profile, source, bad)
    if partition:
        parts = PartitionedLog[Any](profile, reducer.fold, reducer.partition)
        is_whole = _fold(parts, events, bad, in_order, skip_invalid)
        return Replayed(parts.finish().to_json() if is_whole else None, tuple(bad))
    log = Log[Any](profile, reducer.fold)
    is_whole = _fold(log, events, bad, in_order, skip_invalid)
    return Replayed(log.whole.finish().to_json() if is_whole else None, tuple(bad))


def _received(profile: Profile[Any], source: BinaryIO, bad: list[BadLine]) -> Iterator[tuple[int, Any]]:
    """The envelopes of a log with the numbers of their lines; lines that are none are noted."""
    kind = profile.kind
    for number, line in enumerate(each_line(source), 1):
        try:
            yield number, kind.judge(read(line, MAX_LINE), TextFaults())
        except ContractError as refusal:
            bad.append(BadLine(number, refusal.errors))


def _fold(
    log: Log[Any], events: Iterator[tuple[int, Any]], bad: list[BadLine], in_order: bool, skip_invalid: bool
) -> bool:
    """Folds a log; whether nothing kept it from being folded whole."""
    if in_order:
        return _stream(log, events, bad) and (skip_invalid or not bad)
    read_all = [event for _, event in events]
    if bad and not skip_invalid:
        return False
    for placed in log.profile.in_order(read_all):
        log.take(placed)
    return True


def _stream(log: Log[Any], events: Iterator[tuple[int, Any]], bad: list[BadLine]) -> bool:
    """Folds a log as it is read; whether it is in order to its end."""
    last = None
    for number, event in events:
        placed = Placed(log.profile.order(event), event, log.profile.digest(event))
        if last is not None and (placed.key, placed.digest) < last:
            bad.append(BadLine(number, ()))
            return False
        last = placed.key, placed.digest
        log.take(placed)
    return True
