"""What a reader of an Avro contract puts in place of what a document lacks, has under another name, or does not know."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from typing import Any

from ._runtime import is_list, is_object, parse, with_room

__all__ = ["resolution"]

# The steps of a type, and the text that they stand in: the first is the root's.
_Steps = list[dict[str, Any]]


def resolution(steps: str, place: str = "") -> Callable[[Any], Any]:
    """Resolves the value at a JSON Pointer of a document."""

    @cache
    def read() -> _Steps:
        found: _Steps = json.loads(steps)
        return found

    path = [part.replace("~1", "/").replace("~0", "~") for part in place.split("/")[1:]]
    return lambda document: with_room(lambda: _within(read(), path, document))


def _within(steps: _Steps, path: list[str], value: Any) -> Any:
    if not path:
        return _resolved(steps, 0, value)
    if not is_object(value) or path[0] not in value:
        return value
    return {**value, path[0]: _within(steps, path[1:], value[path[0]])}


def _resolved(steps: _Steps, at: int | None, value: Any) -> Any:
    if at is None:
        return value
    step = steps[at]
    if isinstance(value, str):
        unknown: str | None = step.get("unknown")
        return value if unknown is None or value in step["symbols"] else unknown
    if is_list(value):
        return [_resolved(steps, step.get("items"), item) for item in value]
    if not is_object(value):
        return value
    for kind in step.get("objects", ()):
        if all(any(name in value for name in names) for names in kind.get("needs", ())):
            return _object(steps, kind, value)
    return value


def _object(steps: _Steps, kind: dict[str, Any], value: dict[str, Any]) -> dict[str, Any]:
    if "values" in kind:
        return {key: _resolved(steps, kind["values"], member) for key, member in value.items()}
    out = dict(value)
    for field in kind.get("fields", ()):
        name: str = field["name"]
        if name not in out:
            other = next((alias for alias in field.get("aliases", ()) if alias in out), None)
            if other is not None:
                out[name] = out.pop(other)
            elif "default" in field:
                out[name] = parse(field["default"])
        if name in out:
            out[name] = _resolved(steps, field.get("step"), out[name])
    return out
