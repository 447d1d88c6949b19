"""What every generated module uses: topics, errors and JSON. Nothing here needs more than the standard library."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timezone
from decimal import Decimal
from typing import Any, TypeAlias, TypeGuard, TypeVar
from uuid import uuid4

from ._numbers import decoded_number

__all__ = [
    "Consumer",
    "Data",
    "DeadLetter",
    "DecodeError",
    "Deprecation",
    "EncodeError",
    "EnvelopeFields",
    "Roles",
    "Topic",
    "UnknownTopicError",
    "ValidationError",
    "Violation",
    "fields_at",
    "is_list",
    "is_object",
    "parse",
    "parse_exactly",
    "pointer_get",
    "text",
    "with_room",
    "wrapped",
    "write",
]

# JSON text, or its UTF-8.
Data: TypeAlias = bytes | bytearray | memoryview | str

T = TypeVar("T")

_DEEPEST = 20_000
_lock = threading.RLock()


@dataclass(frozen=True, slots=True)
class Violation:
    """One demand of a schema that a value does not meet."""

    pointer: str
    """Where, as a JSON Pointer into the value; empty for the value itself."""
    keyword: str
    """The keyword of JSON Schema that demands it."""
    found: str
    """What stands there, shortened; redacted where the schema calls it sensitive."""
    message: str
    """What is wrong, in one sentence."""

    def __str__(self) -> str:
        return f"{self.pointer or '(root)'}: {self.message}, found {self.found}"


class ValidationError(ValueError):
    """A value does not meet its schema."""

    def __init__(self, name: str, violations: list[Violation]) -> None:
        self.name = name
        self.violations = violations
        super().__init__(f"{name}: " + "; ".join(map(str, violations)))


class DecodeError(ValueError):
    """Data is not JSON, or has not the shape of its type. The message names places, never values: they may be sensitive."""


class EncodeError(ValueError):
    """A value cannot be written as JSON. The message names no value."""


class UnknownTopicError(LookupError):
    """No contract has this topic."""


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """Where events go that a consumer could not process."""

    topic: str
    retries: int = 0
    backoff_ms: tuple[int, ...] = ()
    retention_ms: int | None = None
    """How long they are kept; -1 for ever, None where nothing is said."""


@dataclass(frozen=True, slots=True)
class Deprecation:
    """A contract's way out. Dates are YYYY-MM-DD."""

    since: str
    sunset: str | None = None
    use: str | None = None
    """The topic to use instead."""


@dataclass(frozen=True, slots=True)
class Consumer:
    """A service that reads a topic."""

    service: str
    function: str | None = None
    group: str | None = None
    queue: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """Where an event travels, and what is known of it there."""

    name: str
    version: str
    namespace: str = ""
    owner: str | None = None
    stability: str = "stable"
    key: str | None = None
    """JSON Pointer into the payload: the field that gives the partition key."""
    reply: str | None = None
    """On a request: the topic of its response."""
    broker: str = "kafka"
    exchange: str | None = None
    partitions: int | None = None
    replication: int | None = None
    retention_ms: int | None = None
    """How long events are kept; -1 for ever, None where nothing is said."""
    ttl_ms: int | None = None
    priority: int | None = None
    dead_letter: DeadLetter | None = None
    deprecated: Deprecation | None = None
    producers: tuple[str, ...] = ()
    consumers: tuple[Consumer, ...] = ()
    tags: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Roles:
    """Where an envelope holds what every envelope holds, as JSON Pointers into the whole event."""

    payload: str
    id: str | None = None
    topic: str | None = None
    version: str | None = None
    time: str | None = None
    source: str | None = None
    correlation: str | None = None
    causation: str | None = None
    trace: str | None = None


def _no_more() -> dict[str, Any]:
    return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class EnvelopeFields:
    """What an envelope says of its event, whatever the namespace calls it."""

    id: str | None = None
    time: str | None = None
    """When the event happened, as the envelope's schema spells it."""
    source: str | None = None
    """The service that sends it."""
    correlation: str | None = None
    """What links the events of one flow."""
    causation: str | None = None
    """The id of the event that caused this one."""
    trace: str | None = None
    more: Mapping[str, Any] = field(default_factory=_no_more)
    """What else the envelope holds, by its JSON Pointer into the whole event."""

    def stamped(self) -> EnvelopeFields:
        """The same with a new id (UUID version 4, RFC 9562) and the time of the machine's clock (RFC 3339, UTC)."""
        now = datetime.now(timezone.utc).isoformat(timespec="milliseconds").removesuffix("+00:00")
        return replace(self, id=str(uuid4()), time=f"{now}Z")

    def caused_by(self, parent: EnvelopeFields) -> EnvelopeFields:
        """The same as caused by another event: its id becomes the causation; its correlation is kept, and where it has none its id
        begins one; its trace is kept."""
        return replace(
            self,
            causation=parent.id or self.causation,
            correlation=parent.correlation or parent.id or self.correlation,
            trace=parent.trace or self.trace,
        )


