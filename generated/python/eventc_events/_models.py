"""What the generated models are made of: pydantic v2."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from enum import Enum
from functools import cache, cached_property
from typing import Annotated, Any, ClassVar, Generic, TypeAlias, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, GetCoreSchemaHandler, Strict, TypeAdapter, ValidationError
from pydantic_core import core_schema
from typing_extensions import Never

from ._runtime import Data, DecodeError, Violation, is_list, is_object, parse, parse_exactly, pointer_get, with_room, write
from ._validator import check_unit

__all__ = ["Boolean", "ClosedModel", "Codec", "Exact", "Flag", "Integer", "Maybe", "Model", "Nothing", "Number", "Open", "Whole", "plain"]

T = TypeVar("T")


class Model(BaseModel):
    """An object. Properties that this version does not know are kept in `model_extra`."""

    model_config = ConfigDict(
        defer_build=True,
        extra="allow",
        hide_input_in_errors=True,
        protected_namespaces=(),
        serialize_by_alias=True,
        validate_by_alias=True,
        validate_by_name=True,
    )

    __sensitive__: ClassVar[dict[str, str]] = {}

    def __repr_args__(self) -> Iterable[tuple[str | None, Any]]:
        redacted = {name: _Redacted(kind) for name, kind in self.__sensitive__.items()}
        for name, value in super().__repr_args__():
            yield name, value if value is None else redacted.get(name or "", value)


class ClosedModel(Model):
    """An object that has no other properties."""

    model_config = ConfigDict(extra="forbid")


class _Redacted:
    def __init__(self, kind: str) -> None:
        self.kind = kind

    def __repr__(self) -> str:
        return f"[redacted {self.kind}]"


class _IntegerSchema:
    """An int, or a float without a fraction, which JSON Schema calls an integer too; never a bool or a string."""

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        whole = core_schema.no_info_after_validator_function(_to_int, core_schema.float_schema(strict=True, allow_inf_nan=False))
        return core_schema.union_schema([core_schema.int_schema(strict=True), whole], mode="left_to_right")


class _NothingSchema:
    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return core_schema.no_info_plain_validator_function(_refuse)


def _to_int(value: float) -> int:
    if not value.is_integer():
        raise ValueError("must be an integer")
    return int(value)


def _refuse(value: object) -> Never:
    raise ValueError("nothing is allowed here")


def _only_whole(value: object) -> object:
    if isinstance(value, bool):
        raise ValueError("must be an integer")
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _only_bool(value: object) -> object:
    if not isinstance(value, bool):
        raise ValueError("must be a boolean")
    return value


def _is_none(value: object) -> bool:
    return value is None


Boolean: TypeAlias = Annotated[bool, Strict()]
Integer: TypeAlias = Annotated[int, _IntegerSchema]
Number: TypeAlias = Annotated[
    Annotated[int, Strict()] | Annotated[float, Field(strict=True, allow_inf_nan=False)], Field(union_mode="left_to_right")
]
# A number with all its digits.
Exact: TypeAlias = Annotated[
    Annotated[int, Strict()] | Annotated[Decimal, Field(strict=True, allow_inf_nan=False)], Field(union_mode="left_to_right")
]
Nothing: TypeAlias = Annotated[Never, _NothingSchema]
# For literals: 1 is 1.0 in JSON, but not true.
Whole = BeforeValidator(_only_whole)
Flag = BeforeValidator(_only_bool)
# An optional property: None means that it is absent.
Maybe: TypeAlias = Annotated[T | None, Field(exclude_if=_is_none)]
# An enum that may grow: a string that this version does not know stays a string.
Open: TypeAlias = Annotated[T | str, Field(union_mode="left_to_right")]


def _said(error: ValidationError) -> str:
    """What is wrong and where, without a value: it may be sensitive."""
    found = error.errors(include_url=False, include_context=False, include_input=False)
    return "; ".join(f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in found)


class Codec(Generic[T]):
    """Reads, writes and validates values of one type."""

    def __init__(self, unit: str, get_type: Callable[[], Any], payload: tuple[str, str] | None = None) -> None:
        self._unit = unit
        self._get_type = get_type
        self._payload = payload

    @cached_property
    def _adapter(self) -> TypeAdapter[T]:
        return TypeAdapter(self._get_type())

    @property
    def type(self) -> Any:
        """The type that is read."""
        return self._get_type()

    def decode(self, data: Data) -> T:
        value = parse(data)
        try:
            # By alias alone: a document may have an unknown property that is called as a Python name is.
            return with_room(lambda: self._adapter.validate_python(value, by_alias=True, by_name=False))
        except ValidationError as error:
            raise DecodeError(f"{self._unit}: {_said(error)}") from None
        except RecursionError as error:
            raise DecodeError(f"{self._unit}: {error}") from None

    def encode(self, value: T) -> bytes:
        return write(plain(value))

    def validate(self, value: Any) -> list[Violation]:
        value = plain(value)
        found = check_unit(self._unit, value)
        if self._payload is not None:
            place, unit = self._payload
            present, payload = pointer_get(value, place)
            inner = check_unit(unit, payload) if present else []
            found += [Violation(place + each.pointer, each.keyword, each.found, each.message) for each in inner]
        return found

    def validate_json(self, data: Data) -> list[Violation]:
        return self.validate(parse_exactly(data))


def plain(value: Any) -> Any:
    """A value as JSON has it: models as dicts of what was set, under the names of the schema."""
    return with_room(lambda: _plain(value))


def _plain(value: Any) -> Any:
    if isinstance(value, BaseModel):
        written = value.model_fields_set
        out: dict[str, Any] = {}
        for name, key, may_lack in _keys(type(value)):
            if name in written:
                member = getattr(value, name)
                if member is not None or not may_lack:
                    out[key] = _plain(member)
        for key, member in (value.__pydantic_extra__ or {}).items():
            out.setdefault(key, _plain(member))
        return out
    if is_list(value):
        return [_plain(item) for item in value]
    if is_object(value):
        return {key: _plain(member) for key, member in value.items()}
    return value.value if isinstance(value, Enum) else value


@cache
def _keys(model: type[BaseModel]) -> list[tuple[str, str, bool]]:
    """Each field's name, its name in JSON, and whether None means that it is absent."""
    if not getattr(model, "__pydantic_fields_complete__", True):
        # A type that refers to a later one has fields without aliases until pydantic completes it, which reading alone does not do.
        model.model_rebuild()
    keys: list[tuple[str, str, bool]] = []
    for name, field in model.model_fields.items():
        # A property may be called by the empty string.
        alias = field.serialization_alias
        keys.append((name, name if alias is None else alias, field.exclude_if is not None))
    return keys
