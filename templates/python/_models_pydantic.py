"""What the generated models are made of: pydantic v2."""

# Annotations are no strings here: pydantic may read that of `__pydantic_extra__` in the module of a subclass.

from collections.abc import Callable, Iterable
from decimal import Decimal
from enum import Enum
from functools import cache, cached_property, partial
from inspect import get_annotations
from types import NoneType
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Generic, Literal, TypeAlias, TypeVar, get_args, get_origin

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    Strict,
    TypeAdapter,
    ValidationError,
    ValidationInfo,
)
from pydantic_core import CoreSchema, core_schema
from typing_extensions import Never

from ._numbers import DOUBLES, decoded_number
from ._runtime import (
    Data,
    DecodeError,
    EncodeError,
    EnvelopeFields,
    Roles,
    Topic,
    ValidationError as Invalid,
    Violation,
    fields_at,
    is_list,
    is_object,
    parse,
    parse_exactly,
    pointer_get,
    with_room,
    wrapped,
    write,
)
from ._validator import check_unit

__all__ = [
    "Boolean",
    "ClosedModel",
    "Codec",
    "Exact",
    "Flag",
    "Integer",
    "KeepingNull",
    "Listed",
    "Maybe",
    "Meant",
    "Model",
    "NonObject",
    "Nothing",
    "Number",
    "Open",
    "Whole",
    "plain",
]

T = TypeVar("T")


class _Reading(Enum):
    """The context in which a document is read, and fails where something of it would be lost."""

    ALONE = "by pydantic's own parser"
    CAREFULLY = "what was parsed already"


def _kept(value: Any, info: ValidationInfo) -> Any:
    """Any value, unless it holds a number that the parser has not kept."""
    if info.context is _Reading.ALONE and not _is_kept(value):
        raise ValueError("a number loses digits")
    return value


def _is_kept(value: Any) -> bool:
    if isinstance(value, float):
        return -DOUBLES < value < DOUBLES
    if is_object(value):
        return all(map(_is_kept, value.values()))
    return not is_list(value) or all(map(_is_kept, value))


class _ExtraSchema:
    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        any_value = core_schema.any_schema()
        return core_schema.json_or_python_schema(core_schema.with_info_after_validator_function(_kept, any_value), any_value)


class Model(BaseModel):
    """An object. Properties that this version does not know are kept in `model_extra`."""

    __pydantic_extra__: dict[str, Annotated[Any, _ExtraSchema]] = Field(init=False)  # pyright: ignore[reportIncompatibleVariableOverride]

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


class _NumberSchema:
    """An int or a float; never a bool or a string. Of text, a float that may have lost digits is apart."""

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        integer, number = core_schema.int_schema(strict=True), core_schema.float_schema(strict=True, allow_inf_nan=False)
        kept = core_schema.float_schema(strict=True, gt=-DOUBLES, lt=DOUBLES)
        other = core_schema.with_info_after_validator_function(_kept, number)
        of_text = core_schema.union_schema([integer, cls.of_float(kept), cls.of_float(other)], mode="left_to_right")
        return core_schema.json_or_python_schema(of_text, core_schema.union_schema([integer, cls.of_float(number)], mode="left_to_right"))

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: Any, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return handler(schema["python_schema"])

    @staticmethod
    def of_float(schema: CoreSchema) -> CoreSchema:
        return schema


class _IntegerSchema(_NumberSchema):
    """An int, or a float without a fraction, which JSON Schema calls an integer too; never a bool or a string."""

    @staticmethod
    def of_float(schema: CoreSchema) -> CoreSchema:
        return core_schema.no_info_after_validator_function(_to_int, schema)


class _ExactSchema:
    """An int or a Decimal; of text, pydantic makes the latter from a float."""

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        integer, number = core_schema.int_schema(strict=True), core_schema.decimal_schema(strict=True, allow_inf_nan=False)
        of_text = core_schema.with_info_before_validator_function(_not_alone, number)
        read = core_schema.json_or_python_schema(of_text, number)
        return core_schema.union_schema([integer, read], mode="left_to_right")


def _not_alone(value: Any, info: ValidationInfo) -> Any:
    if info.context is _Reading.ALONE:
        raise ValueError("a number loses digits")
    return value


class _AbsenceSchema:
    """None for absence, which the schema does not allow: in a union, an alternative that allows null fits better."""

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        schema = handler(source)
        return core_schema.lax_or_strict_schema(schema, schema["schema"]) if schema["type"] == "nullable" else schema


