"""Validation, exactly as JSON Schema 2020-12 has it: schemas as data, compiled to functions on first use."""

from __future__ import annotations

import importlib
import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from ._keywords import KEYWORDS, LATE, MAX_VIOLATIONS, Check, Seen, accept, every, refuse
from ._runtime import Violation, with_room
from ._sentences import say
from ._values import describe

__all__ = ["check_unit"]

_PACKAGE = __name__.rpartition(".")[0]
_units: dict[str, Check] = {}


def check_unit(unit: str, value: Any) -> list[Violation]:
    """Every demand of the unit (`module.path#Name`) that the value does not meet."""

    def work() -> list[Violation]:
        out: list[Violation] = []
        _unit(unit)(value, None, (), out, None)
        return out[:MAX_VIOLATIONS]

    try:
        return with_room(work)
    except RecursionError:
        return [Violation("", "depth", describe(value), say("depth"))]


def _unit(name: str) -> Check:
    check = _units.get(name)
    if check is None:
        module, _, unit = name.rpartition("#")
        text = importlib.import_module(f"{_PACKAGE}.{module}").SCHEMAS[unit]
        check = _schema(json.loads(text, parse_float=Decimal), module)
        _units[name] = check
    return check


def _absolute(name: str, module: str) -> str:
    return module + name if name.startswith("#") else name


def _resource(check: Check, names: dict[str, str]) -> Check:
    def run(value: Any, at: Any, scope: Any, out: Any, seen: Any) -> bool:
        return check(value, at, (*scope, names), out, seen)

    return run


def _schema(plan: Any, module: str) -> Check:
    if plan is True:
        return accept
    if plan is False:
        return refuse

    def sub(inner: Any) -> Check:
        return _schema(inner, module)

    checks = [make(plan, module) for keyword, make in _REFERENCES.items() if keyword in plan]
    checks += [make(plan, sub) for keyword, make in KEYWORDS.items() if keyword in plan]
    late = [make(plan, sub) for keyword, make in LATE.items() if keyword in plan]
    if late:
        check = _evaluating(every(checks + late))
    else:
        check = checks[0] if len(checks) == 1 else every(checks)
    if "$scope" in plan:
        check = _resource(check, plan["$scope"])
    return _redacting(check, plan["x-sensitive"]) if "x-sensitive" in plan else check


def _evaluating(together: Check) -> Check:
    def run(value: Any, at: Any, scope: Any, out: Any, seen: Any) -> bool:
        own = Seen()
        good = together(value, at, scope, out, own)
        if good and seen is not None:
            seen.add(own)
        return good

    return run


def _redacting(check: Check, sensitivity: str) -> Check:
    found = f"[redacted {sensitivity}]"

    def run(value: Any, at: Any, scope: Any, out: Any, seen: Any) -> bool:
        if out is None:
            return check(value, at, scope, None, seen)
        inner: list[Violation] = []
        good = check(value, at, scope, inner, seen)
        out.extend(Violation(each.pointer, each.keyword, found, each.message) for each in inner)
        return good

    return run


def _ref(plan: dict[str, Any], module: str) -> Check:
    name = _absolute(plan["$ref"], module)

    def run(value: Any, at: Any, scope: Any, out: Any, seen: Any) -> bool:
        return (_units.get(name) or _unit(name))(value, at, scope, out, seen)

    return run


def _dynamic_ref(plan: dict[str, Any], module: str) -> Check:
    name, anchor = _absolute(plan["$dynamicRef"], module), plan["anchor"]

    def run(value: Any, at: Any, scope: Any, out: Any, seen: Any) -> bool:
        outermost = next((anchors[anchor] for anchors in scope if anchor in anchors), name)
        return _unit(outermost)(value, at, scope, out, seen)

    return run


_REFERENCES: dict[str, Callable[[dict[str, Any], str], Check]] = {"$ref": _ref, "$dynamicRef": _dynamic_ref}
