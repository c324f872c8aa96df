"""The container of a record's values: a light frozen class without any dependency.

It can be a field of a pydantic model all the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NoReturn, Self, dataclass_transform

from .errors import ContractError
from .records import RecordBase, record


@dataclass_transform(kw_only_default=True, frozen_default=True)
class Record(RecordBase):
    """Frozen, equal by value, and built only from what the contract accepts."""

    if not TYPE_CHECKING:  # a checker makes the signature from the fields

        def __init__(self, /, **values: Any) -> None:
            object.__setattr__(self, "__dict__", record(type(self)).typed(values).__dict__)

    @classmethod
    def _contain(cls, values: dict[str, Any]) -> Self:
        instance = cls.__new__(cls)
        object.__setattr__(instance, "__dict__", values)
        return instance

    def model_copy(self, *, update: Mapping[str, Any] | None = None) -> Self:
        """A copy with some attributes changed, checked again."""
        return type(self)(**{**self.__dict__, **update}) if update else self

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"{type(self).__name__} is frozen: `{name}` cannot be set")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"{type(self).__name__} is frozen: `{name}` cannot be deleted")

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in self.__dict__.items())})"

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> Any:
        from pydantic_core import core_schema

        def check(value: object) -> Record:
            try:
                return cls.of(value)
            except ContractError as refusal:
                raise ValueError(str(refusal)) from None

        serialization = core_schema.plain_serializer_function_ser_schema(RecordBase.to_wire)
        return core_schema.no_info_plain_validator_function(check, serialization=serialization)
