"""What each keyword of JSON Schema 2020-12 demands, as functions made from schemas that are data."""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections.abc import Callable
from typing import Any

from ._patterns import PATTERNS
from ._runtime import Violation, is_list, is_object
from ._sentences import counted, listed, literal, say, shortened, types
from ._values import describe, exact, frozen, is_integer, is_number, multiple

__all__ = ["KEYWORDS", "LATE", "Check", "Seen", "accept", "every", "refuse"]

# Takes a value, its place, the dynamic scope, a list for violations (None where only the answer counts), and what is evaluated
# (None where nobody asks).
Check = Callable[[Any, Any, Any, Any, Any], bool]
# Makes the check of a schema inside another.
Sub = Callable[[Any], Check]
Maker = Callable[[dict[str, Any], Sub], Check]


class Seen:
    """Which properties and items some schema has evaluated."""

    __slots__ = ("items", "names")

    def __init__(self) -> None:
        self.names: set[str] = set()
        self.items: set[int] = set()

    def add(self, other: Seen) -> None:
        self.names |= other.names
        self.items |= other.items


def pointer(at: Any) -> str:
    parts: list[str] = []
    while at is not None:
        at, key = at
        parts.append(str(key).replace("~", "~0").replace("/", "~1"))
    return "".join(f"/{part}" for part in reversed(parts))


# So many problems of one value are told.
MAX_VIOLATIONS = 1000


def fail(value: Any, at: Any, out: Any, keyword: str, message: str) -> bool:
    if out is not None and len(out) < MAX_VIOLATIONS:
        out.append(Violation(pointer(at), keyword, describe(value), message))
    return False


def accept(value: Any, at: Any, scope: Any, out: Any, seen: Any) -> bool:
    return True


def refuse(value: Any, at: Any, scope: Any, out: Any, seen: Any) -> bool:
    return fail(value, at, out, "false", say("false"))


def every(checks: list[Check]) -> Check:
    def run(value: Any, at: Any, scope: Any, out: Any, seen: Any) -> bool:
        good = True
        for check in checks:
            if not check(value, at, scope, out, seen):
                if out is None:
                    return False
                good = False
        return good

    return run


def trial(check: Check, value: Any, at: Any, scope: Any, seen: Any) -> bool:
    """Whether a schema accepts; what it evaluated counts only then."""
    if seen is None:
        return check(value, at, scope, None, None)
    own = Seen()
    good = check(value, at, scope, None, own)
    if good:
        seen.add(own)
    return good


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


def _type(plan: dict[str, Any], sub: Sub) -> Check:
    words = [plan["type"]] if isinstance(plan["type"], str) else plan["type"]
    tests = [_TYPES[word] for word in words]
    message = say("type", types=types(words))

    def one(value: Any, at: Any, scope: Any, out: Any, seen: Any) -> bool:
        return test(value) or fail(value, at, out, "type", message)

    def several(value: Any, at: Any, scope: Any, out: Any, seen: Any) -> bool:
        return any(test(value) for test in tests) or fail(value, at, out, "type", message)

    test = tests[0]
    return one if len(tests) == 1 else several


def _const(plan: dict[str, Any], sub: Sub) -> Check:
    wanted = frozen(plan["const"])
    message = say("const", value=literal(plan["const"]))

    def run(value: Any, at: Any, scope: Any, out: Any, seen: Any) -> bool:
        return frozen(value) == wanted or fail(value, at, out, "const", message)

    return run


def _enum(plan: dict[str, Any], sub: Sub) -> Check:
    wanted = frozenset(frozen(value) for value in plan["enum"])
    members = plan["enum"]
    message = say("const", value=literal(members[0])) if len(members) == 1 else say("enum", values=listed(members))

    def run(value: Any, at: Any, scope: Any, out: Any, seen: Any) -> bool:
        return frozen(value) in wanted or fail(value, at, out, "enum", message)

    return run


# --- numbers and strings


