"""Validation, exactly as JSON Schema 2020-12 has it: schemas as data, compiled to functions on first use."""

from __future__ import annotations

import importlib
import json
import math
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from ._runtime import Violation, is_list, is_object

__all__ = ["check_unit"]

# A place in the value: its parent's place and its key; None for the value itself.
At = tuple["At", "str | int"] | None
# The dynamic scope: anchors of each schema resource entered, outermost first.
Scope = tuple[dict[str, str], ...]
Out = list[Violation] | None
Check = Callable[[Any, Any, Any, Any, Any], bool]

_PACKAGE = __name__.rpartition(".")[0]
_units: dict[str, Check] = {}


def check_unit(unit: str, value: Any) -> list[Violation]:
    """Every demand of the unit (`module.path#Name`) that the value does not meet."""
    out: list[Violation] = []
    try:
        _unit(unit)(value, None, (), out, None)
    except RecursionError:
        return [Violation("", "", describe(value), "nests too deeply to be validated")]
    return out


class Seen:
    """Which properties and items some schema has evaluated."""

    __slots__ = ("items", "names")

    def __init__(self) -> None:
        self.names: set[str] = set()
        self.items: set[int] = set()

    def add(self, other: Seen) -> None:
        self.names |= other.names
        self.items |= other.items


# --- values


def exact(value: Any) -> Any:
    """A number as int or Decimal; a float means the shortest decimal that denotes it."""
    return Decimal(repr(value)) if isinstance(value, float) else value


def is_number(value: Any) -> bool:
    if isinstance(value, bool):
        return False
    if isinstance(value, float):
        return math.isfinite(value)  # JSON has neither NaN nor infinities
    return isinstance(value, int) or (isinstance(value, Decimal) and value.is_finite())


def is_integer(value: Any) -> bool:
    if isinstance(value, int):
        return not isinstance(value, bool)
    if isinstance(value, float):
        return value.is_integer()
    return isinstance(value, Decimal) and value.is_finite() and bool(value == value.to_integral_value())


def frozen(value: Any) -> Any:
    """A key that is equal for values that JSON Schema calls equal."""
    if isinstance(value, bool):
        return ("boolean", value)
    if isinstance(value, float):
        return exact(value)
    if is_object(value):
        return ("object", frozenset((key, frozen(member)) for key, member in value.items()))
    if is_list(value):
        return ("array", tuple(frozen(item) for item in value))
    return value


def multiple(value: Any, of: Any) -> bool:
    """Whether a number is a multiple, by integers alone, whatever the exponents."""
    (digits, exponent), (divisor, scale) = _scaled(value), _scaled(of)
    if digits == 0:
        return True
    shift = exponent - scale
    if shift >= 0:
        return bool(digits % divisor * pow(10, shift, divisor) % divisor == 0)
    if -shift > len(str(abs(digits))):
        return False
    return bool(digits % (divisor * 10**-shift) == 0)


def _scaled(value: Any) -> tuple[int, int]:
    if isinstance(value, int):
        return value, 0
    sign, digits, exponent = exact(value).as_tuple()
    whole = int("".join(map(str, digits)))
    return (-whole if sign else whole), int(exponent)


def describe(value: Any) -> str:
    """A value in a few words; of lists and objects only the size."""
    if is_object(value):
        return f"an object with {len(value)} properties"
    if is_list(value):
        return f"a list of {len(value)} items"
    if isinstance(value, str):
        return json.dumps(value) if len(value) <= 60 else f"a string of {len(value)} characters"
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    if is_number(value):
        text = str(value)
        return text if len(text) <= 60 else "a number"
    return f"a Python {type(value).__name__}"


def pointer(at: Any) -> str:
    parts: list[str] = []
    while at is not None:
        at, key = at
        parts.append(str(key).replace("~", "~0").replace("/", "~1"))
    return "".join(f"/{part}" for part in reversed(parts))


def fail(value: Any, at: Any, out: Any, keyword: str, message: str) -> bool:
    if out is not None:
        out.append(Violation(pointer(at), keyword, describe(value), message))
    return False