_WRITTEN = ("id", "time", "source", "correlation", "causation", "trace")


def wrapped(payload: Any, fields: EnvelopeFields, roles: Roles, topic: Topic) -> Any:
    """A whole event as JSON values."""
    event: dict[str, Any] = {}
    values = {"topic": topic.name, "version": topic.version, **{role: getattr(fields, role) for role in _WRITTEN}}
    for role, value in values.items():
        place = getattr(roles, role)
        if place is not None and value is not None:
            _put(event, place, value)
    for place, value in fields.more.items():
        _put(event, place, value)
    _put(event, roles.payload, payload)
    return event


def fields_at(event: Any, roles: Roles) -> EnvelopeFields:
    """What the envelope of an event, as JSON values, says of it."""
    found: dict[str, Any] = {}
    for role in _WRITTEN:
        place = getattr(roles, role)
        value = None if place is None else pointer_get(event, place)[1]
        if isinstance(value, str):
            found[role] = value
    return EnvelopeFields(**found)


def _put(document: dict[str, Any], pointer: str, value: Any) -> None:
    *steps, last = (part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:])
    for step in steps:
        inner = document.get(step)
        if not is_object(inner):
            inner = document[step] = {}
        document = inner
    document[last] = value


def parse(data: Data) -> Any:
    """Reads JSON for decoding. A number without a fraction is an int, however it is spelled."""
    return _load(data, decoded_number)


def parse_exactly(data: Data) -> Any:
    """Reads JSON for validation: a number that is no integer literal is a Decimal."""
    return _load(data, Decimal)


def write(value: Any) -> bytes:
    """Writes a JSON value without white space, as UTF-8. Half a surrogate, which UTF-8 has no bytes for, is escaped."""
    try:
        return with_room(lambda: text(value)).encode(errors="backslashreplace")
    except RecursionError:
        raise EncodeError("the value nests too deeply") from None
    except (TypeError, ValueError) as error:
        raise EncodeError(f"not JSON: {error}") from None


def text(value: Any) -> str:
    """A JSON value without white space."""
    try:
        return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    except TypeError:
        # A Decimal, most likely: the standard library reads them and does not write them.
        return _spelled(value)


def _spelled(value: Any) -> str:
    if is_object(value):
        return f"{{{','.join(f'{json.dumps(key, ensure_ascii=False)}:{_spelled(member)}' for key, member in value.items())}}}"
    if is_list(value):
        return f"[{','.join(map(_spelled, value))}]"
    if isinstance(value, Decimal) and value.is_finite():
        return str(value)
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def with_room(work: Callable[[], T]) -> T:
    """Does some work again with more room for recursion where it ran out of it: documents may nest as deeply as can be read.

    Calls from Python to Python take no C stack, so that a few thousand more are safe.
    """
    try:
        return work()
    except RecursionError:
        with _lock:
            limit = sys.getrecursionlimit()
            sys.setrecursionlimit(max(limit, _DEEPEST))
            try:
                return work()
            finally:
                sys.setrecursionlimit(limit)


def _load(data: Data, number: Any) -> Any:
    try:
        source = data if isinstance(data, str) else bytes(data).decode()
        return json.loads(source, parse_float=number, parse_constant=_refuse)
    except RecursionError:
        raise DecodeError("the document nests too deeply") from None
    except (ValueError, ArithmeticError) as error:
        # The text of a UnicodeDecodeError or JSONDecodeError holds places, never data.
        raise DecodeError(f"not JSON: {error}") from None


def _refuse(text: str) -> Any:
    raise ValueError(f"{text} is no JSON value")


def is_list(value: Any) -> TypeGuard[list[Any]]:
    return isinstance(value, (list, tuple))


def is_object(value: Any) -> TypeGuard[dict[str, Any]]:
    return isinstance(value, dict)


def pointer_get(value: Any, pointer: str) -> tuple[bool, Any]:
    """What stands at a JSON Pointer of a value, and whether anything does."""
    for part in pointer.split("/")[1:]:
        key = part.replace("~1", "/").replace("~0", "~")
        if is_object(value) and key in value:
            value = value[key]
        elif is_list(value) and key.isdecimal() and int(key) < len(value):
            value = value[int(key)]
        else:
            return False, None
    return True, value