def _bound(keyword: str, holds: Callable[[Any, Any], bool]) -> Maker:
    def make(plan: dict[str, Any], sub: Sub) -> Check:
        limit = plan[keyword]
        message = say(keyword, limit=str(limit))

        def run(value: Any, at: Any, scope: Any, out: Any, seen: Any) -> bool:
            return not is_number(value) or holds(exact(value), limit) or fail(value, at, out, keyword, message)

        return run

    return make


def _length(
    keyword: str, applies: Callable[[Any], bool], holds: Callable[[int, int], bool], one: str, many: str
) -> Maker:
    def make(plan: dict[str, Any], sub: Sub) -> Check:
        limit = plan[keyword]
        message = say(keyword, count=counted(limit, one, many))

        def run(value: Any, at: Any, scope: Any, out: Any, seen: Any) -> bool:
            return not applies(value) or holds(len(value), limit) or fail(value, at, out, keyword, message)

        return run

    return make


def _at_least(value: Any, limit: Any) -> bool:
    return bool(value >= limit)


def _at_most(value: Any, limit: Any) -> bool:
    return bool(value <= limit)


def _finder(plan: dict[str, Any], pattern: str) -> Callable[[str], object]:
    automaton = plan.get("$automata", {}).get(pattern)
    return re.compile(PATTERNS.get(pattern, pattern)).search if automaton is None else _automaton(**automaton)


def _automaton(
    starts: list[int], classes: list[int], next: list[list[int]], accepting: list[int]
) -> Callable[[str], bool]:
    """Judges a pattern that an engine which tries one way after the other may take very long for."""
    known: dict[str, int] = {}
    accepted = frozenset(accepting)

    def find(text: str) -> bool:
        state = 0
        for character in text:
            number = known.get(character)
            if number is None:
                number = classes[bisect_right(starts, ord(character)) - 1]
                if len(known) < 256:
                    known[character] = number
            state = next[state][number]
        return state in accepted

    return find


def _pattern(plan: dict[str, Any], sub: Sub) -> Check:
    find = _finder(plan, plan["pattern"])
    message = say("pattern", pattern=shortened(plan.get("$written", plan["pattern"])))
    # No engine is asked about a text that is longer than any that fits.
    longest = plan.get("maxLength", math.inf)

    def run(value: Any, at: Any, scope: Any, out: Any, seen: Any) -> bool:
        if not isinstance(value, str) or len(value) > longest:
            return True
        return bool(find(value)) or fail(value, at, out, "pattern", message)

    return run


# --- arrays


def _prefix_items(plan: dict[str, Any], sub: Sub) -> Check:
    checks = [sub(item) for item in plan["prefixItems"]]

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


def _items(plan: dict[str, Any], sub: Sub) -> Check:
    check, start = sub(plan["items"]), len(plan.get("prefixItems", ()))

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


def _contains(plan: dict[str, Any], sub: Sub) -> Check:
    check, least, most = sub(plan["contains"]), plan.get("minContains", 1), plan.get("maxContains")
    too_few = say("contains", count=counted(least, "fitting item", "fitting items"))
    too_many = say("maxContains", count=counted(most or 0, "fitting item", "fitting items"))

    def run(value: Any, at: Any, scope: Any, out: Any, seen: Any) -> bool:
        if not is_list(value):
            return True
        found = [index for index, item in enumerate(value) if check(item, (at, index), scope, None, None)]
        if seen is not None:
            seen.items.update(found)
        good = len(found) >= least or fail(value, at, out, "minContains" if "minContains" in plan else "contains", too_few)
        if most is not None and len(found) > most:
            good = fail(value, at, out, "maxContains", too_many)
        return good

    return run


def _unique_items(plan: dict[str, Any], sub: Sub) -> Check:
    def run(value: Any, at: Any, scope: Any, out: Any, seen: Any) -> bool:
        if not is_list(value):
            return True
        known: set[Any] = set()
        for index, item in enumerate(value):
            key = frozen(item)
            if key in known:
                return fail(value, at, out, "uniqueItems", say("uniqueItems", index=str(index)))
            known.add(key)
        return True

    return run