# --- schemas


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


def _accept(value: Any, at: Any, scope: Any, out: Any, seen: Any) -> bool:
    return True


def _refuse(value: Any, at: Any, scope: Any, out: Any, seen: Any) -> bool:
    return fail(value, at, out, "false", "nothing is allowed here")


def _schema(plan: Any, module: str) -> Check:
    if plan is True:
        return _accept
    if plan is False:
        return _refuse
    checks = tuple(make(plan, module) for keyword, make in _KEYWORDS.items() if keyword in plan)
    late = tuple(make(plan, module) for keyword, make in _LATE.items() if keyword in plan)
    if late:
        check = _all_evaluating(checks, late)
    else:
        check = checks[0] if len(checks) == 1 else _all(checks)
    if "$scope" in plan:
        check = _resource(check, plan["$scope"])
    return _redacting(check, plan["x-sensitive"]) if "x-sensitive" in plan else check


def _all(checks: tuple[Check, ...]) -> Check:
    def run(value: Any, at: Any, scope: Any, out: Any, seen: Any) -> bool:
        good = True
        for check in checks:
            if not check(value, at, scope, out, seen):
                if out is None:
                    return False
                good = False
        return good

    return run


def _all_evaluating(checks: tuple[Check, ...], late: tuple[Check, ...]) -> Check:
    together = _all(checks + late)

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


def _trial(check: Check, value: Any, at: Any, scope: Any, seen: Any) -> bool:
    """Whether a schema accepts; what it evaluated counts only then."""
    if seen is None:
        return check(value, at, scope, None, None)
    own = Seen()
    good = check(value, at, scope, None, own)
    if good:
        seen.add(own)
    return good


# --- references


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


# --- any type

_TYPES: dict[str, Callable[[Any], bool]] = {
    "null": lambda value: value is None,
    "boolean": lambda value: isinstance(value, bool),
    "integer": is_integer,
    "number": is_number,
    "string": lambda value: isinstance(value, str),
    "array": is_list,
    "object": is_object,
}


def _type(plan: dict[str, Any], module: str) -> Check:
    words = [plan["type"]] if isinstance(plan["type"], str) else plan["type"]
    tests = [_TYPES[word] for word in words]
    message = f"must be {' or '.join(words)}"

    def one(value: Any, at: Any, scope: Any, out: Any, seen: Any) -> bool:
        return test(value) or fail(value, at, out, "type", message)

    def several(value: Any, at: Any, scope: Any, out: Any, seen: Any) -> bool:
        return any(test(value) for test in tests) or fail(value, at, out, "type", message)

    test = tests[0]
    return one if len(tests) == 1 else several


def _const(plan: dict[str, Any], module: str) -> Check:
    wanted = frozen(plan["const"])
    message = f"must be {_short(plan['const'])}"

    def run(value: Any, at: Any, scope: Any, out: Any, seen: Any) -> bool:
        return frozen(value) == wanted or fail(value, at, out, "const", message)

    return run


def _enum(plan: dict[str, Any], module: str) -> Check:
    wanted = frozenset(frozen(value) for value in plan["enum"])
    message = f"must be one of {_short(plan['enum'])}"

    def run(value: Any, at: Any, scope: Any, out: Any, seen: Any) -> bool:
        return frozen(value) in wanted or fail(value, at, out, "enum", message)

    return run


def _short(value: Any) -> str:
    text = json.dumps(value, default=str)
    return text if len(text) <= 120 else text[:117] + "..."


# --- numbers and strings


def _bound(keyword: str, words: str, holds: Callable[[Any, Any], bool]) -> Callable[[dict[str, Any], str], Check]:
    def make(plan: dict[str, Any], module: str) -> Check:
        limit = plan[keyword]
        message = f"must be {words} {limit}"

        def run(value: Any, at: Any, scope: Any, out: Any, seen: Any) -> bool:
            return not is_number(value) or holds(exact(value), limit) or fail(value, at, out, keyword, message)

        return run

    return make


