"""Transition tables enter, what may be asked of a machine leaves. The state none is "nothing recorded yet"."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, ClassVar, Generic, TypeVar

S = TypeVar("S")
In = TypeVar("In")
P = TypeVar("P")


@dataclass(frozen=True, slots=True)
class MoveRule:
    """A reason to refuse a move. The one without `denies` asks the edges, where `unless` does not hold."""

    code: str
    denies: Callable[[Any, Any, Any], bool] | None = None
    unless: Callable[[Any, Any, Any], bool] | None = None


class Transitions(Generic[S]):
    """What is known of every machine."""

    TERMINAL: ClassVar[tuple[Any, ...]]
    """States that end a life: those declared to or, where none are, those that nothing follows."""

    @classmethod
    def successors(cls, state: S | None) -> tuple[S, ...]:
        """The states that may follow, in declared order."""
        raise NotImplementedError

    @classmethod
    def is_allowed(cls, from_: S | None, to: S) -> bool:
        """Whether the table has the move. Rules are not asked."""
        return to in cls.successors(from_)

    @classmethod
    def is_terminal(cls, state: S) -> bool:
        """Whether the state ends a life."""
        return state in cls.TERMINAL


class Edges(Transitions[S]):
    """A machine that says which states may follow which."""

    EDGES: ClassVar[Mapping[Any, tuple[Any, ...]]]
    RULES: ClassVar[tuple[MoveRule, ...]] = (MoveRule("EDGE"),)

    @classmethod
    def successors(cls, state: S | None) -> tuple[S, ...]:
        """The states that may follow, in declared order."""
        return cls.EDGES[state]

    @classmethod
    def _broken(cls, from_: S | None, to: S, p: object) -> tuple[str, ...]:
        codes: list[str] = []
        for rule in cls.RULES:
            if rule.denies is not None:
                is_denied = rule.denies(from_, to, p)
            else:
                is_denied = not (cls.is_allowed(from_, to) or (rule.unless is not None and rule.unless(from_, to, p)))
            if is_denied:
                codes.append(rule.code)
        return tuple(codes)


class EdgeMachine(Edges[S]):
    """A machine whose rules read no event."""

    @classmethod
    def violations(cls, from_: S | None, to: S) -> tuple[str, ...]:
        """The codes of all rules that refuse the move, in declared order."""
        return cls._broken(from_, to, None)


class GuardedMachine(Edges[S], Generic[S, P]):
    """A machine whose rules read an event."""

    @classmethod
    def violations(cls, from_: S | None, to: S, p: P) -> tuple[str, ...]:
        """The codes of all rules that refuse the move, in declared order."""
        return cls._broken(from_, to, p)


class Step(Enum):
    """What an input does where it does not lead to a state."""

    STAY = "stay"
    """Nothing, and that is no fault."""
    REFUSE = "refuse"
    """It is refused."""


class InputMachine(Transitions[S], Generic[S, In]):
    """A machine in which an input leads from a state to the next."""

    TABLE: ClassVar[Mapping[Any, Mapping[Any, Any]]]

    @classmethod
    def next(cls, state: S | None, input: In) -> S | Step:
        """What the input does in the state."""
        step: S | Step = cls.TABLE[state][input]
        return step

    @classmethod
    def successors(cls, state: S | None) -> tuple[S, ...]:
        """The states that some input leads to, in declared order."""
        steps = cls.TABLE[state].values()
        return tuple(state for state in cls.TABLE if state is not None and state in steps)