def _unevaluated_items(plan: dict[str, Any], sub: Sub) -> Check:
    check = sub(plan["unevaluatedItems"])

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


def _properties(plan: dict[str, Any], sub: Sub) -> Check:
    checks = {name: sub(member) for name, member in plan["properties"].items()}

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


def _finders(plan: dict[str, Any]) -> list[Callable[[str], object]]:
    return [_finder(plan, pattern) for pattern in plan.get("patternProperties", ())]


def _pattern_properties(plan: dict[str, Any], sub: Sub) -> Check:
    schemas = [sub(member) for member in plan["patternProperties"].values()]
    checks = list(zip(_finders(plan), schemas))

    def run(value: Any, at: Any, scope: Any, out: Any, seen: Any) -> bool:
        if not is_object(value):
            return True
        good = True
        for name, member in value.items():
            for find, check in checks:
                if find(name):
                    good &= check(member, (at, name), scope, out, None)
                    if seen is not None:
                        seen.names.add(name)
        return good

    return run


def _additional_properties(plan: dict[str, Any], sub: Sub) -> Check:
    check, names, finders = sub(plan["additionalProperties"]), plan.get("properties", {}), _finders(plan)

    def run(value: Any, at: Any, scope: Any, out: Any, seen: Any) -> bool:
        if not is_object(value):
            return True
        good = True
        for name, member in value.items():
            if name in names or any(find(name) for find in finders):
                continue
            if check is refuse:
                good = fail(member, (at, name), out, "additionalProperties", say("false"))
            else:
                good &= check(member, (at, name), scope, out, None)
            if seen is not None:
                seen.names.add(name)
            if not good and out is None:
                return False
        return good

    return run


def _unevaluated_properties(plan: dict[str, Any], sub: Sub) -> Check:
    check = sub(plan["unevaluatedProperties"])

    def run(value: Any, at: Any, scope: Any, out: Any, seen: Any) -> bool:
        if not is_object(value):
            return True
        good = True
        for name, member in value.items():
            if name in seen.names:
                continue
            if check is refuse:
                good = fail(member, (at, name), out, "unevaluatedProperties", say("false"))
            else:
                good &= check(member, (at, name), scope, out, None)
        seen.names.update(value)
        return good

    return run


def _property_names(plan: dict[str, Any], sub: Sub) -> Check:
    check = sub(plan["propertyNames"])

    def run(value: Any, at: Any, scope: Any, out: Any, seen: Any) -> bool:
        if not is_object(value):
            return True
        good = True
        inner: list[Violation] = []
        for name in value:
            good &= check(name, (at, name), scope, None if out is None else inner, None)
        if out is not None:
            out.extend(Violation(each.pointer, each.keyword, each.found, f"the name {each.message}") for each in inner)
        return good

    return run


def _required(plan: dict[str, Any], sub: Sub) -> Check:
    asked = [(name, say("required", name=literal(name))) for name in plan["required"]]

    def run(value: Any, at: Any, scope: Any, out: Any, seen: Any) -> bool:
        if not is_object(value):
            return True
        good = True
        for name, message in asked:
            if name not in value:
                good = fail(value, at, out, "required", message)
        return good

    return run


def _dependent_required(plan: dict[str, Any], sub: Sub) -> Check:
    members = plan["dependentRequired"].items()

    def run(value: Any, at: Any, scope: Any, out: Any, seen: Any) -> bool:
        if not is_object(value):
            return True
        good = True
        for name, needed in members:
            for other in needed if name in value else ():
                if other not in value:
                    message = say("dependentRequired", name=literal(other), present=literal(name))
                    good = fail(value, at, out, "dependentRequired", message)
        return good

    return run


def _dependent_schemas(plan: dict[str, Any], sub: Sub) -> Check:
    checks = [(name, sub(member)) for name, member in plan["dependentSchemas"].items()]

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


def _all_of(plan: dict[str, Any], sub: Sub) -> Check:
    return every([sub(branch) for branch in plan["allOf"]])


def _alternatives(checks: list[Check]) -> str:
    return counted(len(checks), "alternative", "alternatives")