class _KeepingNullSchema:
    """Of several types, none that reads null as absence: another may keep it, although pydantic would take the one with more properties."""

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> Any:
        schema: Any = handler(source)
        union = schema["schema"] if schema["type"] == "nullable" else schema
        # An envelope's payload may be nothing but null.
        if union["type"] == "union":
            kinds = [kind for kind in get_args(source) if kind is not NoneType]
            checked = [core_schema.with_info_after_validator_function(_keeping_null, choice) for choice in union["choices"]]
            # Messages have the names.
            union["choices"] = [(choice, getattr(kind, "__name__", str(kind))) for choice, kind in zip(checked, kinds, strict=True)]
        return schema


class Meant:
    """Of several types, the one that a property means by its value is read before the others, if it keeps all of the value."""

    def __init__(self, tag: str, kinds: dict[str, Any]) -> None:
        self._tag = tag
        self._kinds = kinds

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        union = handler(source)
        choices: dict[Any, CoreSchema] = {
            text: core_schema.with_info_after_validator_function(_keeping_null, handler.generate_schema(kind))
            for text, kind in self._kinds.items()
        }
        meant = core_schema.tagged_union_schema(choices, self._tag)
        return core_schema.union_schema([meant, union], mode="left_to_right")


def _keeping_null(value: Any, info: ValidationInfo) -> Any:
    if isinstance(info.context, _Reading) and _has_lost_null(value):
        raise ValueError("null is not allowed here")
    return value


def _has_lost_null(value: Any) -> bool:
    if isinstance(value, BaseModel):
        optional, parts, typed = _nulls(type(value))
        members, written = value.__dict__, value.model_fields_set
        if any(members[name] is None and name in written for name in optional):
            return True
        return any(_has_lost_null(members[name]) for name in parts) or (typed and _has_lost_null(value.__pydantic_extra__))
    if is_object(value):
        return any(map(_has_lost_null, value.values()))
    return is_list(value) and any(map(_has_lost_null, value))


@cache
def _nulls(model: type[BaseModel]) -> tuple[list[str], list[str], bool]:
    """The fields of which None means that they are absent, those that may hold models, and whether further properties may."""
    optional = [name for name, _, may_lack in _keys(model) if may_lack]
    parts = [name for name, field in model.model_fields.items() if _may_hold_models(field.annotation)]
    classes = model.__mro__[: model.__mro__.index(Model)]
    return optional, parts, any("__pydantic_extra__" in get_annotations(each) for each in classes)


def _may_hold_models(kind: Any) -> bool:
    if get_origin(kind) in (Annotated, Literal):
        return get_origin(kind) is Annotated and _may_hold_models(get_args(kind)[0])
    if get_args(kind):
        return any(map(_may_hold_models, get_args(kind)))
    return kind is not Any and not (isinstance(kind, type) and issubclass(kind, (str, int, float, Decimal, Enum, NoneType)))


def _number(text: str) -> int | float | Decimal | None:
    """What decoding makes of a number; None where it cannot be read, and so is never met."""
    try:
        return decoded_number(text)
    except ValueError:
        return None


class Listed:
    """Of numbers, those alone that a schema lists; `Literal` takes integers of 64 bits and no other."""

    def __init__(self, *numbers: str) -> None:
        self._values = [value for value in map(_number, numbers) if value is not None]

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self._check, handler(source))

    def _check(self, value: Any) -> Any:
        if value not in self._values:
            raise ValueError(f"must be one of {', '.join(map(str, self._values))}")
        return value


class _NothingSchema:
    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return core_schema.no_info_plain_validator_function(_refuse)


def _to_int(value: float) -> int:
    if not value.is_integer():
        raise ValueError("must be an integer")
    return int(Decimal(repr(value)))  # as the double is spelled


def _refuse(value: object) -> Never:
    raise ValueError("nothing is allowed here")


def _only_whole(value: object) -> object:
    if isinstance(value, bool):
        raise ValueError("must be an integer")
    return int(value) if isinstance(value, float) and value.is_integer() and _is_kept(value) else value


def _only_bool(value: object) -> object:
    if not isinstance(value, bool):
        raise ValueError("must be a boolean")
    return value


def _no_object(value: object) -> object:
    if isinstance(value, BaseModel) or is_object(value):
        raise ValueError("must not be an object")
    return value


def _is_none(value: object) -> bool:
    return value is None


Boolean: TypeAlias = Annotated[bool, Strict()]
Integer: TypeAlias = Annotated[int, _IntegerSchema]
Number: TypeAlias = Annotated[int | float, _NumberSchema]
# A number with all its digits.
Exact: TypeAlias = Annotated[int | Decimal, _ExactSchema]
KeepingNull = _KeepingNullSchema
Nothing: TypeAlias = Annotated[Never, _NothingSchema]
if TYPE_CHECKING:
    # What a schema of objects that states no `type` lets pass besides.
    NonObject: TypeAlias = list[Any] | str | int | float | Decimal | bool | None
else:
    NonObject = Annotated[Any, BeforeValidator(_no_object)]
