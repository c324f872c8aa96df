"""The container of a record's values: a frozen pydantic model that is filled from the record's table alone.

pydantic's own ways in lead through the same checks. One does not: where an outer model or a `TypeAdapter` reads JSON
itself, the text was parsed before the table sees it, and a key that stands twice is gone. Read with `parse`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, InitErrorDetails, PydanticCustomError, ValidationError, core_schema

from .errors import ContractError
from .records import Field, RecordBase, Rule, record
from .schemas import schema_of
from .versions import Versions

M = TypeVar("M", bound=BaseModel)

# A frozen model refuses assignment; it is filled beneath that, slot by slot.
_set_values = BaseModel.__dict__["__dict__"].__set__
_set_names = BaseModel.__dict__["__pydantic_fields_set__"].__set__
_set_extra = BaseModel.__dict__["__pydantic_extra__"].__set__
_set_private = BaseModel.__dict__["__pydantic_private__"].__set__


class Record(RecordBase, BaseModel):
    """Frozen, equal by value, and built only from what the contract accepts."""

    model_config = ConfigDict(frozen=True, strict=True, defer_build=True, protected_namespaces=())

    # Declared again: pydantic looks for class variables in models only.
    _shape: ClassVar[tuple[Field, ...]] = ()
    _closed: ClassVar[bool] = False
    _rules: ClassVar[tuple[Rule, ...]] = ()
    _versions: ClassVar[Versions | None] = None
    _schema: ClassVar[str] = ""

    @classmethod
    def __pydantic_init_subclass__(cls, **settings: Any) -> None:
        # Before 2.14 pydantic adds what the body of a class says under `_` only after `__init_subclass__`.
        super().__pydantic_init_subclass__(**settings)
        cls._register()

    if not TYPE_CHECKING:  # a checker makes the signature from the fields

        def __init__(self, /, **values: Any) -> None:
            _fill(self, record(type(self)).typed(values).__dict__)

    @classmethod
    def _contain(cls, values: dict[str, Any]) -> Self:
        return _fill(cls.__new__(cls), values)

    @classmethod
    def model_validate_json(cls, json_data: str | bytes | bytearray, **_: Any) -> Self:
        """The same as `parse`."""
        return cls.parse(json_data)

    @classmethod
    def model_construct(cls, _fields_set: set[str] | None = None, **values: Any) -> Self:
        """The same as calling the class: what is checked already is checked again."""
        return cls(**values)

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """A copy with some attributes changed, checked again. A frozen value needs no deep copy."""
        return type(self)(**{**self.__dict__, **update}) if update else self

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        def check(value: object) -> Record:
            try:
                return cls.of(value)
            except ContractError as refusal:
                raise ValidationError.from_exception_data(cls.__name__, _details(refusal, value)) from None

        serialization = core_schema.plain_serializer_function_ser_schema(RecordBase.to_wire)
        return core_schema.no_info_plain_validator_function(check, serialization=serialization)

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return schema_of(cls.__dict__.get("_schema", ""))


def _fill(model: M, values: dict[str, Any]) -> M:
    """Makes a model of checked values the way pydantic would leave it."""
    _set_values(model, values)
    _set_names(model, set(values))
    _set_extra(model, None)
    _set_private(model, None)
    return model


def _details(refusal: ContractError, value: object) -> list[InitErrorDetails]:
    return [
        InitErrorDetails(
            type=PydanticCustomError(error.code, "{code}", {"code": error.code, **error.params}),
            loc=error.loc,
            input=value,
        )
        for error in refusal.errors
    ]
