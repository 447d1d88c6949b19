"""What the generated models are made of: msgspec."""

from __future__ import annotations

import enum
from collections.abc import Callable
from decimal import Decimal
from functools import cache, cached_property
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Literal, TypeAlias, TypeVar, Union, get_args, get_origin

import msgspec
from typing_extensions import Never

from ._guard import guard
from ._numbers import decoded_number
from ._runtime import (
    Data,
    DecodeError,
    EncodeError,
    EnvelopeFields,
    Roles,
    Topic,
    ValidationError,
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

__all__ = ["Codec", "Either", "Exact", "JustFalse", "JustTrue", "Model", "NonObject", "Nothing", "Open", "choice", "plain"]

T = TypeVar("T")
U = TypeVar("U")


class Model(msgspec.Struct, kw_only=True, dict=True):
    """An object."""

    __sensitive__: ClassVar[dict[str, str]] = {}

    @staticmethod
    def __extra_type__() -> Any:
        """The type of all extra properties together; None where they have none."""
        return None

    @property
    def extra(self) -> dict[str, Any]:
        """Properties that this version does not know; none where the schema closes the object."""
        extra: dict[str, Any] = vars(self).setdefault("extra", {})
        return extra

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        shown: list[tuple[str, Any]] = []
        for name in self.__struct_fields__:
            value = getattr(self, name)
            kind = self.__sensitive__.get(name)
            if value is not msgspec.UNSET:
                shown.append((name, value if kind is None or value is None else _Redacted(kind)))
        return shown

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in self.__rich_repr__())})"


class _Redacted:
    def __init__(self, kind: str) -> None:
        self.kind = kind

    def __repr__(self) -> str:
        return f"[redacted {self.kind}]"


class _Marker(type):
    """The type of a type that msgspec does not know: `dec_hook` reads its values, and whatever comes of it is one."""

    read: Callable[[Any], Any]

    def __instancecheck__(cls, instance: object) -> bool:
        return True


def choice(
    name: str,
    alternatives: Callable[[], tuple[Any, ...]],
    meant: Callable[[], tuple[str, dict[str, Any]]] | None = None,
) -> Any:
    """A type whose values have the first of several types that fits; before all that which a property means by its value."""

    @cache
    def kinds() -> list[tuple[Any, bool]]:
        return [(kind, _types_extra(kind)) for kind in alternatives()]

    @cache
    def meanings() -> tuple[str, dict[str, tuple[Any, bool]]]:
        tag, meanings = ("", {}) if meant is None else meant()
        return tag, {text: (kind, _types_extra(kind)) for text, kind in meanings.items()}

    def first(value: Any) -> list[tuple[Any, bool]]:
        tag, known = meanings()
        text = value.get(tag) if known and is_object(value) else None
        return [known[text], *kinds()] if isinstance(text, str) and text in known else kinds()

    def read(value: Any) -> Any:
        problem: Exception | None = None
        for kind, types_extra in first(value):
            try:
                found = msgspec.convert(value, kind, dec_hook=_read)
                if types_extra:
                    _keep_extra(found, value)
                return found
            except msgspec.ValidationError as error:
                problem = problem or error
        raise problem or ValueError("nothing is allowed here")

    return _Marker(name, (), {"read": staticmethod(read)})


def _number(value: Any) -> int | Decimal:
    """A number with all its digits. msgspec itself would take a string for a Decimal."""
    if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
        raise ValueError("Expected `int | Decimal`")
    return value


def _just(only: bool) -> Callable[[Any], Any]:
    """Reads the one boolean. `Literal` takes none with msgspec."""

    def read(value: Any) -> Any:
        if value is not only:
            raise ValueError(f"Expected `{str(only).lower()}`")
        return value

    return read


def _no_object(value: Any) -> Any:
    if is_object(value):
        raise ValueError("Expected no `object`")
    return value


def _read(kind: Any, value: Any) -> Any:
    if isinstance(kind, _Marker):
        return kind.read(value)
    if isinstance(kind, type) and issubclass(kind, str):
        # A string with a format: the text as it is.
        if not isinstance(value, str):
            raise ValueError("Expected `str`")
        return kind(value)
    raise NotImplementedError(f"{kind} is no type of an event")