def _length(keyword: str, words: str, applies: Callable[[Any], bool], holds: Callable[[int, int], bool], unit: str) -> Any:
    def make(plan: dict[str, Any], module: str) -> Check:
        limit = plan[keyword]
        message = f"must have {words} {limit} {unit}"

        def run(value: Any, at: Any, scope: Any, out: Any, seen: Any) -> bool:
            return not applies(value) or holds(len(value), limit) or fail(value, at, out, keyword, message)

        return run

    return make


def _at_least(value: Any, limit: Any) -> bool:
    return bool(value >= limit)


def _at_most(value: Any, limit: Any) -> bool:
    return bool(value <= limit)


def _pattern(plan: dict[str, Any], module: str) -> Check:
    expression = re.compile(plan["pattern"])
    message = f"must match the pattern {_short(plan.get('shown', plan['pattern']))}"

    def run(value: Any, at: Any, scope: Any, out: Any, seen: Any) -> bool:
        return not isinstance(value, str) or bool(expression.search(value)) or fail(value, at, out, "pattern", message)

    return run


# --- arrays


def _prefix_items(plan: dict[str, Any], module: str) -> Check:
    checks = [_schema(item, module) for item in plan["prefixItems"]]

    def run(value: Any, at: Any, scope: Any, out: Any, seen: Any) -> bool:
        if not is_list(value):
            return True
        good = True
        for index, (check, item) in enumerate(zip(checks, value)):
            good &= check(item, (at, index), scope, out, None)
            if seen is not None:
                seen.items.add(index)
        return good

    return run


def _items(plan: dict[str, Any], module: str) -> Check:
    check, start = _schema(plan["items"], module), len(plan.get("prefixItems", ()))

    def run(value: Any, at: Any, scope: Any, out: Any, seen: Any) -> bool:
        if not is_list(value):
            return True
        good = True
        for index in range(start, len(value)):
            if not check(value[index], (at, index), scope, out, None):
                if out is None:
                    return False
                good = False
        if seen is not None:
            seen.items.update(range(start, len(value)))
        return good

    return run


def _contains(plan: dict[str, Any], module: str) -> Check:
    check, least, most = _schema(plan["contains"], module), plan.get("minContains", 1), plan.get("maxContains")

    def run(value: Any, at: Any, scope: Any, out: Any, seen: Any) -> bool:
        if not is_list(value):
            return True
        found = [index for index, item in enumerate(value) if check(item, (at, index), scope, None, None)]
        if seen is not None:
            seen.items.update(found)
        good = len(found) >= least or fail(
            value, at, out, "minContains" if "minContains" in plan else "contains", f"must contain at least {least} such items"
        )
        if most is not None and len(found) > most:
            good = fail(value, at, out, "maxContains", f"must contain at most {most} such items")
        return good

    return run


def _unique_items(plan: dict[str, Any], module: str) -> Check:
    def run(value: Any, at: Any, scope: Any, out: Any, seen: Any) -> bool:
        if not is_list(value) or len({frozen(item) for item in value}) == len(value):
            return True
        return fail(value, at, out, "uniqueItems", "must not have equal items")

    return run


def _unevaluated_items(plan: dict[str, Any], module: str) -> Check:
    check = _schema(plan["unevaluatedItems"], module)

    def run(value: Any, at: Any, scope: Any, out: Any, seen: Any) -> bool:
        if not is_list(value):
            return True
        good = True
        for index, item in enumerate(value):
            if index not in seen.items:
                good &= check(item, (at, index), scope, out, None)
        seen.items.update(range(len(value)))
        return good

    return run


# --- objects


def _properties(plan: dict[str, Any], module: str) -> Check:
    checks = {name: _schema(member, module) for name, member in plan["properties"].items()}

    def run(value: Any, at: Any, scope: Any, out: Any, seen: Any) -> bool:
        if not is_object(value):
            return True
        good = True
        for name, check in checks.items():
            if name in value:
                if not check(value[name], (at, name), scope, out, None):
                    if out is None:
                        return False
                    good = False
                if seen is not None:
                    seen.names.add(name)
        return good

    return run


