"""Visitors enter; what is printed for them leaves."""

from ..labels import Visitor


def label(visitor: Visitor, class_: str | None) -> str:
    if isinstance(visitor, str):
        name = f"#{visitor}"
    else:
        name = f"{visitor.first[0]}. {visitor.last}" if visitor.first else visitor.last
    return name if class_ is None else f"{name} ({class_})"