def _nearest(checks: list[Check], value: Any, at: Any, scope: Any, out: list[Violation]) -> None:
    """Reports what the branch demands that the value comes nearest to."""
    best: list[Violation] | None = None
    for check in checks:
        inner: list[Violation] = []
        check(value, at, scope, inner, None)
        if best is None or len(inner) < len(best):
            best = inner
    out.extend(best or ())


def _any_of(plan: dict[str, Any], sub: Sub) -> Check:
    checks = [sub(branch) for branch in plan["anyOf"]]

    def run(value: Any, at: Any, scope: Any, out: Any, seen: Any) -> bool:
        good = False
        for check in checks:
            good |= trial(check, value, at, scope, seen)
            if good and seen is None:
                return True
        if not good and out is not None:
            fail(value, at, out, "anyOf", say("anyOf", count=_alternatives(checks)))
            _nearest(checks, value, at, scope, out)
        return good

    return run


def _one_of(plan: dict[str, Any], sub: Sub) -> Check:
    checks = [sub(branch) for branch in plan["oneOf"]]

    def run(value: Any, at: Any, scope: Any, out: Any, seen: Any) -> bool:
        matches = 0
        for check in checks:
            matches += trial(check, value, at, scope, seen)
        if matches == 1:
            return True
        if matches:
            return fail(value, at, out, "oneOf", say("oneOf", count=_alternatives(checks)))
        if out is not None:
            fail(value, at, out, "oneOf", say("anyOf", count=_alternatives(checks)))
            _nearest(checks, value, at, scope, out)
        return False

    return run


def _not(plan: dict[str, Any], sub: Sub) -> Check:
    check = sub(plan["not"])

    def run(value: Any, at: Any, scope: Any, out: Any, seen: Any) -> bool:
        return not check(value, at, scope, None, None) or fail(value, at, out, "not", say("not"))

    return run


def _if(plan: dict[str, Any], sub: Sub) -> Check:
    test = sub(plan["if"])
    then, otherwise = sub(plan.get("then", True)), sub(plan.get("else", True))

    def run(value: Any, at: Any, scope: Any, out: Any, seen: Any) -> bool:
        branch = then if trial(test, value, at, scope, seen) else otherwise
        return branch(value, at, scope, out, seen)

    return run


KEYWORDS: dict[str, Maker] = {
    "type": _type,
    "const": _const,
    "enum": _enum,
    "minimum": _bound("minimum", _at_least),
    "maximum": _bound("maximum", _at_most),
    "exclusiveMinimum": _bound("exclusiveMinimum", lambda value, limit: bool(value > limit)),
    "exclusiveMaximum": _bound("exclusiveMaximum", lambda value, limit: bool(value < limit)),
    "multipleOf": _bound("multipleOf", multiple),
    "minLength": _length("minLength", _TYPES["string"], _at_least, "character", "characters"),
    "maxLength": _length("maxLength", _TYPES["string"], _at_most, "character", "characters"),
    "pattern": _pattern,
    "prefixItems": _prefix_items,
    "items": _items,
    "contains": _contains,
    "minItems": _length("minItems", is_list, _at_least, "item", "items"),
    "maxItems": _length("maxItems", is_list, _at_most, "item", "items"),
    "uniqueItems": _unique_items,
    "properties": _properties,
    "patternProperties": _pattern_properties,
    "additionalProperties": _additional_properties,
    "propertyNames": _property_names,
    "required": _required,
    "minProperties": _length("minProperties", _TYPES["object"], _at_least, "property", "properties"),
    "maxProperties": _length("maxProperties", _TYPES["object"], _at_most, "property", "properties"),
    "dependentRequired": _dependent_required,
    "dependentSchemas": _dependent_schemas,
    "allOf": _all_of,
    "anyOf": _any_of,
    "oneOf": _one_of,
    "not": _not,
    "if": _if,
}
LATE: dict[str, Maker] = {
    "unevaluatedItems": _unevaluated_items,
    "unevaluatedProperties": _unevaluated_properties,
}