def _patterns(plan: dict[str, Any]) -> list[re.Pattern[str]]:
    return [re.compile(expression) for expression, _ in plan.get("patternProperties", ())]


def _pattern_properties(plan: dict[str, Any], module: str) -> Check:
    schemas = [_schema(member, module) for _, member in plan["patternProperties"]]
    checks = list(zip(_patterns(plan), schemas))

    def run(value: Any, at: Any, scope: Any, out: Any, seen: Any) -> bool:
        if not is_object(value):
            return True
        good = True
        for name, member in value.items():
            for expression, check in checks:
                if expression.search(name):
                    good &= check(member, (at, name), scope, out, None)
                    if seen is not None:
                        seen.names.add(name)
        return good

    return run


def _additional_properties(plan: dict[str, Any], module: str) -> Check:
    check, names, patterns = _schema(plan["additionalProperties"], module), plan.get("properties", {}), _patterns(plan)

    def run(value: Any, at: Any, scope: Any, out: Any, seen: Any) -> bool:
        if not is_object(value):
            return True
        good = True
        for name, member in value.items():
            if name in names or any(expression.search(name) for expression in patterns):
                continue
            if check is _refuse:
                good = fail(member, (at, name), out, "additionalProperties", "is a property that is not allowed")
            else:
                good &= check(member, (at, name), scope, out, None)
            if seen is not None:
                seen.names.add(name)
            if not good and out is None:
                return False
        return good

    return run


def _unevaluated_properties(plan: dict[str, Any], module: str) -> Check:
    check = _schema(plan["unevaluatedProperties"], module)

    def run(value: Any, at: Any, scope: Any, out: Any, seen: Any) -> bool:
        if not is_object(value):
            return True
        good = True
        for name, member in value.items():
            if name in seen.names:
                continue
            if check is _refuse:
                good = fail(member, (at, name), out, "unevaluatedProperties", "is a property that is not allowed")
            else:
                good &= check(member, (at, name), scope, out, None)
        seen.names.update(value)
        return good

    return run


def _property_names(plan: dict[str, Any], module: str) -> Check:
    check = _schema(plan["propertyNames"], module)

    def run(value: Any, at: Any, scope: Any, out: Any, seen: Any) -> bool:
        if not is_object(value):
            return True
        good = True
        for name in value:
            good &= check(name, (at, name), scope, out, None)
        return good

    return run


def _required(plan: dict[str, Any], module: str) -> Check:
    names = plan["required"]

    def run(value: Any, at: Any, scope: Any, out: Any, seen: Any) -> bool:
        if not is_object(value):
            return True
        good = True
        for name in names:
            if name not in value:
                good = fail(value, at, out, "required", f"must have the property {json.dumps(name)}")
        return good

    return run


def _dependent_required(plan: dict[str, Any], module: str) -> Check:
    members = plan["dependentRequired"].items()

    def run(value: Any, at: Any, scope: Any, out: Any, seen: Any) -> bool:
        if not is_object(value):
            return True
        good = True
        for name, needed in members:
            for other in needed if name in value else ():
                if other not in value:
                    message = f"must have the property {json.dumps(other)} beside {json.dumps(name)}"
                    good = fail(value, at, out, "dependentRequired", message)
        return good

    return run


def _dependent_schemas(plan: dict[str, Any], module: str) -> Check:
    checks = [(name, _schema(member, module)) for name, member in plan["dependentSchemas"].items()]

    def run(value: Any, at: Any, scope: Any, out: Any, seen: Any) -> bool:
        if not is_object(value):
            return True
        good = True
        for name, check in checks:
            if name in value:
                good &= check(value, at, scope, out, seen)
        return good

    return run


# --- in place


def _all_of(plan: dict[str, Any], module: str) -> Check:
    return _all(tuple(_schema(branch, module) for branch in plan["allOf"]))


def _nearest(checks: list[Check], value: Any, at: Any, scope: Any, out: list[Violation]) -> None:
    """Reports what the branch demands that the value comes nearest to."""
    best: list[Violation] | None = None
    for check in checks:
        inner: list[Violation] = []
        check(value, at, scope, inner, None)
        if best is None or len(inner) < len(best):
            best = inner
    out.extend(best or ())