# For literals: 1 is 1.0 in JSON, but not true.
Whole = BeforeValidator(_only_whole)
Flag = BeforeValidator(_only_bool)

# An optional property: None means that it is absent.
Maybe: TypeAlias = Annotated[T | None, _AbsenceSchema, Field(exclude_if=_is_none)]
# An enum that may grow: a string that this version does not know stays a string.
Open: TypeAlias = Annotated[T | str, Field(union_mode="left_to_right")]


def _said(error: ValidationError) -> str:
    """What is wrong and where, without a value: it may be sensitive."""
    found = error.errors(include_url=False, include_context=False, include_input=False)
    return "; ".join(f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in found)


class Codec(Generic[T]):
    """Reads, writes and validates values of one type."""

    def __init__(
        self,
        unit: str,
        get_type: Callable[[], Any],
        payload: tuple[Roles, str] | None = None,
        *,
        untyped: bool = False,
        resolve: Callable[[Any], Any] | None = None,
    ) -> None:
        self._unit = unit
        self._get_type = get_type
        self._payload = payload
        # Any value may stand somewhere, and pydantic's parser would keep its numbers as floats alone.
        self._untyped = untyped
        # What a document lacks is put there before pydantic sees it.
        self._resolve = resolve

    @cached_property
    def _adapter(self) -> TypeAdapter[T]:
        return TypeAdapter(self._get_type())

    @property
    def type(self) -> Any:
        """The type that is read."""
        return self._get_type()

    @cached_property
    def _read_alone(self) -> Callable[[Data], T]:
        """Reads by pydantic alone, and fails where that would lose something."""
        read: Any = self._adapter.validator.validate_json
        # By alias alone: a document may have an unknown property that is called as a Python name is.
        return partial(read, context=_Reading.ALONE, by_alias=True, by_name=False)

    def decode(self, data: Data) -> T:
        if self._untyped or self._resolve is not None:
            return self.decode_carefully(data)
        try:
            return self._read_alone(data)
        except (ValueError, RecursionError):
            # Not JSON, not of the type, or not for pydantic's parser.
            return self.decode_carefully(data)

    def decode_carefully(self, data: Data) -> T:
        """What `decode` does where the library alone would lose something, or would quote a value in its message."""
        return self._of_values(parse(data))

    def _of_values(self, value: Any) -> T:
        try:
            if self._resolve is not None:
                value = self._resolve(value)
            try:
                return self._read(value, _Reading.CAREFULLY)
            except ValidationError:
                # Perhaps no type keeps a null, and it can only be meant for absence.
                return self._read(value, None)
        except ValidationError as error:
            raise DecodeError(f"{self._unit}: {_said(error)}") from None
        except RecursionError as error:
            raise DecodeError(f"{self._unit}: {error}") from None

    def _read(self, value: Any, context: _Reading | None) -> T:
        return with_room(lambda: self._adapter.validate_python(value, context=context, by_alias=True, by_name=False))

    def encode(self, value: T) -> bytes:
        return write(plain(value))

    def encode_valid(self, value: T) -> bytes:
        document = plain(value)
        violations = self._judge(document)
        if violations:
            raise Invalid(self._unit, violations)
        return write(document)

    def validate(self, value: Any) -> list[Violation]:
        return self._judge(plain(value))

    def _judge(self, document: Any) -> list[Violation]:
        found = check_unit(self._unit, document)
        if self._payload is not None:
            roles, unit = self._payload
            place = roles.payload
            present, payload = pointer_get(document, place)
            inner = check_unit(unit, payload) if present else []
            found += [Violation(place + each.pointer, each.keyword, each.found, each.message) for each in inner]
        return found

    def wrap(self, payload: Any, fields: EnvelopeFields, roles: Roles, topic: Topic) -> T:
        document = wrapped(plain(payload), fields, roles, topic)
        violations = check_unit(self._unit, document)
        if violations:
            raise Invalid(topic.name, violations)
        return self._of_values(document)

    def fields_of(self, event: T, roles: Roles) -> EnvelopeFields:
        return fields_at(plain(event), roles)

    def validate_json(self, data: Data) -> list[Violation]:
        return self.validate(parse_exactly(data))


def plain(value: Any) -> Any:
    """A value as JSON has it: models as dicts of what was set, under the names of the schema."""
    try:
        return with_room(lambda: _plain(value))
    except RecursionError:
        raise EncodeError("the value nests too deeply") from None


def _plain(value: Any) -> Any:
    if isinstance(value, BaseModel):
        written = value.model_fields_set
        out: dict[str, Any] = {}
        for name, key, may_lack in _keys(type(value)):
            if name in written:
                # Not by the attribute: that of a deprecated field warns.
                member = value.__dict__[name]
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
