"""Whether msgspec reads a text without loss: a type for that alone, which fails where msgspec would drop or change something.

msgspec drops the unknown properties of open objects, and makes a float of a number that an int would hold exactly.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Union, get_args, get_origin

import msgspec

from ._numbers import DOUBLES

__all__ = ["guard"]

_KEPT = Annotated[float, msgspec.Meta(gt=-DOUBLES, lt=DOUBLES)]


def guard(kind: Any) -> Callable[[Any], Any] | None:
    """Reads JSON of a type, and fails where msgspec would lose something of it. None where that cannot be.

    That the text has the type, or is JSON at all, is not its business.
    """
    guarding = _Guards(_risky(kind)).of(kind)
    return None if guarding is None else msgspec.json.Decoder(guarding, dec_hook=_check_again).decode


def _struct_of(kind: Any) -> type[msgspec.Struct] | None:
    origin = get_origin(kind) or kind
    return origin if isinstance(origin, type) and issubclass(origin, msgspec.Struct) else None


def _is_closed(struct: type[msgspec.Struct]) -> bool:
    return struct.__struct_config__.forbid_unknown_fields


def _risky(root: Any) -> set[Any]:
    """The structs with something to lose: themselves, or in what they are made of."""
    users: dict[Any, list[Any]] = {}
    found: list[Any] = []
    waiting: list[tuple[Any, Any]] = [(root, None)]
    while waiting:
        kind, user = waiting.pop()
        struct = _struct_of(kind)
        if struct is None:
            waiting.extend((part, user) for part in get_args(kind))
            found.extend([user] if kind is float else [])
            continue
        if kind not in users:
            waiting.extend((field.type, kind) for field in msgspec.structs.fields(kind))
            found.extend([] if _is_closed(struct) else [kind])
        users.setdefault(kind, []).append(user)
    risky: set[Any] = set()
    while found:
        kind = found.pop()
        if kind not in risky:
            risky.add(kind)
            found.extend(users.get(kind, []))
    return risky


class _Guards:
    """The types that guard others; None for one that msgspec reads without loss."""

    def __init__(self, risky: set[Any]) -> None:
        self._risky = risky
        self._structs: dict[Any, type] = {}

    def of(self, kind: Any) -> Any:
        if kind is float:
            return _KEPT
        struct = _struct_of(kind)
        if struct is not None:
            return self._guarding(kind, _is_closed(struct)) if kind in self._risky else None
        parts = get_args(kind)
        guards = [self.of(part) for part in parts]
        if all(each is None for each in guards):
            return None
        whole: Any = Union if get_origin(kind) not in (list, tuple, dict) else get_origin(kind)
        return whole[tuple(part if each is None else each for part, each in zip(parts, guards))]

    def _guarding(self, kind: Any, closed: bool) -> type:
        if kind not in self._structs:
            again: type[_Again] = type("Again", (_Again,), {})
            self._structs[kind] = again
            again.guard = self._struct(kind, closed)
            self._structs[kind] = again.guard
        return self._structs[kind]

    def _struct(self, kind: Any, closed: bool) -> type[msgspec.Struct]:
        guards = [(field.encode_name, self.of(field.type)) for field in msgspec.structs.fields(kind)]
        if closed:
            # msgspec itself refuses what is unknown.
            guards = [(name, each) for name, each in guards if each is not None]
        fields = [
            (f"f{index}", (msgspec.Raw if each is None else each) | msgspec.UnsetType, msgspec.field(default=msgspec.UNSET, name=name))
            for index, (name, each) in enumerate(guards)
        ]
        return msgspec.defstruct("Guard", fields, forbid_unknown_fields=not closed, gc=False)


class _Again:
    """Stands for the guard of a type within itself."""

    guard: type


def _check_again(kind: type[_Again], value: Any) -> _Again:
    msgspec.convert(value, kind.guard, dec_hook=_check_again)
    return kind()