if TYPE_CHECKING:
    # A number with all its digits.
    Exact: TypeAlias = int | Decimal
    # An enum that may grow: a string that this version does not know stays a string.
    Open: TypeAlias = T | str
    # One of two types, each of which may be any.
    Either: TypeAlias = T | U
    JustTrue: TypeAlias = Literal[True]
    JustFalse: TypeAlias = Literal[False]
    Nothing: TypeAlias = Never
    # What a schema of objects that states no `type` lets pass besides.
    NonObject: TypeAlias = list[Any] | str | int | float | Decimal | bool | None
else:
    Exact = _Marker("Exact", (), {"read": staticmethod(_number)})
    Nothing = choice("Nothing", tuple)
    JustTrue = _Marker("JustTrue", (), {"read": staticmethod(_just(True))})
    JustFalse = _Marker("JustFalse", (), {"read": staticmethod(_just(False))})
    NonObject = _Marker("NonObject", (), {"read": staticmethod(_no_object)})

    class Open:
        def __class_getitem__(cls, kind):
            return choice(f"Open[{kind.__name__}]", lambda: (kind, str))

    class Either:
        def __class_getitem__(cls, kinds):
            return choice("Either", lambda: kinds)


def _read_whole(kind: Any, value: Any) -> Any:
    """As `_read`, with what msgspec drops of the value."""
    read = _read(kind, value)
    _keep_extra(read, value)
    return read


# Reads as `parse` does, in less time.
_parse = msgspec.json.Decoder(float_hook=decoded_number).decode


def _said(error: Exception) -> str:
    """What is wrong, without a value: it may be sensitive."""
    text = str(error)
    what, _, place = text.rpartition(" - at ")
    return f"Invalid enum value - at {place}" if what.startswith("Invalid enum value") else text


def _with_integers(value: Any) -> Any:
    """A value of which each float without a fraction is the integer that its text spells."""
    if isinstance(value, float) and value.is_integer():
        return int(Decimal(repr(value)))
    if is_list(value):
        return [_with_integers(item) for item in value]
    if is_object(value):
        return {key: _with_integers(member) for key, member in value.items()}
    return value


class Codec(Generic[T]):
    """Reads, writes and validates values of one type."""

    def __init__(
        self,
        unit: str,
        get_type: Callable[[], Any],
        payload: tuple[Roles, str] | None = None,
        *,
        resolve: Callable[[Any], Any] | None = None,
    ) -> None:
        self._unit = unit
        self._get_type = get_type
        self._payload = payload
        # What a document lacks is put there before msgspec sees it.
        self._resolve = resolve

    @property
    def type(self) -> Any:
        """The type that is read."""
        return self._get_type()

    @cached_property
    def _read_alone(self) -> Callable[[Data], T]:
        """Reads by msgspec alone, and fails where that would lose something."""
        kind = self._get_type()
        read: Callable[[Data], T] = msgspec.json.Decoder(kind, dec_hook=_read_whole, float_hook=decoded_number).decode
        check = guard(kind)
        if check is None:
            return read

        def guarded(data: Data) -> T:
            check(data)
            return read(data)

        return guarded

    def decode(self, data: Data) -> T:
        if self._resolve is not None:
            return self.decode_carefully(data)
        try:
            return self._read_alone(data)
        except (msgspec.MsgspecError, ValueError, RecursionError):
            # Not JSON, not of the type, or not for msgspec alone.
            return self.decode_carefully(data)

    def decode_carefully(self, data: Data) -> T:
        """What `decode` does where the library alone would lose something, or would quote a value in its message."""
        try:
            value = _parse(data)
        except (msgspec.MsgspecError, ValueError, RecursionError):
            # What is wrong is said as ever; and a few documents are read by the other parser alone, such as those with half a surrogate.
            value = parse(data)
        return self._of_values(value)

    def _of_values(self, value: Any) -> T:
        def work() -> T:
            resolved = value if self._resolve is None else self._resolve(value)
            try:
                return self._convert(resolved)
            except msgspec.ValidationError:
                # A number that is spelled with an exponent may stand where an integer is asked for.
                return self._convert(_with_integers(resolved))

        try:
            return with_room(work)
        except (msgspec.MsgspecError, ValueError, RecursionError) as error:
            raise DecodeError(f"{self._unit}: {_said(error)}") from None

    def _convert(self, value: Any) -> T:
        decoded: T = msgspec.convert(value, self._get_type(), dec_hook=_read)
        _keep_extra(decoded, value)
        return decoded

    def encode(self, value: T) -> bytes:
        return write(plain(value))

    def encode_valid(self, value: T) -> bytes:
        document = plain(value)
        violations = self._judge(document)
        if violations:
            raise ValidationError(self._unit, violations)
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
            raise ValidationError(topic.name, violations)
        return self._of_values(document)

    def fields_of(self, event: T, roles: Roles) -> EnvelopeFields:
        return fields_at(plain(event), roles)

    def validate_json(self, data: Data) -> list[Violation]:
        return self.validate(parse_exactly(data))