def _any_of(plan: dict[str, Any], module: str) -> Check:
    checks = [_schema(branch, module) for branch in plan["anyOf"]]

    def run(value: Any, at: Any, scope: Any, out: Any, seen: Any) -> bool:
        good = False
        for check in checks:
            good |= _trial(check, value, at, scope, seen)
            if good and seen is None:
                return True
        if not good and out is not None:
            fail(value, at, out, "anyOf", f"must match one of {len(checks)} alternatives; the nearest follows")
            _nearest(checks, value, at, scope, out)
        return good

    return run


def _one_of(plan: dict[str, Any], module: str) -> Check:
    checks = [_schema(branch, module) for branch in plan["oneOf"]]

    def run(value: Any, at: Any, scope: Any, out: Any, seen: Any) -> bool:
        matches = sum(_trial(check, value, at, scope, seen) for check in checks)
        if matches == 1:
            return True
        if matches:
            return fail(value, at, out, "oneOf", f"must match exactly one alternative, but matches {matches}")
        if out is not None:
            fail(value, at, out, "oneOf", f"must match one of {len(checks)} alternatives; the nearest follows")
            _nearest(checks, value, at, scope, out)
        return False

    return run


def _not(plan: dict[str, Any], module: str) -> Check:
    check = _schema(plan["not"], module)

    def run(value: Any, at: Any, scope: Any, out: Any, seen: Any) -> bool:
        return not check(value, at, scope, None, None) or fail(value, at, out, "not", "matches what is excluded")

    return run


def _if(plan: dict[str, Any], module: str) -> Check:
    test = _schema(plan["if"], module)
    then, otherwise = _schema(plan.get("then", True), module), _schema(plan.get("else", True), module)

    def run(value: Any, at: Any, scope: Any, out: Any, seen: Any) -> bool:
        branch = then if _trial(test, value, at, scope, seen) else otherwise
        return branch(value, at, scope, out, seen)

    return run


_KEYWORDS: dict[str, Callable[[dict[str, Any], str], Check]] = {
    "$ref": _ref,
    "$dynamicRef": _dynamic_ref,
    "type": _type,
    "const": _const,
    "enum": _enum,
    "minimum": _bound("minimum", "at least", _at_least),
    "maximum": _bound("maximum", "at most", _at_most),
    "exclusiveMinimum": _bound("exclusiveMinimum", "more than", lambda value, limit: bool(value > limit)),
    "exclusiveMaximum": _bound("exclusiveMaximum", "less than", lambda value, limit: bool(value < limit)),
    "multipleOf": _bound("multipleOf", "a multiple of", multiple),
    "minLength": _length("minLength", "at least", _TYPES["string"], _at_least, "characters"),
    "maxLength": _length("maxLength", "at most", _TYPES["string"], _at_most, "characters"),
    "pattern": _pattern,
    "prefixItems": _prefix_items,
    "items": _items,
    "contains": _contains,
    "minItems": _length("minItems", "at least", is_list, _at_least, "items"),
    "maxItems": _length("maxItems", "at most", is_list, _at_most, "items"),
    "uniqueItems": _unique_items,
    "properties": _properties,
    "patternProperties": _pattern_properties,
    "additionalProperties": _additional_properties,
    "propertyNames": _property_names,
    "required": _required,
    "minProperties": _length("minProperties", "at least", _TYPES["object"], _at_least, "properties"),
    "maxProperties": _length("maxProperties", "at most", _TYPES["object"], _at_most, "properties"),
    "dependentRequired": _dependent_required,
    "dependentSchemas": _dependent_schemas,
    "allOf": _all_of,
    "anyOf": _any_of,
    "oneOf": _one_of,
    "not": _not,
    "if": _if,
}
_LATE: dict[str, Callable[[dict[str, Any], str], Check]] = {
    "unevaluatedItems": _unevaluated_items,
    "unevaluatedProperties": _unevaluated_properties,
}