def plain(value: Any) -> Any:
    """A value as JSON has it: structs as dicts of what was set, with their extra properties."""
    try:
        return with_room(lambda: _plain(value))
    except RecursionError:
        raise EncodeError("the value nests too deeply") from None


def _plain(value: Any) -> Any:
    if isinstance(value, msgspec.Struct):
        members = zip(value.__struct_encode_fields__, (getattr(value, name) for name in value.__struct_fields__))
        known = {name: _plain(member) for name, member in members if member is not msgspec.UNSET}
        extra = value.extra if isinstance(value, Model) else {}
        return {**known, **{name: _plain(member) for name, member in extra.items() if name not in known}}
    if is_list(value):
        return [_plain(item) for item in value]
    if is_object(value):
        return {key: _plain(member) for key, member in value.items()}
    return value.value if isinstance(value, enum.Enum) else value


def _keep_extra(decoded: Any, source: Any) -> None:
    """Gives to each struct the properties of its source that it has no field for, which msgspec drops."""
    if decoded is source:
        return
    if isinstance(decoded, Model):
        parts, keys, kind = _layout(type(decoded))
        for name, key in parts:
            member = getattr(decoded, name)
            if isinstance(member, _PARTS):
                _keep_extra(member, source[key])
        if kind is not Never and not keys.issuperset(source):
            extra = {name: member for name, member in source.items() if name not in keys}
            if kind is not Any:
                read = msgspec.convert(extra, kind, dec_hook=_read)
                _keep_extra(read, extra)
                extra = read
            vars(decoded)["extra"] = extra
    elif is_list(decoded):
        for item, origin in zip(decoded, source):
            if isinstance(item, _PARTS):
                _keep_extra(item, origin)
    elif is_object(decoded):
        for name, member in decoded.items():
            if isinstance(member, _PARTS):
                _keep_extra(member, source[name])


def _types_extra(root: Any) -> bool:
    """Whether something within a type has further properties of a type of their own, which is a part of it then."""
    seen: set[Any] = set()
    waiting = [root]
    while waiting:
        kind = waiting.pop()
        waiting.extend(get_args(kind))
        struct = get_origin(kind) or kind
        if struct not in seen and isinstance(struct, type) and issubclass(struct, Model):
            seen.add(struct)
            waiting.extend(field.type for field in msgspec.structs.fields(struct))
            if struct.__extra_type__() is not None:
                return True
    return False


# What may have parts.
_PARTS = (Model, list, tuple, dict)


@cache
def _layout(model: type[Model]) -> tuple[list[tuple[str, str]], frozenset[str], Any]:
    """Of each field that may have parts its name and its name in JSON, of all fields the latter, and the type of all further properties."""
    parts = [(field.name, field.encode_name) for field in msgspec.structs.fields(model) if _may_have_parts(field.type)]
    kind = Never if model.__struct_config__.forbid_unknown_fields else model.__extra_type__() or Any
    return parts, frozenset(model.__struct_encode_fields__), kind


def _may_have_parts(kind: Any) -> bool:
    if get_origin(kind) in (Union, UnionType):
        return any(map(_may_have_parts, get_args(kind)))
    # Of any value nothing is lost.
    return kind is not Any and get_origin(kind) is not Literal and not (isinstance(kind, type) and issubclass(kind, _WITHOUT_PARTS))


_WITHOUT_PARTS = (str, int, float, enum.Enum, NoneType, msgspec.UnsetType)
